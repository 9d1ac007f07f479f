"""The fold's state in plain memory: folded up to one moment, for replay and the tests.

It keeps the facts alone, each once however often it is corrected, and adds the totals up when it is asked: a
total is the sum of what the facts add, which is what the fold by versions keeps up to date event by event.
"""

from collections.abc import Iterable, Mapping
from itertools import chain

from wco_common.event import RecordedEvent
from wco_kpi.cell import KINDS, LEVELS, Address, Cell, cell_of
from wco_kpi.facts import FACTS
from wco_kpi.fold import Unfoldable
from wco_kpi.totals import added_by

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
                    facts[address] = cell_of((int(event.sequence), new, _NO_SUMS))
            except Exception as cause:
                raise Unfoldable(event, cause) from cause

    def group(self, kind: str, group: str) -> Mapping[str, Cell]:
        """Return the cells of a group by key."""
        if self._groups is None:
            self._groups = self._settle()
        return self._groups.get((kind, group), {})

    def _settle(self) -> dict[Group, dict[str, Cell]]:
        """Add the totals up from the facts, level by level, and sort everything into groups."""
        facts: list[list[tuple[Address, Cell]]] = [[] for _ in range(LEVELS)]
        for fact in self._facts.items():
            facts[KINDS[fact[0].kind][1]].append(fact)
        sums: list[dict[Address, dict[str, int]]] = [{} for _ in range(LEVELS)]
        groups: dict[Group, dict[str, Cell]] = {}
        for level in range(LEVELS):
            totals = sums[level]
            cells = (
                [
                    (address, Cell(cell.sequence, cell.own, totals.pop(address, _NO_SUMS)))
                    for address, cell in facts[level]
                ]
                if totals
                else facts[level]
            )
            for address, cell in chain(cells, ((address, Cell(0, None, total)) for address, total in totals.items())):
                kind, group, key = address
                try:
                    groups[kind, group][key] = cell
                except KeyError:
                    groups[kind, group] = {key: cell}
                for target, vector in added_by(address, cell):
                    above = sums[KINDS[target.kind][1]]
                    total = above.get(target)
                    if total is None:
                        above[target] = dict(vector)
                    else:
                        for component, value in vector.items():
                            total[component] = total.get(component, 0) + value
        return groups


_NO_SUMS: dict[str, int] = {}
