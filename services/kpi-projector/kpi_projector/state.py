"""The second of the two seams, on SQL: the fold's state, kept with every version of every cell.

A read takes, of each cell, the last version at or below a position: an index look-up each, however long the log.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import cycle
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import BigInteger, Connection, Dialect, Select, Text, TextClause, bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from kpi_projector import writing
from kpi_projector.cell_rows import bucket_of, decode_content, group_of
from kpi_projector.known_cells import KnownCells
from kpi_projector.moment import Positions
from kpi_projector.schema import EVENT, POSITION
from wco_common.engine import DatabaseSettings
from wco_common.event import RecordedEvent
from wco_common.instant import Instant
from wco_common.reader import reader
from wco_common.rows import execute, padded, text_of
from wco_common.writer import Writer, writer
from wco_events.event_type import LOG_NAMES, LogName
from wco_kpi.cell import Address, Cell
from wco_kpi.fold import Version
from wco_kpi.measuring import GroupId
from wco_kpi.walk import Move, Place

NOWHERE: Positions = dict.fromkeys(LOG_NAMES, 0)

T = TypeVar("T")

_ASKED_AT_ONCE = 500
"""Buckets in one statement: well under the engines' limits on parameters (SQLite 32,766)."""

_TOTALS_KNOWN = 65_536
"""Totals of a log that a fold need not read; some hundred bytes each. A survey has one for each Member."""

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


_CUT = _statement(
    " UNION ALL ".join(
        f"SELECT * FROM (SELECT log, sequence, recorded_at FROM event WHERE log = {index} AND recorded_at <= :time "
        "ORDER BY recorded_at DESC, sequence DESC LIMIT 1) AS newest"
        for index in range(len(LOG_NAMES))
    ),
    "time",
)
# SQLite takes the tables of a CROSS JOIN in this order. By itself it goes through a stretch's events for each cell.
MOVES = _statement(
    """
SELECT c.bucket, c.key, c.log, v.sequence, v.content, e.recorded_at
FROM cell c CROSS JOIN version v CROSS JOIN event e
WHERE v.cell = c.id AND e.log = c.log AND e.sequence = v.sequence AND c.bucket IN :buckets
  AND v.sequence > CASE c.log WHEN 0 THEN :a0 WHEN 1 THEN :a1 ELSE :a2 END
  AND v.sequence <= CASE c.log WHEN 0 THEN :b0 WHEN 1 THEN :b1 ELSE :b2 END""",
    *("a0", "a1", "a2", "b0", "b1", "b2"),
)


@lru_cache
def _last_versions(dialect: Dialect, number: int) -> str:
    """Return the text that reads the last versions of so many buckets; it takes the positions, then the buckets."""
    names = [f"b{each}" for each in range(number)]
    buckets = [bindparam(name, type_=Text) for name in names]
    in_them = f"c.bucket IN ({', '.join(f':{name}' for name in names)})"
    return text_of(_statement(_LAST_VERSION + in_them, "p0", "p1", "p2").bindparams(*buckets), dialect)


@lru_cache
def _cuts(number: int) -> TextClause:
    """Return the statement that cuts the logs at each of so many times."""
    times = [f"t{each}" for each in range(number)]
    cut = (
        f"(SELECT sequence FROM event WHERE log = {index} AND recorded_at <= wanted.time "
        "ORDER BY recorded_at DESC, sequence DESC LIMIT 1)"
        for index in range(len(LOG_NAMES))
    )
    rows = ", ".join(f"(:{time})" for time in times)
    return _statement(f"WITH wanted (time) AS (VALUES {rows}) SELECT time, {', '.join(cut)} FROM wanted", *times)


_DESCRIBED = select(EVENT.c.sequence, EVENT.c.source, EVENT.c.id, EVENT.c.subject)


class Standing(NamedTuple):
    """Where the fold stands in a log, when that event was recorded, and why the next one cannot be folded, if so."""

    position: int
    recorded_at: Instant
    stopped: str | None


@dataclass(frozen=True, eq=False)
class _Writing:
    """What writes over one connection, one transaction at a time."""

    writer: Writer
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class SqlState:
    """The fold's state on any database that SQLAlchemy reaches."""

    def __init__(self, engine: AsyncEngine, database: DatabaseSettings, cells_remembered: int = 16_384) -> None:
        self._reader = reader(engine, database)
        self._patience = database.statement_timeout
        # On PostgreSQL each log is folded over a connection of its own: while the server takes the rows of one, those
        # of another are worked out. A file of SQLite's takes one writer.
        writings = [
            _Writing(writer(engine, database)) for _ in range(1 if engine.dialect.name == "sqlite" else len(LOG_NAMES))
        ]
        self._writings = dict(zip(LOG_NAMES, cycle(writings), strict=False))
        self._known: dict[LogName, KnownCells] = {}
        # Contents never change, and one question reads what the one before it has read: to look one up costs a tenth
        # of reading it anew.
        self._cell = lru_cache(cells_remembered)(_cell)

    async def aclose(self) -> None:
        """Close what it reads and writes over."""
        await self._reader.aclose()
        for each in set(self._writings.values()):
            await each.writer.aclose()

    async def positions(self) -> dict[LogName, int]:
        """Return where the fold stands in each log."""
        wanted = select(POSITION.c.log, POSITION.c.sequence)
        rows = await self._reader.ask(lambda connection: connection.execute(wanted).all())
        return dict(NOWHERE) | {LOG_NAMES[log]: sequence for log, sequence in rows}

    async def standing(self, log: LogName) -> Standing:
        """Return where the fold stands in a log, and whether it can go on from there."""
        wanted = select(POSITION.c.sequence, EVENT.c.recorded_at, POSITION.c.stopped).select_from(
            POSITION.outerjoin(EVENT, (EVENT.c.log == POSITION.c.log) & (EVENT.c.sequence == POSITION.c.sequence))
        )
        wanted = wanted.where(POSITION.c.log == LOG_NAMES.index(log))
        found = await self._reader.ask(lambda connection: connection.execute(wanted).one_or_none())
        return Standing(0, 0, None) if found is None else Standing(found[0], found[1] or 0, found[2])

    async def stop(self, log: LogName, after: int, reason: str) -> None:
        """Note for all instances why the event after a position cannot be folded; who folds it takes the note back."""
        await self._transact(log, partial(writing.stop, log=log, after=after, reason=reason))

    async def begin_anew_after_another_fold(self) -> bool:
        """Empty the state where another version of the fold has made it, and say whether that was so.

        What two versions have made of the events must not be added up; the logs have all that it takes to fold them
        again.
        """
        self._known.clear()
        return await self._transact(LOG_NAMES[0], writing.begin_anew_after_another_fold)

    async def begin_anew(self, log: LogName, after: int) -> None:
        """Empty the state of a log that was folded up to a position. Raises Overtaken when it stands elsewhere by now.

        Nobody may have been answered by it in this process: what is kept of answers is not forgotten.
        """
        self.forget(log)
        await self._transact(log, partial(writing.begin_anew, log=log, after=after))

    def forget(self, log: LogName) -> None:
        """Have the next fold of a log read what it needs, whatever this process has written before."""
        self._known.pop(log, None)

    async def fold(self, log: LogName, after: int, events: Sequence[RecordedEvent]) -> None:
        """Fold the events that follow a position, and move the position, in one transaction.

        Raises Overtaken when the fold stands elsewhere by now, Unfoldable when an event cannot be read. A crash
        before the commit leaves everything as it was, one after it everything done.
        """
        # Whatever hinders it, what was known is known no more.
        known = self._known.pop(log, None) or KnownCells(_TOTALS_KNOWN)
        await self._transact(log, partial(writing.fold, log=log, after=after, events=events, known=known))
        self._known[log] = known

    async def _transact(self, log: LogName, work: Callable[[Connection], T]) -> T:
        over = self._writings[log]
        async with over.lock:
            return await over.writer.transact(work, self._patience)

    async def groups(self, groups: Collection[GroupId], at: Positions) -> dict[GroupId, dict[str, Cell]]:
        """Return the cells of whole groups as of a position in each log."""
        result: dict[GroupId, dict[str, Cell]] = {group: {} for group in groups}
        cells = {bucket_of(group): result[group] for group in result}
        positions = [at[log] for log in LOG_NAMES]

        def ask(connection: Connection) -> list[Sequence[Any]]:
            rows: list[Sequence[Any]] = []
            for some in _chunks(list(cells)):
                asked = padded(some)
                statement = _last_versions(connection.dialect, len(asked))
                rows += execute(connection, statement, (*positions, *asked), fetch=True)
            return rows

        for bucket, key, _, content in await self._reader.ask(ask):
            if content is not None:
                cells[bucket][key] = self._cell(content)
        return result

    async def moves(self, groups: Collection[GroupId], after: Positions, until: Positions) -> list[Move]:
        """Return what the events after some positions and up to others made of groups of cells, in no order."""
        stretch = _parameters("a", after) | _parameters("b", until)
        buckets = [bucket_of(group) for group in groups]

        def ask(connection: Connection) -> list[Any]:
            return [
                row for some in _chunks(buckets) for row in connection.execute(MOVES, stretch | {"buckets": some}).all()
            ]

        rows = await self._reader.ask(ask)
        # On a thread: there may be many.
        return await asyncio.to_thread(_moves_of, rows)

    async def cut(self, time: Instant) -> tuple[dict[LogName, int], Instant]:
        """Return the last sequence of each log recorded up to and including a time, and the newest time of these."""
        positions = dict(NOWHERE)
        newest = 0
        rows = await self._reader.ask(lambda connection: connection.execute(_CUT, {"time": time}).all())
        for log, sequence, recorded_at in rows:
            positions[LOG_NAMES[log]] = sequence
            newest = max(newest, recorded_at)
        return positions, newest

    async def cuts(self, times: Collection[Instant]) -> dict[Instant, dict[LogName, int]]:
        """Return, for each of some times, the last sequence of each log recorded up to and including it."""
        if not times:
            return {}
        asked = padded(list(times))
        named = {f"t{each}": time for each, time in enumerate(asked)}
        rows = await self._reader.ask(lambda connection: connection.execute(_cuts(len(asked)), named).all())
        return {time: dict(zip(LOG_NAMES, (each or 0 for each in cut), strict=True)) for time, *cut in rows}

    async def recorded_at(self, log: LogName, sequence: int) -> Instant | None:
        """Return when a folded event was recorded; None where there is none at that sequence."""
        statement = select(EVENT.c.recorded_at).where(EVENT.c.log == LOG_NAMES.index(log), EVENT.c.sequence == sequence)
        found = await self._reader.ask(lambda connection: connection.scalar(statement))
        return None if found is None else int(found)

    async def described(self, places: Collection[Place]) -> dict[Place, tuple[str, str, str]]:
        """Return (source, id, subject) of folded events."""
        result: dict[Place, tuple[str, str, str]] = {}
        for log in LOG_NAMES:
            for some in _chunks([place.sequence for place in places if place.log == log]):
                wanted = _DESCRIBED.where(EVENT.c.log == LOG_NAMES.index(log), EVENT.c.sequence.in_(some))
                rows = await self._reader.ask(partial(_all, wanted=wanted))
                result |= {Place(log, row.sequence): (row.source, row.id, row.subject) for row in rows}
        return result


def _moves_of(rows: Iterable[Any]) -> list[Move]:
    moves: dict[tuple[int, int], tuple[int, list[Version]]] = {}
    for bucket, key, log, sequence, content, recorded_at in rows:
        _, versions = moves.setdefault((log, sequence), (recorded_at, []))
        versions.append(Version(Address(*group_of(bucket), key), Cell(*decode_content(content))))
    return [
        Move(recorded_at, Place(LOG_NAMES[log], sequence), versions)
        for (log, sequence), (recorded_at, versions) in moves.items()
    ]


def _all(connection: Connection, wanted: Select[Any]) -> Sequence[Any]:
    return connection.execute(wanted).all()


def _cell(content: str) -> Cell:
    return Cell(*decode_content(content))


def _chunks(items: Sequence[T]) -> Iterable[Sequence[T]]:
    return (items[start : start + _ASKED_AT_ONCE] for start in range(0, len(items), _ASKED_AT_ONCE))


def _parameters(letter: str, positions: Positions) -> dict[str, int]:
    return {f"{letter}{index}": positions[log] for index, log in enumerate(LOG_NAMES)}
