"""What a piece of a log comes to, worked out before the transaction that writes it: so one can be while another is.

Nothing is locked meanwhile. What keeps it exact is that the position is compared when the piece is written: then the
cells that it was worked out from are those that stand, or nothing is written.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeVar

from sqlalchemy import ColumnElement, Connection, literal_column, select

from kpi_projector.cell_rows import bucket_of, content_of, decode_content, group_of
from kpi_projector.known_cells import Extent, Known, KnownCells
from kpi_projector.schema import CELL, POSITION
from wco_common.event import RecordedEvent
from wco_common.instant import Instant, parse_instant
from wco_common.row_texts import LookUp
from wco_common.rows import rows_of
from wco_events.event_type import LOG_NAMES, LogName
from wco_kpi.cell import EMPTY, LEVELS, Address, Cell
from wco_kpi.fold import Batch

T = TypeVar("T")

_NEWEST: ColumnElement[str] = literal_column(
    "(SELECT v.content FROM version v WHERE v.cell = cell.id ORDER BY v.sequence DESC LIMIT 1)"
)
CURRENT = LookUp(select(CELL.c.bucket, CELL.c.key, CELL.c.id, _NEWEST), (CELL.c.bucket, CELL.c.key))
"""Cells as they stand, by bucket and key."""

_AT_A_TIME = 64
"""Cells that are folded before others have their turn: a millisecond or two."""


class Overtaken(Exception):
    """Another projector has moved the position on: what was to be written was written already."""


@dataclass
class Piece:
    """What the events between two standings of a log's fold come to, as rows."""

    log: LogName
    at: Extent
    stands: Extent
    recorded_at: Instant
    """Of the last of the events."""
    events: list[tuple[int, int, int, str, str, str]]
    cells: list[tuple[int, int, str, str]]
    versions: list[tuple[int, int, str]]

    def add(self, following: "Piece") -> None:
        """Add the piece that follows."""
        self.stands, self.recorded_at = following.stands, following.recorded_at
        self.events += following.events
        self.cells += following.cells
        self.versions += following.versions


class Ask(Protocol):
    """Asks the database; see wco_common.reader."""

    def __call__(self, question: Callable[[Connection], T]) -> Awaitable[T]:
        """Return what a question comes to."""
        ...


async def work_out(ask: Ask, log: LogName, after: int, events: Sequence[RecordedEvent], known: KnownCells) -> Piece:
    """Return what the events that follow a position come to. Raises Overtaken, Unfoldable.

    What is known is what that piece leaves, from here on.
    """
    batch = Batch(events)
    at = known.at if known.at.sequence == after else await ask(partial(_stands, log=log))
    if at.sequence != after:
        raise Overtaken(log)
    known.begin(at)
    index = LOG_NAMES.index(log)
    new: list[tuple[int, Address]] = []
    versions: list[tuple[int, int, str]] = []
    left: list[dict[Address, Known]] = []
    for level in range(LEVELS):
        wanted = batch.wanted(level)
        found = await _current(ask, wanted, known)
        left.append(leaving := {})
        for number, address in enumerate(wanted, 1):
            id, cell = found.get(address, _NONE)
            if id is None:
                # Ids of different logs never meet, and need no sequence that could tear.
                id = (at.cells + len(new)) * len(LOG_NAMES) + index
                new.append((id, address))
            contents = batch.fold(address, cell)
            for content in contents:
                versions.append((id, content[0], content_of(content)))
            leaving[address] = id, contents[-1]
            if number % _AT_A_TIME == 0:
                await asyncio.sleep(0)
    stands = Extent(after + len(events), at.cells + len(new))
    rows = [
        (index, sequence, parse_instant(event.recordedtime), event.source, event.id, event.subject)
        for sequence, event in enumerate(events, after + 1)
    ]
    cells = [(id, index, bucket_of(address[:2]), address[2]) for id, address in new]
    known.keep(stands, left, [address for _, address in new])
    return Piece(log, at, stands, rows[-1][2], rows, cells, versions)


def _stands(connection: Connection, log: LogName) -> Extent:
    stands = select(POSITION.c.sequence, POSITION.c.cells).where(POSITION.c.log == LOG_NAMES.index(log))
    row = connection.execute(stands).one_or_none()
    return Extent(0, 0) if row is None else Extent(*row)


async def _current(ask: Ask, wanted: Iterable[Address], known: KnownCells) -> dict[Address, Known]:
    """Return the cells that there are, with their ids."""
    found, unknown = known.look_up(wanted)
    if unknown:
        keys = [(bucket_of(address[:2]), address[2]) for address in unknown]
        for bucket, key, id, content in await ask(partial(rows_of, wanted=CURRENT, keys=keys)):
            found[Address(*group_of(bucket), key)] = id, Cell(*decode_content(content))
    return found


_NONE: tuple[None, Cell] = (None, EMPTY)
