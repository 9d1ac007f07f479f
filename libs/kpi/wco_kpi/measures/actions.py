"""Completion: actions completed, of the actions not withdrawn."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from wco_events.measure import Actions
from wco_kpi.cell import Address, Cell
from wco_kpi.figure import Figure, ratio
from wco_kpi.group import GroupId
from wco_kpi.measuring import NEVER, Contribution, Part, View, by_event


@dataclass(frozen=True)
class Completion:
    """Actions of some objectives, in the periods that they were published for."""

    measure: Actions
    view: View

    def __post_init__(self) -> None:
        """Name the objectives once."""
        object.__setattr__(self, "_objectives", self.view.plan.objectives(self.measure.objectives))

    _objectives: frozenset[str] = frozenset()

    def reads(self) -> tuple[Any, Any]:
        """Return the objectives."""
        return self._objectives, None

    def seen(self) -> object:
        """Return nothing: actions count in their period."""
        return NEVER

    def groups(self) -> Iterable[GroupId]:
        """Return the totals of the window's periods."""
        return [("actions", period) for period in self.view.window.periods]

    def part(self, address: Address, cell: Cell) -> Part:
        """Return (completed, actions) of an objective in a period."""
        actions = cell.sums.get("actions", 0)
        return (cell.sums.get("completed", 0), actions) if actions and address.key in self._objectives else ()

    def figure(self, parts: Mapping[Address, Part]) -> Figure:
        """Return completed actions by actions."""
        return ratio(sum(done for done, _ in parts.values()), sum(number for _, number in parts.values()))

    def by(self, dimension: str) -> dict[str, Figure]:
        """Return completion by objective."""
        sums: dict[str, tuple[int, int]] = {}
        for group in self.groups():
            for objective, cell in self.view.cells.group(*group).items():
                if part := self.part(Address(*group, objective), cell):
                    done, number = sums.get(objective, (0, 0))
                    sums[objective] = (done + part[0], number + part[1])
        return {objective: ratio(*pair) for objective, pair in sums.items()}

    def evidence(self) -> Iterable[Contribution]:
        """Return the events that published, added, completed, reopened the actions that count."""
        return by_event(
            "plan-registry",
            (
                (cell.sequence, int(cell.own["state"] == "completed"), 1)
                for cell in self.view.cells.group("action", "").values()
                if cell.own["state"] != "withdrawn"
                and cell.own["period"] in self.view.window.periods
                and cell.own["objective"] in self._objectives
            ),
        )
