"""The fold's state in plain memory: folded up to one moment, for replay and the tests.

It keeps the facts alone, each once however often it is corrected, and adds the totals up when it is asked: a
total is the sum of what the facts add, which is what the fold by versions keeps up to date event by event.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from wco_common.event import FoldedEvent
from wco_kpi.cell import LEVEL_OF, LEVELS, Address, Cell, Vector, address_of, cell_of
from wco_kpi.facts import FACTS
from wco_kpi.fold import Unfoldable
from wco_kpi.group import Group, GroupId
from wco_kpi.totals import ADDS

Groups = dict[GroupId, dict[str, Cell]]
"""Cells by key, in their groups."""

_Sums = list[dict[Address, defaultdict[str, int]]]
"""What has been added to cells, by level."""


class Memory:
    """Facts of any number of logs, folded as far as events were given."""

    def __init__(self) -> None:
        self._facts: Groups = {}
        self._settled: Groups | None = None
        self._groups: dict[GroupId, Group] = {}

    def fold(self, events: Iterable[FoldedEvent]) -> None:
        """Fold events of a log, in order. Raises Unfoldable."""
        facts, table = self._facts, FACTS
        self._settled = None
        self._groups.clear()
        for event in events:
            entry = table.get(event.type)
            if entry is None:
                continue
            addresses, content = entry
            try:
                for address in addresses(event):
                    kind, group, key = address
                    cells = facts.get((kind, group))
                    if cells is None:
                        cells = facts[kind, group] = {}
                    old = cells.get(key)
                    new = content(event, address, None if old is None else old.own)
                    cells[key] = cell_of((int(event.sequence), new, _NO_SUMS))
            except Exception as cause:
                raise Unfoldable(event, cause) from cause

    def group(self, kind: str, group: str) -> Group:
        """Return the cells of a group."""
        if self._settled is None:
            self._settled = self._settle()
        id = (kind, group)
        if id not in self._groups:
            self._groups[id] = Group(id, self._settled.get(id, ()))
        return self._groups[id]

    def _settle(self) -> Groups:
        """Add the totals up from the facts, level by level."""
        levels: list[Groups] = [{} for _ in range(LEVELS)]
        for group, cells in self._facts.items():
            levels[LEVEL_OF[group[0]]][group] = cells
        sums: _Sums = [{} for _ in range(LEVELS)]
        settled: Groups = {}
        for groups, totals in zip(levels, sums, strict=True):
            _put(totals, groups)
            settled |= groups
            for group, cells in groups.items():
                _add(group, cells, sums)
        return settled


def _put(totals: Mapping[Address, Vector], groups: Groups) -> None:
    """Put totals into the cells that they are the sums of. The facts themselves stay as they are, for the next time."""
    copied: set[GroupId] = set()
    for (kind, name, key), total in totals.items():
        group = (kind, name)
        if group not in copied:
            copied.add(group)
            groups[group] = dict(groups.get(group, ()))
        cells = groups[group]
        fact = cells.get(key)
        sums = dict(total)
        cells[key] = Cell(0, None, sums) if fact is None else Cell(fact.sequence, fact.own, sums)


def _add(group: GroupId, cells: Mapping[str, Cell], sums: _Sums) -> None:
    """Add what the cells of a group add to the sums of the levels above."""
    kind, name = group
    adds = ADDS.get(kind)
    if adds is None:
        return
    for key, cell in cells.items():
        for target, vector in adds(address_of((kind, name, key)), cell):
            above = sums[LEVEL_OF[target[0]]]
            total = above.get(target)
            if total is None:
                above[target] = defaultdict(int, vector)
                continue
            for component, value in vector.items():
                total[component] += value


_NO_SUMS: Vector = {}
