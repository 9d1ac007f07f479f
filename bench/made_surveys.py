"""survey-intake as the bundles have it: three annual surveys, some of each committee, many after assistance.

Every Member answers the annual surveys. Further submissions fill it up: a share of them `fresh`, of somebody who has
not answered yet, the others again of somebody who has.
"""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from made_log import DAYS, Happening, MadeLog, iso
from made_plan import MEMBERS, catalogue

_TOPICS = {
    "annual": ["overall", "SP1", "SP2", "SP4", "SP5", "FA1", "FA2", "FA3"],
    "meeting": ["overall", "documents", "organisation"],
    "assistance": ["overall", "content", "trainer"],
}
_STATUSES = ("implemented", "implemented", "partial", "not_implemented", "unknown")
_ASSISTANCE = 250
_COUNTRIES_ASSISTED = 8
_WITHDRAWN = 0.01


@dataclass
class _Survey:
    name: str
    data: dict[str, Any]
    members: list[str]
    asked: int = 0
    answered: list[dict[str, str]] = field(default_factory=list)


class MadeSurveys(MadeLog):
    """Surveys and their submissions."""

    def __init__(self, random: Random, fresh: float) -> None:
        super().__init__(random)
        self._fresh = fresh
        self._open: list[list[_Survey]] = [[] for _ in range(DAYS)]
        self._instruments = [instrument["id"] for instrument in catalogue()["instruments"]]
        for year in range(3):
            self._survey(f"annual-{year}", "annual", 365 * year + 210, 60, MEMBERS)
            for committee in ("PTC", "HSC", "EC", "CBC"):
                for meeting in range(2):
                    opens = 365 * year + random.randint(20, 140) + 180 * meeting
                    self._survey(f"{committee}-{year}-{meeting}", "meeting", opens, 30, MEMBERS, committee=committee)
        for number in range(_ASSISTANCE):
            opens = number * (DAYS - 10) // _ASSISTANCE
            self._survey(f"assistance-{number}", "assistance", opens, 21, random.sample(MEMBERS, _COUNTRIES_ASSISTED))

    def _survey(self, name: str, kind: str, opens: int, days: int, members: list[str], **more: str) -> None:
        closes = min(opens + days, DAYS - 2)
        data: dict[str, Any] = {
            "kind": kind,
            "title": f"Survey {name}",
            "opens_on": iso(opens),
            "closes_on": iso(closes),
            "scale": {"min": 1, "max": 5},
            "topics": _TOPICS[kind],
            "invited": members,
            **more,
        }
        if kind == "annual":
            data["instruments"] = self._instruments
        survey = _Survey(name, data, members)
        for day in range(opens, closes + 1):
            self._open[day].append(survey)
        self.morning[opens].append(Happening("survey.opened", name, data))
        if self.random.random() < 0.1:
            moved = {"opens_on": iso(opens), "closes_on": iso(closes + 1), "reason": "Late answers"}
            self.morning[opens + 1].append(Happening("survey.rescheduled", name, moved))
        self.evening[closes].append(Happening("survey.closed", name, {"closed_on": iso(closes)}))
        if kind == "annual":
            for number in range(len(members)):
                day = opens + 2 + number * (days - 4) // len(members)
                self.morning[day].append(self._submission(survey, self._newcomer(survey), day))
        if kind == "assistance" and self.random.random() < 0.1:
            again = {"reason": "A late answer"}
            self.morning[closes + 1].append(Happening("survey.reopened", name, again))
            last = {"closed_on": iso(closes + 1)}
            if self.random.random() < 0.3:
                self.evening[closes + 1].append(Happening("survey.cancelled", name, {"reason": "The wrong form"}))
            else:
                self.evening[closes + 1].append(Happening("survey.closed", name, last))

    def filling(self, day: int) -> Happening:
        """Return a submission, or now and then the withdrawal of one."""
        random = self.random
        survey = self._open[day][int(random.random() * len(self._open[day]))]
        annual = survey.data["kind"] == "annual"
        if survey.answered and not annual and random.random() < _WITHDRAWN:
            who = survey.answered.pop()
            return Happening("survey.withdrawn", survey.name, {**who, "reason": "A mistake"})
        if survey.answered and (annual or random.random() >= self._fresh):
            who = survey.answered[int(random.random() * len(survey.answered))]
        else:
            who = self._newcomer(survey)
        return self._submission(survey, who, day)

    def _newcomer(self, survey: _Survey) -> dict[str, str]:
        """Return somebody who has not answered yet: first one of each Member, then another, and so on."""
        turn, number = divmod(survey.asked, len(survey.members))
        survey.asked += 1
        who = {"member": survey.members[number]} | ({"respondent": f"r{turn}"} if turn else {})
        survey.answered.append(who)
        return who

    def _submission(self, survey: _Survey, who: dict[str, str], day: int) -> Happening:
        ratings = {topic: 1 + int(self.random.random() * 5) for topic in survey.data["topics"]}
        data = {**who, "submitted_on": iso(day), "ratings": ratings}
        if survey.data["kind"] == "annual":
            data["instruments"] = [self._answer(instrument) for instrument in self._instruments]
        return Happening("survey.submitted", survey.name, data)

    def _answer(self, instrument: str) -> dict[str, Any]:
        status = _STATUSES[int(self.random.random() * len(_STATUSES))]
        reasons = {"reasons": ["legal-basis"]} if status in {"partial", "not_implemented"} else {}
        return {"instrument": instrument, "status": status, **reasons}
