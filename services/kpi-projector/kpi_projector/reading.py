"""What is read of the state: what one question asks, as plain code over a connection.

A read takes, of each cell, the last version at or below a position: an index look-up each, however long the log.
"""

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import BigInteger, Connection, Dialect, Text, TextClause, bindparam, select, text

from kpi_projector.cell_rows import decode_content, group_of
from kpi_projector.moment import Positions
from kpi_projector.schema import EVENT, POSITION
from wco_common.instant import Instant
from wco_common.row_texts import text_of
from wco_common.rows import execute, padded
from wco_events.event_type import LOG_NAMES, LogName
from wco_kpi.cell import Address, Cell
from wco_kpi.walk import Move, Place, Version

T = TypeVar("T")

NOWHERE: Positions = dict.fromkeys(LOG_NAMES, 0)

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


def positions(connection: Connection) -> dict[LogName, int]:
    """Return where the fold stands in each log."""
    rows = connection.execute(select(POSITION.c.log, POSITION.c.sequence)).all()
    return dict(NOWHERE) | {LOG_NAMES[log]: sequence for log, sequence in rows}


def standing(connection: Connection, log: LogName) -> Standing:
    """Return where the fold stands in a log, and whether it can go on from there."""
    wanted = select(POSITION.c.sequence, EVENT.c.recorded_at, POSITION.c.stopped).select_from(
        POSITION.outerjoin(EVENT, (EVENT.c.log == POSITION.c.log) & (EVENT.c.sequence == POSITION.c.sequence))
    )
    found = connection.execute(wanted.where(POSITION.c.log == LOG_NAMES.index(log))).one_or_none()
    return Standing(0, 0, None) if found is None else Standing(found[0], found[1] or 0, found[2])


def last_versions(connection: Connection, buckets: Sequence[str], at: Positions) -> list[Sequence[Any]]:
    """Return bucket, key, id and content, None before there is any, of the cells of buckets as of some positions."""
    rows: list[Sequence[Any]] = []
    for some in _chunks(buckets):
        asked = padded(some, some[-1])
        statement = _last_versions(connection.dialect, len(asked))
        rows += execute(connection, statement, (*(at[log] for log in LOG_NAMES), *asked), fetch=True)
    return rows


def moves(connection: Connection, buckets: Sequence[str], after: Positions, until: Positions) -> list[Any]:
    """Return what `moves_of` makes moves of: what the events of a stretch made of the cells of buckets."""
    stretch = _parameters("a", after) | _parameters("b", until)
    return [row for some in _chunks(buckets) for row in connection.execute(MOVES, stretch | {"buckets": some}).all()]


def moves_of(rows: Iterable[Any]) -> list[Move]:
    """Return what each event made of cells, in no order."""
    moves: dict[tuple[int, int], tuple[int, list[Version]]] = {}
    for bucket, key, log, sequence, content, recorded_at in rows:
        _, versions = moves.setdefault((log, sequence), (recorded_at, []))
        versions.append(Version(Address(*group_of(bucket), key), Cell(*decode_content(content))))
    return [
        Move(recorded_at, Place(LOG_NAMES[log], sequence), versions)
        for (log, sequence), (recorded_at, versions) in moves.items()
    ]


def cut(connection: Connection, time: Instant) -> tuple[dict[LogName, int], Instant]:
    """Return the last sequence of each log recorded up to and including a time, and the newest time of these."""
    found = dict(NOWHERE)
    newest = 0
    for log, sequence, recorded_at in connection.execute(_CUT, {"time": time}).all():
        found[LOG_NAMES[log]] = sequence
        newest = max(newest, recorded_at)
    return found, newest


def cuts(connection: Connection, times: Sequence[Instant]) -> dict[Instant, dict[LogName, int]]:
    """Return, for each of some times, the last sequence of each log recorded up to and including it."""
    asked = padded(times, times[-1])
    rows = connection.execute(_cuts(len(asked)), {f"t{each}": time for each, time in enumerate(asked)}).all()
    return {time: dict(zip(LOG_NAMES, (each or 0 for each in found), strict=True)) for time, *found in rows}


def recorded_at(connection: Connection, log: LogName, sequence: int) -> Instant | None:
    """Return when a folded event was recorded; None where there is none at that sequence."""
    wanted = select(EVENT.c.recorded_at).where(EVENT.c.log == LOG_NAMES.index(log), EVENT.c.sequence == sequence)
    found = connection.scalar(wanted)
    return None if found is None else int(found)


def described(connection: Connection, places: Collection[Place]) -> dict[Place, tuple[str, str, str]]:
    """Return (source, id, subject) of folded events."""
    result: dict[Place, tuple[str, str, str]] = {}
    for log in LOG_NAMES:
        for some in _chunks([place.sequence for place in places if place.log == log]):
            wanted = _DESCRIBED.where(EVENT.c.log == LOG_NAMES.index(log), EVENT.c.sequence.in_(some))
            rows = connection.execute(wanted).all()
            result |= {Place(log, row.sequence): (row.source, row.id, row.subject) for row in rows}
    return result


def _chunks(items: Sequence[T]) -> Iterable[Sequence[T]]:
    return (items[start : start + _ASKED_AT_ONCE] for start in range(0, len(items), _ASKED_AT_ONCE))


def _parameters(letter: str, positions: Positions) -> dict[str, int]:
    return {f"{letter}{index}": positions[log] for index, log in enumerate(LOG_NAMES)}
