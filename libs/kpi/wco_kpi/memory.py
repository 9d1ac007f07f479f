"""The fold's state in plain memory: folded up to one moment, for replay and the tests.

It keeps the facts alone, each once however often it is corrected, and adds the totals up when it is asked: a
total is the sum of what the facts add, which is what the fold by versions keeps up to date event by event.
"""

from collections.abc import Iterable, Mapping

from wco_common.event import RecordedEvent
from wco_kpi.cell import EMPTY, KINDS, LEVELS, Address, Cell
from wco_kpi.facts import FACTS
from wco_kpi.fold import Unfoldable
from wco_kpi.totals import additions

Group = tuple[str, str]
"""(kind, group): cells that are read together."""


class Memory:
    """Facts of any number of logs, folded as far as events were given."""

    def __init__(self) -> None:
        self._facts: dict[Address, Cell] = {}
        self._groups: dict[Group, dict[str, Cell]] | None = None

    def fold(self, events: Iterable[RecordedEvent]) -> None:
        """Fold events of a log, in order. Raises Unfoldable."""
        facts, table = self._facts, FACTS
        self._groups = None
        for event in events:
            entry = table.get(event.type)
            if entry is None:
                continue
            addresses, content = entry
            try:
                for address in addresses(event):
                    old = facts.get(address)
                    new = content(event, address, None if old is None else old.own)
                    facts[address] = Cell(int(event.sequence), new, _NO_SUMS)
            except Exception as cause:
                raise Unfoldable(event, cause) from cause

    def group(self, kind: str, group: str) -> Mapping[str, Cell]:
        """Return the cells of a group by key."""
        if self._groups is None:
            self._groups = self._settle()
        return self._groups.get((kind, group), {})

    def _settle(self) -> dict[Group, dict[str, Cell]]:
        """Add the totals up from the facts, level by level, and sort everything into groups."""
        levels: list[dict[Address, Cell]] = [{} for _ in range(LEVELS)]
        for address, cell in self._facts.items():
            levels[KINDS[address.kind][1]][address] = cell
        groups: dict[Group, dict[str, Cell]] = {}
        for cells in levels:
            for address, cell in cells.items():
                groups.setdefault((address.kind, address.group), {})[address.key] = cell
                for target, vector in additions(address, cell).items():
                    above = levels[KINDS[target.kind][1]]
                    total = above.get(target, EMPTY)
                    sums = total.sums if total.sums is not _NO_SUMS and total is not EMPTY else {}
                    if sums is not total.sums:
                        above[target] = Cell(total.sequence, total.own, sums)
                    for component, value in vector.items():
                        sums[component] = sums.get(component, 0) + value  # type: ignore[index]
        return groups


_NO_SUMS: dict[str, int] = {}
