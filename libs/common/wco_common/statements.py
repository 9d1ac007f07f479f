"""The statements of an append, as the texts that SQLAlchemy compiles them to, once.

To execute them as SQLAlchemy expressions takes half as much processor time again as all else that an append does.
"""

from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Dialect,
    Select,
    Table,
    bindparam,
    insert,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import ClauseElement

from wco_common.schema import ENTITY, EVENT, HEAD, SUBJECT

_KEYS: BindParameter[Any] = bindparam("keys", expanding=True)
_DIALECTS: dict[str, Any] = {"sqlite": sqlite, "postgresql": postgresql}
_TEXTS = 256
_SLICE = 8_192
"""Keys in one statement: twice as many parameters are well under what both engines take (32,766)."""


def rows_of(connection: Connection, wanted: Select[Any], keys: Collection[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """Return the rows of those keys that have one. `wanted` is one of the selections below."""
    rest = list(keys)
    while rest:
        part, rest = rest[:_SLICE], rest[_SLICE:]
        # Repeating the last key to a power of two leaves a dozen texts that the database has to prepare.
        part += [part[-1]] * ((1 << (len(part) - 1).bit_length()) - len(part))
        text = _selecting(wanted, connection.dialect, len(part))
        yield from connection.exec_driver_sql(text, tuple(chain.from_iterable(part)))


def put(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows, or put each in the place of the one that has its key; values are in the order of the columns."""
    if rows:
        connection.exec_driver_sql(_putting(table, connection.dialect), rows)


def lock_head(connection: Connection, log: str) -> tuple[int, int]:
    """Lock the head until the transaction ends; return sequence and closed time. (SQLite locked when it began.)"""
    sequence, closed = connection.exec_driver_sql(_locking(connection.dialect), (log,)).one()
    return sequence, closed


def move_head(connection: Connection, log: str, sequence: int, closed: int) -> None:
    """Write the head."""
    connection.exec_driver_sql(_moving(connection.dialect), (sequence, closed, log))


ENTRIES = select(EVENT).where(EVENT.c.key.in_(_KEYS))
"""By idempotency key."""

VERSIONS = select(SUBJECT).where(tuple_(SUBJECT.c.kind, SUBJECT.c.subject).in_(_KEYS))
"""By kind and subject."""

STATES = select(ENTITY).where(tuple_(ENTITY.c.kind, ENTITY.c.id).in_(_KEYS))
"""By kind and id."""


@lru_cache(_TEXTS)
def _selecting(wanted: Select[Any], dialect: Dialect, keys: int) -> str:
    one: Any = b"" if wanted is ENTRIES else ("", "")
    return _text(wanted.params(keys=[one] * keys), dialect)


@lru_cache(_TEXTS)
def _putting(table: Table, dialect: Dialect) -> str:
    if table is EVENT:
        return _text(insert(EVENT), dialect)
    putting: Any = _DIALECTS[dialect.name].insert(table)
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
