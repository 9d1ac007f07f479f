"""Experts whose accreditation is in force."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from wco_events.measure import Experts
from wco_kpi.cell import Address, Cell
from wco_kpi.figure import NO_DATA, Figure, count
from wco_kpi.group import GroupId
from wco_kpi.measuring import Contribution, Part, View, by_event
from wco_kpi.totals import accreditation_end, month_of


@dataclass(frozen=True)
class InForce:
    """Experts of some status and employers, in force on the day that the window is seen on.

    Accreditations add 1 where they begin and take 1 away where they end; whole months before the day come from
    the months' totals, its own month from the days'.
    """

    measure: Experts
    view: View

    def reads(self) -> tuple[Any, Any]:
        """Return nothing."""
        return (), None

    def seen(self) -> object:
        """Return the day that the window is seen on, whether it has begun, and when it ends."""
        return self.view.seen_on, self.view.begun, self.view.window.last

    def groups(self) -> Iterable[GroupId]:
        """Return the beginnings and ends by month, and by day of the month that the window is seen in."""
        return [("expert-months", ""), ("expert-days", month_of(self.view.seen_on.isoformat()))]

    def part(self, address: Address, cell: Cell) -> Part:
        """Return (employer, change, whether it counts by the day) of a total up to the window's last day.

        What begins or ends later in the window is a fact of it already, which a later day will count.
        """
        when, status, employer = address.key.split("/")
        where = self.measure.where
        if status not in where.status or employer not in where.employer:
            return ()
        day, last = self.view.seen_on.isoformat(), self.view.window.last.isoformat()
        change = cell.sums.get("experts", 0)
        if not change or when > last:
            return ()
        return (employer, change, when < month_of(day) if address.kind == "expert-months" else when <= day)

    def figure(self, parts: Mapping[Address, Part]) -> Figure:
        """Return the number in force; nothing for a window that has not begun."""
        return count(sum(change for _, change, counts in parts.values() if counts)) if self.view.begun else NO_DATA

    def by(self, dimension: str) -> dict[str, Figure]:
        """Return the number in force by employer."""
        numbers: dict[str, int] = {}
        for group in self.groups() if self.view.begun else ():
            for key, cell in self.view.cells.group(*group).items():
                part = self.part(Address(*group, key), cell)
                if part and part[2]:
                    numbers[part[0]] = numbers.get(part[0], 0) + part[1]
        return {employer: count(number) for employer, number in numbers.items() if number}

    def evidence(self) -> Iterable[Contribution]:
        """Return the events that gave the accreditations in force their content."""
        day, where = self.view.seen_on.isoformat(), self.measure.where
        additions = []
        for cell in self.view.cells.group("expert", "").values() if self.view.begun else ():
            for accreditation in cell.own:
                end = accreditation_end(accreditation)
                if (
                    accreditation["status"] in where.status
                    and accreditation["employer"] in where.employer
                    and accreditation["accredited_on"] <= day
                    and (end is None or day < end)
                ):
                    additions.append((accreditation["sequence"], 1, None))
        return by_event("operations-feed", additions)
