"""What the fold writes of the state: what one transaction does, as plain code over a connection."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from sqlalchemy import ColumnElement, Connection, Dialect, bindparam, delete, literal_column, null, select, text, update

from kpi_projector.cell_rows import bucket_of, content_of, decode_content, group_of
from kpi_projector.known_cells import Extent, KnownCells
from kpi_projector.schema import CELL, EVENT, POSITION, VERSION
from wco_common.event import RecordedEvent
from wco_common.instant import parse_instant
from wco_common.row_texts import LookUp, text_of
from wco_common.rows import Statement, adding, execute, rows_of, send
from wco_events.event_type import LOG_NAMES, LogName
from wco_kpi.cell import LEVELS, Address, Cell
from wco_kpi.fold import FOLD_VERSION, Batch

_NEWEST: ColumnElement[str] = literal_column(
    "(SELECT v.content FROM version v WHERE v.cell = cell.id ORDER BY v.sequence DESC LIMIT 1)"
)
CURRENT = LookUp(select(CELL.c.bucket, CELL.c.key, CELL.c.id, _NEWEST), (CELL.c.bucket, CELL.c.key))
"""Cells as they stand, by bucket and key."""

_BEGIN = text(
    "INSERT INTO position (log, sequence, cells, fold) VALUES (:log, 0, 0, :fold) ON CONFLICT (log) DO NOTHING"
)


class Overtaken(Exception):
    """Another projector has moved the position on: what was to be written was written already."""


def begin_anew_after_another_fold(connection: Connection) -> bool:
    """Empty the state where another version of the fold has made it, and say whether that was so."""
    versions = set(connection.scalars(select(POSITION.c.fold)))
    if versions <= {FOLD_VERSION}:
        return False
    for table in (VERSION, CELL, EVENT, POSITION):
        connection.execute(delete(table))
    return True


def begin_anew(connection: Connection, log: LogName, after: int) -> None:
    """Empty the state of one log that was folded up to a position. Raises Overtaken when it stands elsewhere by now."""
    index = LOG_NAMES.index(log)
    stood = connection.execute(delete(POSITION).where(POSITION.c.log == index, POSITION.c.sequence == after))
    if stood.rowcount != 1:
        raise Overtaken(log)
    cells = select(CELL.c.id).where(CELL.c.log == index)
    connection.execute(delete(VERSION).where(VERSION.c.cell.in_(cells)))
    connection.execute(delete(CELL).where(CELL.c.log == index))
    connection.execute(delete(EVENT).where(EVENT.c.log == index))


def stop(connection: Connection, log: LogName, after: int, reason: str) -> None:
    """Note why the event after a position cannot be folded. Where it is folded meanwhile, nothing is noted."""
    begin(connection, log)
    connection.execute(
        update(POSITION)
        .where(POSITION.c.log == LOG_NAMES.index(log), POSITION.c.sequence == after)
        .values(stopped=reason)
    )


def begin(connection: Connection, log: LogName) -> None:
    """Note that nothing of a log is folded, where nothing is noted yet.

    Of several projectors that begin at once one makes the row; the others wait for it, and find it as it is then.
    """
    connection.execute(_BEGIN, {"log": LOG_NAMES.index(log), "fold": FOLD_VERSION})


def fold(connection: Connection, log: LogName, after: int, events: Sequence[RecordedEvent], known: KnownCells) -> None:
    """Fold the events that follow a position, and move the position. Raises Overtaken, Unfoldable."""
    batch = Batch(events)
    at = _locked(connection, log, after)
    known.begin(at)
    ids: dict[Address, int] = {}
    for level in range(LEVELS):
        if wanted := batch.wanted(level):
            batch.fold(level, _current(connection, wanted, known, ids))
    index = LOG_NAMES.index(log)
    new = _new_cells(batch.versions, index, at.cells, ids)
    versions = [
        (id, cell[0], content_of(cell))
        for address, cells in batch.versions.items()
        for id in (ids[address],)
        for cell in cells
    ]
    stands = Extent(after + len(events), at.cells + len(new))
    send(
        connection,
        [
            *adding(connection, EVENT, [_event_row(index, event) for event in events]),
            *adding(connection, CELL, new),
            *adding(connection, VERSION, versions),
            Statement(_moving(connection.dialect), (*stands, index)),
        ],
    )
    known.keep(stands, batch.versions, ids)


def _locked(connection: Connection, log: LogName, after: int) -> Extent:
    """Lock the position until the transaction ends, and return it. Raises Overtaken when it is elsewhere by now."""
    if after == 0:
        begin(connection, log)
    rows = execute(connection, _locking(connection.dialect), (LOG_NAMES.index(log),), fetch=True)
    if not rows or rows[0][0] != after:
        raise Overtaken(log)
    return Extent(*rows[0])


def _current(
    connection: Connection, wanted: Iterable[Address], known: KnownCells, ids: dict[Address, int]
) -> dict[Address, Cell]:
    """Return the cells as they stand, and add to `ids` those of the cells that there are."""
    found: dict[Address, Cell] = {}
    unknown: list[tuple[str, str]] = []
    for address in wanted:
        if kept := known.get(address):
            ids[address], found[address] = kept
        else:
            unknown.append((bucket_of(address[:2]), address.key))
    for bucket, key, cell_id, content in rows_of(connection, CURRENT, unknown):
        address = Address(*group_of(bucket), key)
        ids[address], found[address] = cell_id, Cell(*decode_content(content))
    return found


def _new_cells(
    addresses: Iterable[Address], index: int, cells: int, ids: dict[Address, int]
) -> list[tuple[int, int, str, str]]:
    """Return the rows of the cells that there were none of, and add to `ids` those that they get."""
    new: list[tuple[int, int, str, str]] = []
    for address in addresses:
        if address not in ids:
            # Ids of different logs never meet, and need no sequence that could tear.
            ids[address] = (cells + len(new)) * len(LOG_NAMES) + index
            new.append((ids[address], index, bucket_of(address[:2]), address.key))
    return new


@lru_cache
def _locking(dialect: Dialect) -> str:
    standing = select(POSITION.c.sequence, POSITION.c.cells).where(POSITION.c.log == bindparam("which"))
    return text_of(standing.with_for_update(), dialect)


@lru_cache
def _moving(dialect: Dialect) -> str:
    moving = update(POSITION).values(sequence=bindparam("to"), cells=bindparam("number"), stopped=null())
    return text_of(moving.where(POSITION.c.log == bindparam("which")), dialect)


def _event_row(index: int, event: RecordedEvent) -> tuple[int, int, int, str, str, str]:
    sequence, recorded_at = int(event.sequence), parse_instant(event.recordedtime)
    return index, sequence, recorded_at, event.source, event.id, event.subject
