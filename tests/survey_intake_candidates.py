"""Candidates for survey-intake: surveys of every kind, answers of Members and of several of their people."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from candidates import MEMBERS, Candidate, Candidates

OBJECTIVE_TOPICS = ("SP1", "SP2", "SP4", "SP5", "FA1", "FA2", "FA3", "FA4", "FA5", "SO1")
INSTRUMENTS = (
    "revised-kyoto-convention",
    "e-commerce",
    "waste",
    "valuation",
    "origin",
    "drugs-medicines",
    "integrity",
    "pool-of-experts",
    "extra-1",
    "no-such-instrument",
)
SCALES = ((1, 4), (1, 5), (0, 10), (-3, 3), (0, 100), (7, 8))
STATUSES = ("implemented", "partial", "not_implemented", "unknown")
REASONS = ("legal", "resources", "priority", "expertise")


@dataclass
class _Survey:
    name: str
    data: dict[str, Any]
    answered: list[dict[str, str]] = field(default_factory=list)


class SurveyIntakeCandidates(Candidates):
    """Makes candidates for survey-intake."""

    def __init__(self, random: Random, prefix: str = "") -> None:
        super().__init__(
            random,
            {
                self._opened: 5,
                self._submitted: 80,
                self._withdrawn: 6,
                self._rescheduled: 4,
                self._closed: 3,
                self._reopened: 3,
                self._cancelled: 1,
            },
            prefix,
        )
        self._surveys: list[_Survey] = []

    def _opened(self) -> Candidate:
        kind = self.one(("annual", "annual", "meeting", "meeting", "assistance"))
        lowest, highest = self.one(SCALES)
        data = {
            "kind": kind,
            "title": f"Survey {len(self._surveys)}",
            "opens_on": self.day(-60, 0),
            "closes_on": self.day(0, 120),
            "scale": {"min": lowest, "max": highest},
            "topics": ["overall", *self.some(OBJECTIVE_TOPICS, 0, 6)],
        }
        if kind == "meeting":
            data["committee"] = self.one(("PTC", "HSC", "EC", "CBC"))
        data |= self.maybe("instruments", self.some(INSTRUMENTS, 1, 8), 0.9 if kind == "annual" else 0.2)
        data |= self.maybe("invited", self.some(MEMBERS, 1, len(MEMBERS)))
        survey = _Survey(self.named("s", self._surveys), data)
        self._surveys.append(survey)
        return Candidate("survey.opened", survey.name, data)

    def _submitted(self) -> Candidate:
        if not self._surveys:
            return self._opened()
        survey = self.recent(self._surveys)
        who = {"member": self.one(survey.data.get("invited", MEMBERS))}
        if survey.data["kind"] != "annual":
            who |= self.maybe("respondent", self.one(("r1", "r2", "r3")), 0.4)
        survey.answered.append(who)
        lowest, highest = survey.data["scale"]["min"], survey.data["scale"]["max"]
        topics = survey.data["topics"] if self.chance(0.8) else self.some(survey.data["topics"])
        data = {
            **who,
            "submitted_on": self.day(-10, 1),
            "ratings": {topic: self.random.randint(lowest, highest) for topic in topics},
        }
        if "instruments" in survey.data:
            data["instruments"] = [self._answer(name) for name in self.some(survey.data["instruments"], 0, 8)]
        return Candidate("survey.submitted", survey.name, data | self.maybe("comments", "None.", 0.1))

    def _answer(self, instrument: str) -> dict[str, Any]:
        status = self.one(STATUSES)
        answer = {"instrument": instrument, "status": status}
        if status in {"partial", "not_implemented"}:
            answer |= self.maybe("reasons", self.some(REASONS, 1, 3))
        return answer

    def _withdrawn(self) -> Candidate:
        survey = self.recent(self._surveys) if self._surveys else None
        if survey is None or not survey.answered:
            return self._submitted()
        return Candidate("survey.withdrawn", survey.name, {**self.recent(survey.answered), "reason": "A mistake"})

    def _about_one(self, name: str, data: dict[str, Any]) -> Candidate:
        return Candidate(name, self.recent(self._surveys).name, data) if self._surveys else self._opened()

    def _rescheduled(self) -> Candidate:
        days = {"opens_on": self.day(-90, 0), "closes_on": self.day(0, 200)}
        return self._about_one("survey.rescheduled", {**days, "reason": "Late answers"})

    def _closed(self) -> Candidate:
        return self._about_one("survey.closed", {"closed_on": self.day(-5, 1)})

    def _reopened(self) -> Candidate:
        return self._about_one("survey.reopened", {"reason": "No access"})

    def _cancelled(self) -> Candidate:
        return self._about_one("survey.cancelled", {"reason": "The wrong list"})
