"""The fold: events change facts, facts add to totals, level by level.

`Batch` folds a run of events of one log into new versions of cells. It asks for the cells of one level at a time,
so a store answers it with a few statements, however many events there are; what it returns depends on the events
and those cells alone. Folding the same events in other batches gives the same versions.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, NamedTuple

from wco_common.event import FoldedEvent
from wco_kpi.cell import EMPTY, LEVEL_OF, LEVELS, Address, Cell, Vector, added, cell_of, difference
from wco_kpi.facts import FACTS
from wco_kpi.totals import ADDS, Additions, additions

FOLD_VERSION = 1
"""The version of the fold. One that changes a past answer gets the next number."""


class Unfoldable(Exception):
    """An event that the fold cannot read; the log's fold stops just before it."""

    def __init__(self, event: FoldedEvent, cause: Exception) -> None:
        self.sequence = int(event.sequence)
        super().__init__(f"event {self.sequence} ({event.type}, subject {event.subject}) cannot be folded: {cause!r}")


class Version(NamedTuple):
    """A cell's new content, from the event that its sequence names."""

    address: Address
    cell: Cell


version_of: Callable[[tuple[Address, Cell]], Version] = partial(tuple.__new__, Version)
"""Make a version of (address, cell), as `cell_of` makes a cell."""


_NOTHING: Vector = {}
_NO_ADDITIONS: Additions = {}


class _Change:
    """What one event does to one cell: gives it a new own part, adds to its sums, or both."""

    __slots__ = ("delta", "event")

    def __init__(self) -> None:
        self.event: FoldedEvent | None = None
        self.delta: Vector = _NOTHING


class Batch:
    """A run of events of one log, being folded.

    For each level from 0: `wanted(level)` names the cells that the level needs, `fold(level, cells)` takes their
    contents before the batch (absent ones may be left out). Then `versions` holds what is to be kept.
    """

    def __init__(self, events: Iterable[FoldedEvent]) -> None:
        self.versions: list[Version] = []
        self._levels: list[dict[Address, dict[int, _Change]]] = [{} for _ in range(LEVELS)]
        for event in events:
            facts = FACTS.get(event.type)
            if facts is None:
                continue
            try:
                addresses = facts[0](event)
            except Exception as cause:
                raise Unfoldable(event, cause) from cause
            for address in addresses:
                self._change(address, int(event.sequence)).event = event

    def _change(self, address: Address, sequence: int) -> _Change:
        # Asked before it is made: most are there, and this is done some times an event.
        level = self._levels[LEVEL_OF[address.kind]]
        cell = level.get(address)
        if cell is None:
            cell = level[address] = {}
        change = cell.get(sequence)
        if change is None:
            change = cell[sequence] = _Change()
        return change

    def wanted(self, level: int) -> list[Address]:
        """Return the cells whose content before the batch `fold` needs at this level."""
        return list(self._levels[level])

    def fold(self, level: int, cells: Mapping[Address, Cell]) -> None:
        """Fold a level, given its cells as they were before the batch."""
        for address, changes in self._levels[level].items():
            cell = cells.get(address, EMPTY)
            adds = ADDS.get(address.kind)
            after = _NO_ADDITIONS if adds is None or cell is EMPTY else additions(adds, address, cell)
            for sequence in sorted(changes) if len(changes) > 1 else changes:
                change = changes[sequence]
                own = cell.own if change.event is None else _given(change.event, address, cell.own)
                cell = cell_of((sequence, own, added(cell.sums, change.delta)))
                self.versions.append(version_of((address, cell)))
                if adds is not None:
                    before, after = after, additions(adds, address, cell)
                    self._move(sequence, before, after)

    def _move(self, sequence: int, before: Additions, after: Additions) -> None:
        """Add to other cells the difference that an event makes to what a cell adds to them."""
        for target, vector in after.items():
            delta = difference(before.get(target, _NOTHING), vector)
            if delta:
                self._add(target, sequence, delta)
        for target, vector in before.items():
            if target not in after and (delta := difference(vector, _NOTHING)):
                self._add(target, sequence, delta)

    def _add(self, target: Address, sequence: int, delta: Vector) -> None:
        change = self._change(target, sequence)
        change.delta = added(change.delta, delta)


def _given(event: FoldedEvent, address: Address, old: Any) -> Any:
    try:
        return FACTS[event.type][1](event, address, old)
    except Exception as cause:
        raise Unfoldable(event, cause) from cause
