"""Satisfaction: the mean of what current submissions give some topics, on a scale of 0 to 100."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from wco_events.measure import Ratings
from wco_kpi.cell import Address, Cell
from wco_kpi.figure import Figure, Response, ratio
from wco_kpi.group import GroupId
from wco_kpi.measuring import NEVER, Contribution, Part, View, by_event
from wco_kpi.totals import survey_groups

UNLISTED = "unlisted"
"""The region of those that the Members' list does not have."""


@dataclass(frozen=True)
class Satisfaction:
    """Ratings of some topics in the surveys of a kind (and committees) that close in the window."""

    measure: Ratings
    view: View

    @cached_property
    def _topics(self) -> frozenset[str]:
        return self.view.plan.objectives(self.measure.topics)

    @property
    def _survey_groups(self) -> Sequence[str]:
        committees = tuple(self.measure.committees or ("",))
        return survey_groups(self.measure.surveys, committees, self.view.window.months)

    def reads(self) -> tuple[Any, Any]:
        """Return the topics."""
        return self._topics, None

    def seen(self) -> object:
        """Return nothing: surveys count in the month in which they close."""
        return NEVER

    def groups(self) -> Iterable[GroupId]:
        """Return the totals of the window's months."""
        return [("ratings", group) for group in self._survey_groups]

    def part(self, address: Address, cell: Cell) -> Part:
        """Return (surveys, answered, invited, surveys that name no invited, ratings by topic and scale)."""
        sums = cell.sums
        if not sums.get("surveys"):
            return ()
        ratings = []
        for component, number in sums.items():
            kind, _, rest = component.partition("/")
            if kind == "number":
                span, _, topic = rest.partition("/")
                if topic in self._topics:
                    ratings.append((topic, int(span), number, sums.get(f"sum/{rest}", 0)))
        response = tuple(sums.get(component, 0) for component in ("surveys", "answered", "invited", "uninvited"))
        return (*response, tuple(sorted(ratings)))

    def figure(self, parts: Mapping[Address, Part]) -> Figure:
        """Return the sum of the ratings by their number."""
        figure = _mean((span, number, total) for part in parts.values() for _, span, number, total in part[4])
        answered, invited, uninvited = (sum(part[index] for part in parts.values()) for index in (1, 2, 3))
        response = Response(answered, None if uninvited else invited)
        return Figure(figure.numerator, figure.denominator, response=response)

    def _surveys(self) -> Iterator[tuple[str, Any]]:
        """Yield (survey, what opened it) of the window's surveys."""
        for group in self._survey_groups:
            for survey, listed in self.view.cells.group("surveys", group).items():
                if listed.sums.get("surveys"):
                    cell = self.view.cells.group("survey", survey).get("")
                    if cell is not None:
                        yield survey, cell

    def by(self, dimension: str) -> dict[str, Figure]:
        """Return the mean by topic, by survey, or by the Member's region."""
        ratings: dict[str, list[tuple[int, int, int]]] = {}
        if dimension == "topic":
            for group in self.groups():
                for key, cell in self.view.cells.group(*group).items():
                    for topic, *rating in (self.part(Address(*group, key), cell) or ((),))[-1]:
                        ratings.setdefault(topic, []).append((rating[0], rating[1], rating[2]))
        elif dimension == "survey":
            for survey, cell in self._surveys():
                ratings[survey] = list(self._of(cell.own, cell.sums))
        else:
            members = self.view.members()
            for survey, cell in self._surveys():
                for member, answers in self.view.cells.group("respondent", survey).items():
                    region = members.get(member, UNLISTED)
                    ratings.setdefault(region, []).extend(self._of(cell.own, answers.sums))
        return {key: _mean(each) for key, each in ratings.items() if each}

    def _of(self, survey: Any, sums: Mapping[str, int]) -> Iterator[tuple[int, int, int]]:
        """Yield (span, number, sum above the scale's least) of each topic in raw ratings of one survey."""
        for topic in self._topics:
            if number := sums.get(f"number/{topic}", 0):
                lowest = survey["min"]
                yield survey["max"] - lowest, number, sums.get(f"sum/{topic}", 0) - number * lowest

    def evidence(self) -> Iterable[Contribution]:
        """Return the current submissions."""
        additions = []
        for survey, opened in self._surveys():
            lowest, span = opened.own["min"], opened.own["max"] - opened.own["min"]
            for cell in self.view.cells.group("submission", survey).values():
                ratings = cell.own["ratings"] if cell.own else {}
                given = [ratings[topic] - lowest for topic in ratings if topic in self._topics]
                additions.append((cell.sequence, Fraction(100 * sum(given), span), len(given)))
        return by_event("survey-intake", additions)


def _mean(ratings: Iterable[tuple[int, int, int]]) -> Figure:
    """Return the mean of (span, number, sum above the least) on a scale of 0 to 100."""
    sums: dict[int, int] = {}
    numbers = 0
    for span, number, total in ratings:
        sums[span] = sums.get(span, 0) + total
        numbers += number
    return ratio(sum((Fraction(100 * total, span) for span, total in sums.items()), Fraction(0)), numbers)
