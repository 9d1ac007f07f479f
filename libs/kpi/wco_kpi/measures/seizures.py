"""Seizures by the operations' final reports, and the provisional figure beside them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from wco_events.measure import FinalReports
from wco_kpi.cell import Address, Cell
from wco_kpi.figure import ONE, ZERO, Figure, count
from wco_kpi.group import GroupId
from wco_kpi.measuring import NEVER, Contribution, Part, View, by_event

UNSPECIFIED = "unspecified"


@dataclass(frozen=True)
class Seizures:
    """Seizures of the operations that end in the window."""

    measure: FinalReports
    view: View

    def reads(self) -> tuple[Any, Any]:
        """Return nothing."""
        return (), None

    def seen(self) -> object:
        """Return nothing: operations count in the month in which they end."""
        return NEVER

    def groups(self) -> Iterable[GroupId]:
        """Return the totals of the window's months."""
        return [("seizures", month) for month in self.view.window.months]

    def part(self, address: Address, cell: Cell) -> Part:
        """Return (final figures, their sum, provisional figures, their sum)."""
        part = tuple(
            cell.sums.get(component, 0) for component in ("figures", "seizures", "provisional-figures", "provisional")
        )
        return part if any(part) else ()

    def figure(self, parts: Mapping[Address, Part]) -> Figure:
        """Return the sum of the final figures; null where no operation has one."""
        figures, seizures, provisionals, provisional = map(sum, zip((0,) * 4, *parts.values(), strict=True))
        return Figure(
            Fraction(seizures) if figures else ZERO,
            ONE if figures else ZERO,
            Fraction(provisional) if provisionals else None,
            has_provisional=True,
        )

    def _finals(self) -> Iterator[tuple[str, Cell]]:
        """Yield (operation, final report) of the window's operations whose final report has a figure."""
        for month in self.view.window.months:
            for operation, listed in self.view.cells.group("operations", month).items():
                if listed.sums.get("operations"):
                    final = self.view.cells.group("published", operation).get("final")
                    if final is not None and final.own["seizures"] is not None:
                        yield operation, final

    def by(self, dimension: str) -> dict[str, Figure]:
        """Return seizures by operation, or by category, what is uncategorised as `unspecified`."""
        numbers: dict[str, int] = {}
        for operation, final in self._finals():
            if dimension == "operation":
                numbers[operation] = final.own["seizures"]
                continue
            categories = final.own["by_category"]
            for category, seizures in categories.items():
                numbers[category] = numbers.get(category, 0) + seizures
            if rest := final.own["seizures"] - sum(categories.values()):
                numbers[UNSPECIFIED] = numbers.get(UNSPECIFIED, 0) + rest
        return {key: count(number) for key, number in numbers.items()}

    def evidence(self) -> Iterable[Contribution]:
        """Return the final reports."""
        return by_event(
            "operations-feed", ((final.sequence, final.own["seizures"], None) for _, final in self._finals())
        )
