"""Events in batches: those of a row together, and in each batch, first, what its rows need to be there."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from wco_common.canonical import canonical
from wco_embedded.spreadsheet.proposal import Event

_BYTES = 8 * 1024 * 1024
"""Of a batch: half of what a log takes by default."""


@dataclass(frozen=True)
class Told:
    """The events of a row that are to be posted, and what has to be there before them; its line."""

    line: int
    before: Event | None
    events: Sequence[Event]


@dataclass
class Batch:
    """Rows that are posted together."""

    rows: list[Told] = field(default_factory=list)

    @property
    def before(self) -> list[Event]:
        """What has to be there before its rows, each once."""
        return list({row.before["id"]: row.before for row in self.rows if row.before is not None}.values())

    @property
    def events(self) -> list[Event]:
        """All its events in order."""
        return [*self.before, *(event for row in self.rows for event in row.events)]

    def row_of(self, index: int) -> Told | None:
        """Return the row that an event of it belongs to, None where it is one that has to be there before."""
        index -= len(self.before)
        if index < 0:
            return None
        for row in self.rows:
            if index < len(row.events):
                return row
            index -= len(row.events)
        raise IndexError(index)

    def needing(self, before: Event) -> list[Told]:
        """Return the rows that need an event to be there before."""
        return [row for row in self.rows if row.before is not None and row.before["id"] == before["id"]]


def batches(rows: Iterable[Told], most: int) -> Iterator[Batch]:
    """Yield the rows in batches of at most `most` events, in order."""
    batch, count, weight = Batch(), 0, 0
    befores: set[str] = set()
    for row in rows:
        before = [] if row.before is None else [row.before]
        added = len(row.events) + sum(event["id"] not in befores for event in before)
        size = sum(len(canonical(event)) for event in (*before, *row.events))
        if batch.rows and (count + added > most or weight + size > _BYTES):
            yield batch
            batch, count, weight = Batch(), 0, 0
            befores.clear()
            added = len(row.events) + len(before)
        befores.update(event["id"] for event in before)
        batch.rows.append(row)
        count += added
        weight += size
    if batch.rows:
        yield batch
