"""The second of the two seams, on SQL: the fold's state, kept with every version of every cell.

A read takes, of each cell, the last version at or below a position: an index look-up each, however long the log.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial
from typing import Any, TypeVar

import msgspec
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    TextClause,
    bindparam,
    delete,
    insert,
    literal_column,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncEngine

from kpi_projector.moment import Positions
from kpi_projector.schema import CELL, EVENT, POSITION, VERSION
from wco_common.engine import DatabaseSettings
from wco_common.event import RecordedEvent
from wco_common.instant import Instant, parse_instant
from wco_common.rows import LookUp, add, rows_of
from wco_common.writer import writer
from wco_events.event_type import LOG_NAMES, LogName
from wco_kpi.cell import LEVELS, Address, Cell
from wco_kpi.fold import FOLD_VERSION, Batch, Version
from wco_kpi.measuring import GroupId
from wco_kpi.walk import Move, Place

NOWHERE: Positions = dict.fromkeys(LOG_NAMES, 0)

T = TypeVar("T")

_encode = msgspec.json.Encoder(order="sorted").encode
_decode = msgspec.json.Decoder(tuple[int, Any, dict[str, int]]).decode

_ASKED_AT_ONCE = 500
"""Buckets in one statement: well under the engines' limits on parameters (SQLite 32,766)."""

_LAST_VERSION = """
SELECT c.bucket, c.key, c.id,
       (SELECT v.content FROM version v WHERE v.cell = c.id AND v.sequence <=
          CASE c.log WHEN 0 THEN :p0 WHEN 1 THEN :p1 ELSE :p2 END ORDER BY v.sequence DESC LIMIT 1)
FROM cell c WHERE """


def _statement(sql: str, *numbers: str) -> TextClause:
    """Return a statement whose named numbers are 64-bit integers, and whose `buckets` are a list."""
    lists = ["buckets"] if ":buckets" in sql else []
    return text(sql).bindparams(
        *(bindparam(name, type_=BigInteger) for name in numbers), *(bindparam(name, expanding=True) for name in lists)
    )


_GROUPS = _statement(_LAST_VERSION + "c.bucket IN :buckets", "p0", "p1", "p2")
_CUT = _statement(
    " UNION ALL ".join(
        f"SELECT * FROM (SELECT log, sequence, recorded_at FROM event WHERE log = {index} AND recorded_at <= :time "
        "ORDER BY recorded_at DESC, sequence DESC LIMIT 1) AS newest"
        for index in range(len(LOG_NAMES))
    ),
    "time",
)
_MOVES = _statement(
    """
SELECT c.bucket, c.key, c.log, v.sequence, v.content, e.recorded_at
FROM cell c JOIN version v ON v.cell = c.id JOIN event e ON e.log = c.log AND e.sequence = v.sequence
WHERE c.bucket IN :buckets
  AND v.sequence > CASE c.log WHEN 0 THEN :a0 WHEN 1 THEN :a1 ELSE :a2 END
  AND v.sequence <= CASE c.log WHEN 0 THEN :b0 WHEN 1 THEN :b1 ELSE :b2 END""",
    *("a0", "a1", "a2", "b0", "b1", "b2"),
)


_NEWEST: ColumnElement[str] = literal_column(
    "(SELECT v.content FROM version v WHERE v.cell = cell.id ORDER BY v.sequence DESC LIMIT 1)"
)
CURRENT = LookUp(select(CELL.c.bucket, CELL.c.key, CELL.c.id, _NEWEST), (CELL.c.bucket, CELL.c.key))
"""Cells as they stand, by bucket and key."""


class Overtaken(Exception):
    """Another projector has moved the position on: what was to be written was written already."""


class SqlState:
    """The fold's state on any database that SQLAlchemy reaches."""

    def __init__(self, engine: AsyncEngine, database: DatabaseSettings) -> None:
        self._engine = engine
        self._writer = writer(engine, database)
        self._patience = database.statement_timeout
        # The writer takes one transaction at a time.
        self._writing = asyncio.Lock()

    async def aclose(self) -> None:
        """Close the connection that writes."""
        await self._writer.aclose()

    async def positions(self) -> dict[LogName, int]:
        """Return where the fold stands in each log."""
        async with self._engine.connect() as connection:
            rows = await connection.execute(select(POSITION.c.log, POSITION.c.sequence))
            stands = {LOG_NAMES[log]: sequence for log, sequence in rows}
        return dict(NOWHERE) | stands

    async def begin_anew_after_another_fold(self) -> bool:
        """Empty the state where another version of the fold has made it, and say whether that was so.

        What two versions have made of the events must not be added up; the logs have all that it takes to fold them
        again.
        """
        return await self._transact(_begin_anew_after_another_fold)

    async def fold(self, log: LogName, after: int, events: Sequence[RecordedEvent]) -> None:
        """Fold the events that follow a position, and move the position, in one transaction.

        Raises Overtaken when the fold stands elsewhere by now, Unfoldable when an event cannot be read. A crash
        before the commit leaves everything as it was, one after it everything done.
        """
        await self._transact(partial(_fold, log=log, after=after, events=events))

    async def _transact(self, work: Callable[[Connection], T]) -> T:
        async with self._writing:
            return await self._writer.transact(work, self._patience)

    async def groups(self, groups: Collection[GroupId], at: Positions) -> dict[GroupId, dict[str, Cell]]:
        """Return the cells of whole groups as of a position in each log."""
        result: dict[GroupId, dict[str, Cell]] = {group: {} for group in groups}
        async with self._engine.connect() as connection:
            for some in _chunks(list(groups)):
                rows = await connection.execute(
                    _GROUPS, _parameters("p", at) | {"buckets": [_bucket(group) for group in some]}
                )
                for bucket, key, _, content in rows:
                    if content is not None:
                        result[_group(bucket)][key] = Cell(*_decode(content))
        return result

    async def moves(self, groups: Collection[GroupId], after: Positions, until: Positions) -> list[Move]:
        """Return what the events after some positions and up to others made of groups of cells, in no order."""
        moves: dict[tuple[int, int], Move] = {}
        async with self._engine.connect() as connection:
            for some in _chunks(list(groups)):
                rows = await connection.execute(
                    _MOVES,
                    _parameters("a", after) | _parameters("b", until) | {"buckets": [_bucket(group) for group in some]},
                )
                for bucket, key, log, sequence, content, recorded_at in rows:
                    move = moves.get((log, sequence))
                    if move is None:
                        move = moves[log, sequence] = Move(recorded_at, Place(LOG_NAMES[log], sequence), [])
                    version = Version(Address(*_group(bucket), key), Cell(*_decode(content)))
                    move.versions.append(version)  # type: ignore[attr-defined]
        return list(moves.values())

    async def cut(self, time: Instant) -> tuple[dict[LogName, int], Instant]:
        """Return the last sequence of each log recorded up to and including a time, and the newest time of these."""
        positions = dict(NOWHERE)
        newest = 0
        async with self._engine.connect() as connection:
            for log, sequence, recorded_at in await connection.execute(_CUT, {"time": time}):
                positions[LOG_NAMES[log]] = sequence
                newest = max(newest, recorded_at)
        return positions, newest

    async def recorded_at(self, log: LogName, sequence: int) -> Instant | None:
        """Return when a folded event was recorded; None where there is none at that sequence."""
        statement = select(EVENT.c.recorded_at).where(EVENT.c.log == LOG_NAMES.index(log), EVENT.c.sequence == sequence)
        async with self._engine.connect() as connection:
            found = await connection.scalar(statement)
        return None if found is None else int(found)

    async def described(self, places: Collection[Place]) -> dict[Place, tuple[str, str, str]]:
        """Return (source, id, subject) of folded events."""
        result: dict[Place, tuple[str, str, str]] = {}
        async with self._engine.connect() as connection:
            for log in LOG_NAMES:
                for some in _chunks([place.sequence for place in places if place.log == log]):
                    rows = await connection.execute(
                        select(EVENT.c.sequence, EVENT.c.source, EVENT.c.id, EVENT.c.subject).where(
                            EVENT.c.log == LOG_NAMES.index(log), EVENT.c.sequence.in_(some)
                        )
                    )
                    result |= {Place(log, row.sequence): (row.source, row.id, row.subject) for row in rows}
        return result


def _begin_anew_after_another_fold(connection: Connection) -> bool:
    versions = set(connection.scalars(select(POSITION.c.fold)))
    if versions <= {FOLD_VERSION}:
        return False
    for table in (VERSION, CELL, EVENT, POSITION):
        connection.execute(delete(table))
    return True


def _fold(connection: Connection, log: LogName, after: int, events: Sequence[RecordedEvent]) -> None:
    batch = Batch(events)
    cells = _advance(connection, log, after, len(events))
    ids: dict[Address, int] = {}
    for level in range(LEVELS):
        if wanted := batch.wanted(level):
            found, known = _current(connection, wanted)
            ids |= known
            batch.fold(level, found)
    index = LOG_NAMES.index(log)
    add(connection, EVENT, [_event_row(index, event) for event in events])
    _write(connection, index, batch.versions, ids, cells)


def _advance(connection: Connection, log: LogName, after: int, number: int) -> int:
    """Move the position on by compare-and-set, and return how many cells the log has."""
    index = LOG_NAMES.index(log)
    moved = connection.execute(
        update(POSITION).where(POSITION.c.log == index, POSITION.c.sequence == after).values(sequence=after + number)
    )
    if moved.rowcount == 1:
        return int(connection.scalar(select(POSITION.c.cells).where(POSITION.c.log == index)) or 0)
    if after or connection.scalar(select(POSITION.c.log).where(POSITION.c.log == index)) is not None:
        raise Overtaken(log)
    connection.execute(insert(POSITION).values(log=index, sequence=number, cells=0, fold=FOLD_VERSION))
    return 0


def _current(connection: Connection, wanted: Iterable[Address]) -> tuple[dict[Address, Cell], dict[Address, int]]:
    """Return the cells as they stand, and the ids of those that there are."""
    found: dict[Address, Cell] = {}
    ids: dict[Address, int] = {}
    keys = [(_bucket(address[:2]), address.key) for address in wanted]
    for bucket, key, cell_id, content in rows_of(connection, CURRENT, keys):
        address = Address(*_group(bucket), key)
        ids[address] = cell_id
        found[address] = Cell(*_decode(content))
    return found, ids


def _write(
    connection: Connection,
    index: int,
    versions: Sequence[Version],
    ids: dict[Address, int],
    cells: int,
) -> None:
    new: list[tuple[int, int, str, str]] = []
    for address, _ in versions:
        if address not in ids:
            # Ids of different logs never meet, and need no sequence that could tear.
            ids[address] = (cells + len(new)) * len(LOG_NAMES) + index
            new.append((ids[address], index, _bucket(address[:2]), address.key))
    if new:
        add(connection, CELL, new)
        connection.execute(update(POSITION).where(POSITION.c.log == index).values(cells=cells + len(new)))
    add(connection, VERSION, [(ids[address], cell.sequence, _encode(cell).decode()) for address, cell in versions])


def _event_row(index: int, event: RecordedEvent) -> tuple[int, int, int, str, str, str]:
    sequence, recorded_at = int(event.sequence), parse_instant(event.recordedtime)
    return index, sequence, recorded_at, event.source, event.id, event.subject


def _chunks(items: Sequence[T]) -> Iterable[Sequence[T]]:
    return (items[start : start + _ASKED_AT_ONCE] for start in range(0, len(items), _ASKED_AT_ONCE))


def _bucket(group: tuple[str, str]) -> str:
    return f"{group[0]}|{group[1]}"


def _group(bucket: str) -> GroupId:
    kind, _, group = bucket.partition("|")
    return kind, group


def _parameters(letter: str, positions: Positions) -> dict[str, int]:
    return {f"{letter}{index}": positions[log] for index, log in enumerate(LOG_NAMES)}
