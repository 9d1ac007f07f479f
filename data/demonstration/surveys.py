"""Surveys as they go: opened, answered, answered again, closed. All of it is synthetic."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from demonstration.answers import Ratings, Respondent, Scale, ratings
from demonstration.chance import fraction, pseudonym, shuffled, whole
from demonstration.entry import Entry, days, noted

_HASTY = 0.05
"""The share of respondents that answer, and then again otherwise."""


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey as it is opened, and the scores (0 to 100) that its answers are to come to, by topic."""

    id: str
    kind: Literal["annual", "meeting", "assistance"]
    title: str
    opens_on: date
    closes_on: date
    scale: Scale
    scores: Mapping[str, float]
    invited: Sequence[str] = ()
    committee: str = ""
    instruments: Sequence[str] = ()

    def opened(self) -> Entry:
        """Return the opening."""
        data: dict[str, Any] = {
            "kind": self.kind,
            "title": f"{self.title} (synthetic)",
            "opens_on": self.opens_on,
            "closes_on": self.closes_on,
            "scale": self.scale._asdict(),
            "topics": list(self.scores),
        }
        if self.committee:
            data["committee"] = self.committee
        if self.instruments:
            data["instruments"] = list(self.instruments)
        if self.invited:
            data["invited"] = sorted(self.invited)
        return Entry(noted(self.opens_on - days(4), self.id), "survey.opened", self.id, data)

    def rescheduled(self, told_on: date, opens_on: date, closes_on: date, reason: str) -> Entry:
        """Return that its days are moved."""
        data = {"opens_on": opens_on, "closes_on": closes_on, "reason": reason}
        return Entry(noted(told_on, self.id), "survey.rescheduled", self.id, data)

    def closed(self, closed_on: date) -> Entry:
        """Return its closing."""
        return Entry(noted(closed_on, "closed", self.id), "survey.closed", self.id, {"closed_on": closed_on})

    def reopened(self, told_on: date, reason: str) -> Entry:
        """Return that it takes answers again."""
        return Entry(noted(told_on, "reopened", self.id), "survey.reopened", self.id, {"reason": reason})

    def cancelled(self, told_on: date, reason: str) -> Entry:
        """Return that it counts for nothing."""
        return Entry(noted(told_on, "cancelled", self.id), "survey.cancelled", self.id, {"reason": reason})

    def answers(
        self,
        respondents: Sequence[Respondent],
        first_on: date,
        last_on: date,
        instruments: Mapping[str, list[dict[str, Any]]] | None = None,
    ) -> Iterator[Entry]:
        """Return what the respondents submit, between two days; `instruments` by Member."""
        given = ratings(self.id, respondents, self.scores, self.scale)
        for respondent in respondents:
            told = {} if instruments is None else {"instruments": instruments[respondent.member]}
            span = (last_on - first_on).days
            on = first_on + days(whole(0, span, "submitted", self.id, *respondent))
            if fraction("hasty", self.id, *respondent) < _HASTY and on + days(5) <= last_on:
                worse = {topic: max(rating - 1, self.scale.min) for topic, rating in given[respondent].items()}
                yield self._submitted(respondent, on, worse, told)
                on += days(5)
            yield self._submitted(respondent, on, given[respondent], told)

    def taken_back(self, respondents: Sequence[Respondent], on: date, reason: str) -> Iterator[Entry]:
        """Return answers of further respondents, which they take back two days later."""
        for respondent, given in ratings(self.id, respondents, self.scores, self.scale).items():
            yield self._submitted(respondent, on, given, {})
            at = noted(on + days(2), "withdrawn", self.id, *respondent)
            yield Entry(at, "survey.withdrawn", self.id, _by(respondent) | {"reason": reason})

    def _submitted(self, respondent: Respondent, on: date, given: Ratings, told: dict[str, Any]) -> Entry:
        data = _by(respondent) | {"submitted_on": on, "ratings": given} | told
        return Entry(noted(on, "submitted", self.id, *respondent), "survey.submitted", self.id, data)


def _by(respondent: Respondent) -> dict[str, Any]:
    who = {"member": respondent.member}
    return who | {"respondent": respondent.pseudonym} if respondent.pseudonym else who


def people(survey: str, members: Sequence[str], number: int) -> list[Respondent]:
    """Return so many respondents to a survey, in an order of chance; every fifth is the second of its Member."""
    order = shuffled(members, "respondents", survey)
    seconds = number // 5
    places = [(member, 1) for member in order[: number - seconds]] + [(member, 2) for member in order[:seconds]]
    return [Respondent(member, pseudonym("respondent", survey, member, place)) for member, place in places]
