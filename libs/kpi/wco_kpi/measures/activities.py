"""Capacity building: activities, or what they cost, that are aligned or delivered in some way, of all."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from wco_events.measure import Activities
from wco_kpi.cell import Address, Cell
from wco_kpi.facts import MONEY_UNIT
from wco_kpi.figure import Figure, ratio
from wco_kpi.group import GroupId
from wco_kpi.measuring import NEVER, Contribution, Part, View, by_event
from wco_kpi.totals import month_of

_COST_UNIT = int(1 / MONEY_UNIT)


@dataclass(frozen=True)
class Share:
    """The share of activities that satisfy the filter, in number or in cost."""

    measure: Activities
    view: View

    @cached_property
    def _aligned(self) -> re.Pattern[str] | None:
        patterns = self.measure.where.aligned_with
        if patterns is None:
            return None
        forms = (re.escape(pattern).replace(r"\*", ".*").replace(r"\#", "[0-9]+") for pattern in patterns)
        return re.compile("|".join(f"(?:{form})" for form in forms))

    @cached_property
    def _counted(self) -> dict[tuple[str, ...], bool]:
        """Whether totals of these components count: there are few, and they come again every month."""
        return {}

    def _counts(self, delivered_by: str, aligned_with: Iterable[str]) -> bool:
        """Whether an activity satisfies the filter, by the form of the ids that it names."""
        where = self.measure.where
        if where.delivered_by is not None and delivered_by not in where.delivered_by:
            return False
        return self._aligned is None or any(self._aligned.fullmatch(objective) for objective in aligned_with)

    def _weight(self, number: int, cost: int) -> int:
        return number if self.measure.weight == "number" else cost

    def reads(self) -> tuple[Any, Any]:
        """Return nothing."""
        return (), None

    def seen(self) -> object:
        """Return nothing: activities count in the month of their delivery."""
        return NEVER

    def groups(self) -> Iterable[GroupId]:
        """Return the totals of the window's months."""
        return [("activities", month) for month in self.view.window.months]

    def part(self, address: Address, cell: Cell) -> Part:
        """Return (weight of those that satisfy the filter, weight of all)."""
        sums = cell.sums
        if not sums.get("activities" if self.measure.weight == "number" else "costed"):
            return ()
        weight = self._weight(sums["activities"], sums.get("cost", 0))
        components = tuple(sums)
        counts = self._counted.get(components)
        if counts is None:
            counts = self._counted[components] = self._counts(*_dimensions(components))
        return (weight if counts else 0, weight)

    def _scaled(self, numerator: int, denominator: int) -> Figure:
        unit = 1 if self.measure.weight == "number" else _COST_UNIT
        figure = ratio(numerator, denominator)
        return Figure(figure.numerator / unit, figure.denominator / unit)

    def figure(self, parts: Mapping[Address, Part]) -> Figure:
        """Return the weight that satisfies the filter by the whole weight."""
        return self._scaled(sum(part[0] for part in parts.values()), sum(part[1] for part in parts.values()))

    def _totals(self) -> Iterator[tuple[str, tuple[str, ...], int]]:
        """Yield (delivered by, aligned with, weight) of each total that has a fact of this measure."""
        for group in self.groups():
            for key, cell in self.view.cells.group(*group).items():
                if part := self.part(Address(*group, key), cell):
                    yield *_dimensions(tuple(cell.sums)), part[1]

    def by(self, dimension: str) -> dict[str, Figure]:
        """Return each objective's or deliverer's part of the whole, whether the numerator counts it or not."""
        whole = 0
        sums: dict[str, int] = {}
        for delivered_by, aligned_with, weight in self._totals():
            whole += weight
            for key in aligned_with if dimension == "objective" else (delivered_by,):
                sums[key] = sums.get(key, 0) + weight
        return {key: self._scaled(part, whole) for key, part in sums.items()}

    def evidence(self) -> Iterable[Contribution]:
        """Return the events that gave the activities of the window their content."""
        additions = []
        for cell in self.view.cells.group("activity", "").values():
            activity = cell.own
            if activity is None or month_of(activity["delivered_on"]) not in self.view.window.months:
                continue
            figure = self._scaled(weight := self._weight(1, activity.get("cost", 0)), weight)
            counts = self._counts(activity["delivered_by"], activity["aligned_with"])
            additions.append((cell.sequence, figure.numerator * counts, figure.denominator))
        return by_event("operations-feed", additions)


@lru_cache(maxsize=4096)
def _dimensions(components: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Return who delivered the activities of a total and what they are aligned with: its marks say so."""
    delivered_by, aligned_with = "", []
    for component in components:
        mark, slash, value = component.partition("/")
        if slash and mark == "delivered_by":
            delivered_by = value
        elif slash:
            aligned_with.append(value)
    return delivered_by, tuple(aligned_with)
