"""The implementation plans with their actions. All of it is synthetic, and every title says so."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from demonstration.action_titles import DESIRED_FUTURES, RISKS, titles
from demonstration.chance import fraction, pick, shuffled
from demonstration.entry import Entry, days, noted
from demonstration.plan import PLAN

Fate = Literal["in time", "late", "withdrawn", "open"]
"""How an action comes out: completed within its period or after it, given up, or not completed."""


@dataclass(frozen=True, slots=True)
class Year:
    """A period of the plan, when its implementation plan is published, and how its objectives' actions come out.

    The outcomes are (planned, completed within the period, completed after it, withdrawn); the rest stays open.
    """

    period: str
    published_on: date
    outcomes: dict[str, tuple[int, int, int, int]]

    @property
    def starts_on(self) -> date:
        """The first day of the period."""
        return date(int(self.period[:4]), 7, 1)

    @property
    def ends_on(self) -> date:
        """The last day of the period."""
        return date(int(self.period[:4]) + 1, 6, 30)


@dataclass(frozen=True, slots=True)
class PlannedAction:
    """An action, the day it was announced, and what is to become of it."""

    id: str
    year: Year
    objective: str
    number: int
    title: str
    announced_on: date
    due_on: date
    fate: Fate

    @property
    def said(self) -> dict[str, Any]:
        """What its announcement says beside its id."""
        said: dict[str, Any] = {"objective": self.objective, "title": self.title, "due_on": self.due_on}
        if fraction("future", self.id) < 0.4:
            said["desired_future"] = pick(DESIRED_FUTURES, "future", self.id)
        if self.objective == "ORG1":
            said["risk"] = pick(RISKS, "risk", self.id)
        return said


_YEARS = (
    Year(
        "2022-23",
        date(2022, 6, 30),
        {
            "SO1": (9, 7, 2, 0),
            "SO2": (7, 6, 0, 1),
            "SO3": (8, 6, 1, 0),
            "SO4": (7, 6, 1, 0),
            "SP1": (3, 3, 0, 0),
            "SP2": (3, 2, 1, 0),
            "SP3": (3, 3, 0, 0),
            "SP4": (2, 2, 0, 0),
            "SP5": (2, 1, 0, 1),
            "FA1": (4, 3, 0, 0),
            "FA2": (3, 3, 0, 0),
            "FA3": (3, 2, 0, 0),
            "ORG1": (3, 3, 0, 0),
            "ORG2": (4, 4, 0, 0),
        },
    ),
    Year(
        "2023-24",
        date(2023, 6, 30),
        {
            "SO1": (10, 8, 1, 0),
            "SO2": (8, 7, 1, 0),
            "SO3": (9, 7, 2, 0),
            "SO4": (8, 6, 1, 0),
            "SP1": (3, 2, 1, 0),
            "SP2": (3, 3, 0, 0),
            "SP3": (3, 3, 0, 0),
            "SP4": (2, 2, 0, 0),
            "SP5": (2, 1, 1, 0),
            "FA1": (4, 4, 0, 0),
            "FA2": (3, 2, 1, 0),
            "FA3": (3, 2, 0, 1),
            "FA4": (4, 3, 1, 0),
            "ORG1": (3, 2, 0, 0),
            "ORG2": (4, 4, 0, 0),
        },
    ),
    Year(
        "2024-25",
        date(2024, 7, 3),
        {
            "SO1": (10, 9, 0, 1),
            "SO2": (8, 8, 0, 0),
            "SO3": (9, 7, 1, 0),
            "SO4": (8, 7, 1, 0),
            "SP1": (3, 3, 0, 0),
            "SP2": (3, 3, 0, 0),
            "SP3": (3, 2, 1, 0),
            "SP4": (2, 2, 0, 0),
            "SP5": (2, 2, 0, 0),
            "FA1": (4, 3, 1, 0),
            "FA2": (3, 3, 0, 0),
            "FA4": (4, 4, 0, 0),
            "FA5": (3, 3, 0, 0),
            "ORG1": (3, 3, 0, 0),
            "ORG2": (4, 4, 0, 0),
        },
    ),
)

_ADDED = {
    ("2022-23", "SO3", 8): date(2023, 1, 16),
    ("2022-23", "FA2", 3): date(2022, 11, 7),
    ("2023-24", "FA4", 4): date(2023, 10, 9),
    ("2023-24", "SO2", 8): date(2023, 12, 4),
    ("2024-25", "SO4", 8): date(2025, 2, 3),
}
"""Actions (period, objective, number) that the published plan had not yet, and the day they were added to it."""

_LAST_DUE = 350
"""Days into a period by which its last action is due; those before are spread evenly."""


def planned_actions() -> list[PlannedAction]:
    """Return the actions of all periods."""
    names = {objective: titles(objective) for year in _YEARS for objective in year.outcomes}
    return [
        PlannedAction(
            f"synthetic-{year.period}-{objective.lower()}-{number:02d}",
            year,
            objective,
            number,
            next(names[objective]),
            _ADDED.get((year.period, objective, number), year.published_on),
            year.starts_on + days(_LAST_DUE * number // outcome[0]),
            fate,
        )
        for year in _YEARS
        for objective, outcome in year.outcomes.items()
        for number, fate in enumerate(_fates(year, objective), start=1)
    ]


def _fates(year: Year, objective: str) -> list[Fate]:
    planned, in_time, late, withdrawn = year.outcomes[objective]
    fates: list[Fate] = ["in time"] * in_time
    fates += ["late"] * late
    fates += ["withdrawn"] * withdrawn
    fates += ["open"] * (planned - len(fates))
    order = shuffled(range(planned), "fates", year.period, objective)
    return [fates[place] for place in order]


def announcements() -> Iterator[Entry]:
    """Return the implementation plans, and the actions added to them."""
    for year in _YEARS:
        actions = []
        for action in planned_actions():
            if action.year is year and action.announced_on == year.published_on:
                actions.append({"id": action.id} | action.said)
            elif action.year is year:
                at = noted(action.announced_on, "added", action.id)
                yield Entry(at, "action.added", action.id, {"period": year.period} | action.said)
        data = {"plan": PLAN, "period": year.period, "actions": actions}
        yield Entry(noted(year.published_on, "plan"), "implementation-plan.published", year.period, data)
