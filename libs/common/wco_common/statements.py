"""The statements of an append, as the texts that SQLAlchemy compiles them to, once.

To execute them as SQLAlchemy expressions takes half as much processor time again as all else that an append does.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Dialect,
    Select,
    Table,
    bindparam,
    column,
    insert,
    select,
    tuple_,
    update,
    values,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import ClauseElement

from wco_common.schema import ENTITY, EVENT, HEAD, SUBJECT

_DIALECTS: dict[str, Any] = {"sqlite": sqlite, "postgresql": postgresql}
_TEXTS = 256
_ROWS = 64
"""Rows in one statement."""
_SLICE = 8_192
"""Keys in one statement: twice as many parameters are well under what both engines take (32,766)."""


@dataclass(frozen=True, eq=False)
class LookUp:
    """What is to be read of rows that are named by their keys: the values of the columns `by`."""

    rows: Select[Any]
    by: tuple[Column[Any], ...]


def rows_of(connection: Connection, wanted: LookUp, keys: Collection[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """Return the rows of those keys that have one."""
    rest = list(keys)
    while rest:
        part, rest = rest[:_SLICE], rest[_SLICE:]
        # Repeating the last key to a power of two leaves a dozen texts that the database has to prepare.
        part += [part[-1]] * ((1 << (len(part) - 1).bit_length()) - len(part))
        text = look_up_text(wanted, connection.dialect, len(part))
        yield from connection.exec_driver_sql(text, tuple(chain.from_iterable(part)))


def put(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows, or put each in the place of the one that has its key; values are in the order of the columns."""
    for start in range(0, len(rows), _ROWS):
        part = rows[start : start + _ROWS]
        connection.exec_driver_sql(_putting(table, connection.dialect, len(part)), tuple(chain.from_iterable(part)))


def lock_head(connection: Connection, log: str) -> tuple[int, int]:
    """Lock the head until the transaction ends; return sequence and closed time. (SQLite locked when it began.)"""
    sequence, closed = connection.exec_driver_sql(_locking(connection.dialect), (log,)).one()
    return sequence, closed


def move_head(connection: Connection, log: str, sequence: int, closed: int) -> None:
    """Write the head."""
    connection.exec_driver_sql(_moving(connection.dialect), (sequence, closed, log))


ENTRIES = LookUp(select(EVENT), (EVENT.c.key,))
"""By idempotency key."""

VERSIONS = LookUp(select(SUBJECT), (SUBJECT.c.kind, SUBJECT.c.subject))
"""By kind and subject."""

STATES = LookUp(select(ENTITY), (ENTITY.c.kind, ENTITY.c.id))
"""By kind and id."""


@lru_cache(_TEXTS)
def look_up_text(wanted: LookUp, dialect: Dialect, keys: int) -> str:
    """Return the statement that reads the rows of so many keys."""
    # A table of the keys, not a list: SQLite looks a list of pairs up by going through every row that there is.
    named = values(*(column(each.name, each.type) for each in wanted.by)).data([("",) * len(wanted.by)] * keys)
    key = wanted.by[0] if len(wanted.by) == 1 else tuple_(*wanted.by)
    return _text(wanted.rows.where(key.in_(select(named.cte("wanted")))), dialect)


@lru_cache(_TEXTS)
def _putting(table: Table, dialect: Dialect, rows: int) -> str:
    # One statement for all: of many, the driver would let go of the interpreter's lock after each, and wait for it.
    some = [dict.fromkeys(table.columns.keys())] * rows
    if table is EVENT:
        return _text(insert(EVENT).values(some), dialect)
    putting: Any = _DIALECTS[dialect.name].insert(table).values(some)
    key = list(table.primary_key)
    return _text(
        putting.on_conflict_do_update(
            index_elements=key,
            set_={column.name: putting.excluded[column.name] for column in table.c if column not in key},
        ),
        dialect,
    )


@lru_cache(_TEXTS)
def _locking(dialect: Dialect) -> str:
    return _text(
        select(HEAD.c.sequence, HEAD.c.closed).where(HEAD.c.log == bindparam("name")).with_for_update(), dialect
    )


@lru_cache(_TEXTS)
def _moving(dialect: Dialect) -> str:
    moving = update(HEAD).values(sequence=bindparam("to"), closed=bindparam("until"))
    return _text(moving.where(HEAD.c.log == bindparam("name")), dialect)


def _text(statement: ClauseElement, dialect: Dialect) -> str:
    return str(statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True}))
