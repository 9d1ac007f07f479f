"""The fold: events change facts, facts add to totals, level by level.

`Batch` folds a run of events of one log into new versions of cells. It asks for the cells of one level at a time,
so a store answers it with a few statements, however many events there are; what it returns depends on the events
and those cells alone. Folding the same events in other batches gives the same versions.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from wco_common.event import RecordedEvent
from wco_kpi.cell import EMPTY, KINDS, LEVELS, Address, Cell, added
from wco_kpi.facts import FACTS
from wco_kpi.totals import additions

FOLD_VERSION = 1
"""The version of the fold. One that changes a past answer gets the next number."""


class Unfoldable(Exception):
    """An event that the fold cannot read; the log's fold stops just before it."""

    def __init__(self, event: RecordedEvent, cause: Exception) -> None:
        super().__init__(f"event {int(event.sequence)} ({event.type}, id {event.id}) cannot be folded: {cause!r}")
        self.sequence = int(event.sequence)


class Version(NamedTuple):
    """A cell's new content, from the event that its sequence names."""

    address: Address
    cell: Cell


class _Change:
    """What one event does to one cell: gives it a new own part, adds to its sums, or both."""

    __slots__ = ("delta", "event", "gives")

    def __init__(self) -> None:
        self.event: RecordedEvent | None = None
        self.gives = False
        self.delta: dict[str, int] = {}


class Batch:
    """A run of events of one log, being folded.

    For each level from 0: `wanted(level)` names the cells that the level needs, `fold(level, cells)` takes their
    contents before the batch (absent ones may be left out). Then `versions` holds what is to be kept.
    """

    def __init__(self, events: Iterable[RecordedEvent]) -> None:
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
                change = self._change(address, int(event.sequence))
                change.event, change.gives = event, True

    def _change(self, address: Address, sequence: int) -> _Change:
        cell = self._levels[KINDS[address.kind][1]].setdefault(address, {})
        return cell.setdefault(sequence, _Change())

    def wanted(self, level: int) -> list[Address]:
        """Return the cells whose content before the batch `fold` needs at this level."""
        return list(self._levels[level])

    def fold(self, level: int, cells: Mapping[Address, Cell]) -> None:
        """Fold a level, given its cells as they were before the batch."""
        for address, changes in self._levels[level].items():
            cell = cells.get(address, EMPTY)
            adds = additions(address, cell)
            for sequence in sorted(changes):
                change = changes[sequence]
                own = _given(change.event, address, cell.own) if change.gives and change.event else cell.own
                cell = Cell(sequence, own, added(cell.sums, change.delta))
                self.versions.append(Version(address, cell))
                before, adds = adds, additions(address, cell)
                for target in before.keys() | adds.keys():
                    self._add(target, sequence, before.get(target, {}), adds.get(target, {}))

    def _add(self, target: Address, sequence: int, before: Mapping[str, int], after: Mapping[str, int]) -> None:
        delta = {component: -value for component, value in before.items() if value and component not in after}
        for component, value in after.items():
            if difference := value - before.get(component, 0):
                delta[component] = difference
        if delta:
            change = self._change(target, sequence)
            change.delta = added(change.delta, delta) if change.delta else delta


def _given(event: RecordedEvent, address: Address, old: Any) -> Any:
    try:
        return FACTS[event.type][1](event, address, old)
    except Exception as cause:
        raise Unfoldable(event, cause) from cause
