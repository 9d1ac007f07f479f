"""The fold: events change facts, facts add to totals, level by level.

`Batch` folds a run of events of one log into new contents of cells, a cell at a time. It names the cells of one level
after another, so a store looks them up with a few statements, however many events there are; what it returns depends on
the events and those cells alone. Folding the same events in other batches gives the same contents.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from wco_common.event import FoldedEvent
from wco_kpi.cell import LEVEL_OF, LEVELS, Address, Cell, Vector, added, cell_of, difference
from wco_kpi.facts import FACTS
from wco_kpi.totals import ADDS, PASSES, Additions, additions

FOLD_VERSION = 1
"""The version of the fold. One that changes a past answer gets the next number."""


class Unfoldable(Exception):
    """An event that the fold cannot read; the log's fold stops just before it."""

    def __init__(self, event: FoldedEvent, cause: Exception) -> None:
        self.sequence = int(event.sequence)
        super().__init__(f"event {self.sequence} ({event.type}, subject {event.subject}) cannot be folded: {cause!r}")


_KINDS = {kind: (level, ADDS.get(kind), PASSES.get(kind)) for kind, level in LEVEL_OF.items()}
"""The level of each kind's cells, what they add, and what they pass on."""

_NOTHING: Vector = {}
_NO_EVENTS: Mapping[int, FoldedEvent] = {}
_NO_DELTAS: Mapping[int, Vector] = {}


class Batch:
    """A run of events of one log, being folded.

    For each level from 0, once those below are folded: `wanted(level)` names the cells that the events change, and
    each of these is folded, `fold(address, cell)`, given its content before the batch (EMPTY where there is none).
    """

    def __init__(self, events: Iterable[FoldedEvent]) -> None:
        """Raises Unfoldable, as `fold` does."""
        self._events: list[dict[Address, dict[int, FoldedEvent]]] = [{} for _ in range(LEVELS)]
        """The events that give cells their own parts, by level, cell and sequence."""
        self._deltas: list[dict[Address, dict[int, Vector]]] = [{} for _ in range(LEVELS)]
        """What is added to the sums of cells, by level, cell and sequence."""
        for event in events:
            facts = FACTS.get(event.type)
            if facts is None:
                continue
            try:
                addresses, sequence = facts[0](event), int(event.sequence)
            except Exception as cause:
                raise Unfoldable(event, cause) from cause
            for address in addresses:
                cells = self._events[LEVEL_OF[address[0]]]
                if address in cells:
                    cells[address][sequence] = event
                else:
                    cells[address] = {sequence: event}

    def wanted(self, level: int) -> list[Address]:
        """Return the cells of a level that change."""
        return list(self._events[level] | self._deltas[level])

    def fold(self, address: Address, cell: Cell) -> list[Cell]:
        """Return the new contents of a cell, in order, and note what other cells are added by them."""
        level, adds, passes = _KINDS[address[0]]
        events, deltas = self._events[level].get(address, _NO_EVENTS), self._deltas[level].get(address, _NO_DELTAS)
        contents: list[Cell] = []
        adds_now: Additions | None = None
        for sequence in sorted({**events, **deltas} if events and deltas else events or deltas):
            before, (_, own, sums) = cell, cell
            event, delta = events.get(sequence), deltas.get(sequence, _NOTHING)
            if event is not None:
                own = _own(event, address, own)
            cell = cell_of((sequence, own, added(sums, delta)))
            contents.append(cell)
            if adds is None:
                continue
            moves: Iterable[tuple[Address, Vector]] | None = None
            if passes is not None and event is None and sums and cell[2]:
                moves = passes(address, own, sums, delta)
            if moves is None:
                added_before = additions(adds, address, before) if adds_now is None else adds_now
                adds_now = additions(adds, address, cell)
                moves = _moves(added_before, adds_now) if added_before else adds_now.items()
            else:
                adds_now = None
            for target, vector in moves:
                self._add(target, vector, sequence)
        return contents

    def _add(self, target: Address, delta: Vector, sequence: int) -> None:
        """Add to the sums of a cell. Components that are 0 are left out, and nothing is no change."""
        if not all(delta.values()):
            delta = {component: value for component, value in delta.items() if value}
        if not delta:
            return
        cells = self._deltas[LEVEL_OF[target[0]]]
        deltas = cells.get(target)
        if deltas is None:
            cells[target] = {sequence: delta}
        elif sequence in deltas:
            deltas[sequence] = added(deltas[sequence], delta)
        else:
            deltas[sequence] = delta


def _moves(before: Additions, after: Additions) -> Iterator[tuple[Address, Vector]]:
    """Yield the difference that is made to what a cell adds to others."""
    for target, vector in after.items():
        yield target, difference(before.get(target, _NOTHING), vector)
    for target, vector in before.items():
        if target not in after:
            yield target, difference(vector, _NOTHING)


def _own(event: FoldedEvent, address: Address, old: Any) -> Any:
    try:
        return FACTS[event.type][1](event, address, old)
    except Exception as cause:
        raise Unfoldable(event, cause) from cause
