"""Partnerships: the objectives that a review or upgrade of a partnership names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from wco_events.measure import PartnershipSteps
from wco_kpi.cell import Address, Cell
from wco_kpi.figure import NO_DATA, Figure, count
from wco_kpi.group import GroupId
from wco_kpi.measuring import Contribution, Part, View, by_event
from wco_kpi.totals import month_of


@dataclass(frozen=True)
class Reviewed:
    """Of some objectives, those that a step in the window names."""

    measure: PartnershipSteps
    view: View

    def reads(self) -> tuple[Any, Any]:
        """Return nothing."""
        return (), None

    def seen(self) -> object:
        """Return whether the window has begun."""
        return self.view.begun

    def groups(self) -> Iterable[GroupId]:
        """Return the totals of the window's months."""
        return [("steps", month) for month in self.view.window.months]

    def part(self, address: Address, cell: Cell) -> Part:
        """Return (objective, steps) of an objective that counts."""
        steps = cell.sums.get("steps", 0)
        return (address.key, steps) if steps and address.key in self.measure.objectives else ()

    def figure(self, parts: Mapping[Address, Part]) -> Figure:
        """Return how many objectives are named; nothing for a window that has not begun."""
        return count(len({objective for objective, _ in parts.values()})) if self.view.begun else NO_DATA

    def by(self, dimension: str) -> dict[str, Figure]:
        """Return 1 for each objective that is named."""
        return {
            key: count(1)
            for group in (self.groups() if self.view.begun else ())
            for key, cell in self.view.cells.group(*group).items()
            if self.part(Address(*group, key), cell)
        }

    def evidence(self) -> Iterable[Contribution]:
        """Return the earliest step of each objective: by its day, then by its recording."""
        earliest: dict[str, tuple[str, int]] = {}
        for cell in self.view.cells.group("step", "").values() if self.view.begun else ():
            step = cell.own
            if step is None or month_of(step["on"]) not in self.view.window.months:
                continue
            for objective in step["objectives"]:
                if objective in self.measure.objectives:
                    candidate = (step["on"], cell.sequence)
                    earliest[objective] = min(earliest.get(objective, candidate), candidate)
        return by_event("operations-feed", ((sequence, 1, None) for _, sequence in earliest.values()))
