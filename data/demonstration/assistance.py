"""Capacity building activities, and the surveys after some of them. All of it is synthetic."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from demonstration.answers import Scale
from demonstration.chance import fraction, pick, shuffled, whole
from demonstration.entry import Entry, days, noted
from demonstration.experts import accreditations
from demonstration.sources import MEMBERS, REGIONS
from demonstration.surveys import Survey, people


@dataclass(frozen=True, slots=True)
class _Year:
    """What a period's activities come to, and what Members think of them (0 to 100).

    `core` are aligned with core business and focus areas, of these `found_later` by a correction alone; `other` with
    other objectives; `by_experts` are delivered by accredited or recognised experts.
    """

    period: str
    activities: int
    core: int
    found_later: int
    other: int
    by_experts: int
    focus_areas: tuple[str, ...]
    satisfaction: float

    @property
    def starts_on(self) -> date:
        """The first day of the period."""
        return date(int(self.period[:4]), 7, 1)


_YEARS = (
    _Year("2022-23", 40, 32, 2, 3, 18, ("FA1", "FA2", "FA3"), 80),
    _Year("2023-24", 42, 35, 0, 4, 24, ("FA1", "FA2", "FA3", "FA4"), 82.5),
    _Year("2024-25", 42, 37, 0, 3, 22, ("FA1", "FA2", "FA4", "FA5"), 80.5),
)

_LATE = 0.1
"""The share of activities that are recorded months after."""

_COST_LATER = 0.12
"""The share of activities whose cost is told only by a correction."""

_SURVEYED = 0.4
"""The share of activities after which Members are asked."""

_TITLES = (
    "National workshop on {}",
    "Regional workshop on {}",
    "Diagnostic mission on {}",
    "Train-the-trainer course on {}",
    "Mentoring in {}",
)
_SUBJECTS = {
    "SO1": "trade facilitation",
    "SO2": "revenue collection",
    "SO3": "risk management",
    "SO4": "organizational development",
    "SP1": "WCO instruments",
    "SP2": "Customs cooperation",
    "SP3": "capacity building",
    "SP4": "research methods",
    "SP5": "communication",
    "ORG2": "working methods",
    "FA1": "data analytics",
    "FA2": "Green Customs",
    "FA3": "good governance",
    "FA4": "fragile borders",
    "FA5": "data strategy",
}
_CORE = ("SO1", "SO2", "SO3", "SO4", "SP1", "SP2", "SP3")
_OTHER = ("SP4", "SP5", "ORG2")
_UNALIGNED = ("public speaking", "office software", "languages")


@dataclass(frozen=True, slots=True)
class _Activity:
    """An activity as it truly was; `found_later`: at first no alignment was recorded."""

    id: str
    delivered_on: date
    members: list[str]
    aligned_with: list[str]
    found_later: bool
    by_experts: bool

    def said(self) -> dict[str, Any]:
        """Return what is recorded of it in the end."""
        subject = _SUBJECTS[self.aligned_with[-1]] if self.aligned_with else pick(_UNALIGNED, "subject", self.id)
        euro = whole(4_000, 48_000, "cost", self.id)
        said: dict[str, Any] = {
            "title": f"{pick(_TITLES, 'title', self.id).format(subject)} (synthetic)",
            "delivered_on": self.delivered_on,
            "members": sorted(self.members),
            "aligned_with": self.aligned_with,
            "delivered_by": "other",
            "cost": {"amount": f"{euro}.{whole(10, 99, 'cents', self.id)}", "currency": "EUR"},
        }
        if self.by_experts:
            pool = [each for each in accreditations() if each.in_force(self.delivered_on)]
            expert = pick(pool, "expert", self.id)
            said |= {"delivered_by": expert.status, "experts": [expert.expert]}
        return said


def assistance_entries() -> Iterator[Entry]:
    """Return the activities, what is corrected and retracted of them, and the surveys after them."""
    for year in _YEARS:
        for activity in _activities(year):
            yield from _told(activity)
            if fraction("surveyed", activity.id) < _SURVEYED:
                yield from _survey(activity, year.satisfaction)
        yield from _told_twice(year)


def _activities(year: _Year) -> Iterator[_Activity]:
    by_experts = set(shuffled(range(year.activities), "experts", year.period)[: year.by_experts])
    for number, place in enumerate(shuffled(range(year.activities), "alignment", year.period)):
        name = f"synthetic-activity-{year.period}-{number + 1:02d}"
        aligned_with: list[str] = []
        if place < year.core:
            aligned_with = [pick(_CORE, "core", name)]
            if fraction("focus", name) < 0.4:
                aligned_with.append(pick(year.focus_areas, "focus", name))
        elif place < year.core + year.other:
            aligned_with = [pick(_OTHER, "other", name)]
        members = MEMBERS if year.period == "2022-23" else REGIONS
        yield _Activity(
            name,
            year.starts_on + days(5 + 355 * number // year.activities),
            shuffled(members, "members", name)[: pick((1, 1, 3, 5, 8), "members", name)],
            aligned_with,
            place < year.found_later,
            number in by_experts,
        )


def _told(activity: _Activity) -> Iterator[Entry]:
    """Yield what is recorded of an activity: at first perhaps without its cost, or its alignment."""
    late = fraction("late", activity.id) < _LATE
    told_on = activity.delivered_on + days(
        whole(60, 110, "lag", activity.id) if late else whole(2, 20, "lag", activity.id)
    )
    said = activity.said()
    at_first, reasons = dict(said), []
    if fraction("cost", activity.id) < _COST_LATER:
        del at_first["cost"]
        reasons.append("The cost is known now")
    if activity.found_later:
        at_first["aligned_with"] = []
        reasons.append("The request shows what it was aligned with")
    yield Entry(noted(told_on, activity.id), "assistance.delivered", activity.id, at_first)
    if reasons:
        corrected_on = (
            date(2023, 9, 18) if activity.found_later else told_on + days(whole(20, 80, "later", activity.id))
        )
        corrected = said | {"reason": "; ".join(reasons)}
        yield Entry(noted(corrected_on, "corrected", activity.id), "assistance.corrected", activity.id, corrected)


def _told_twice(year: _Year) -> Iterator[Entry]:
    """Yield an activity that was recorded a second time, and taken back."""
    twice = list(_activities(year))[12]
    name = f"{twice.id}-again"
    yield Entry(noted(twice.delivered_on + days(25), name), "assistance.delivered", name, twice.said())
    reason = {"reason": f"The same as {twice.id}"}
    yield Entry(noted(twice.delivered_on + days(190), name), "assistance.retracted", name, reason)


def _survey(activity: _Activity, satisfaction: float) -> Iterator[Entry]:
    opens_on = activity.delivered_on + days(7)
    survey = Survey(
        f"{activity.id}-survey",
        "assistance",
        f"After {activity.id}",
        opens_on,
        opens_on + days(21),
        Scale(1, 5),
        {"overall": satisfaction, "relevance": satisfaction + 5, "follow-up": satisfaction - 8},
        activity.members,
    )
    yield survey.opened()
    yield from survey.answers(people(survey.id, activity.members, len(activity.members)), opens_on, survey.closes_on)
    yield survey.closed(survey.closes_on + days(4))
