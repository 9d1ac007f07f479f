"""Rows by their keys: read, added and replaced many at a time, by texts that SQLAlchemy compiles once.

To execute the same as SQLAlchemy expressions takes half as much processor time again as all else that an append does.
Values are as the driver takes and gives them.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Dialect, Select, Table, column, insert, select, tuple_, values
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import ClauseElement

K = TypeVar("K")

_DIALECTS: dict[str, Any] = {"sqlite": sqlite, "postgresql": postgresql}
_TEXTS = 256
_KEYS = 8_192
"""Keys in one statement, at most: twice as many parameters are well under what both engines take (32,766)."""

_ROWS = 64
"""Rows in one statement, at most."""


@dataclass(frozen=True, eq=False)
class LookUp:
    """What is to be read of rows that are named by their keys: the values of the columns `by`."""

    rows: Select[Any]
    by: tuple[Column[Any], ...]


def rows_of(connection: Connection, wanted: LookUp, keys: Collection[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """Return the rows of those keys that have one."""
    rest = list(keys)
    while rest:
        part, rest = rest[:_KEYS], rest[_KEYS:]
        part = padded(part)
        text = look_up_text(wanted, connection.dialect, len(part))
        yield from execute(connection, text, tuple(chain.from_iterable(part)), fetch=True)


def padded(keys: Sequence[K]) -> list[K]:
    """Return keys with the last repeated up to a power of two: that leaves a dozen texts for a database to prepare."""
    return [*keys, *[keys[-1]] * ((1 << (len(keys) - 1).bit_length()) - len(keys))]


def add(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows; values are in the order of the columns."""
    _write(connection, table, rows, _adding)


def put(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows, or put each in the place of the one that has its key; no key twice."""
    _write(connection, table, rows, _putting)


def _write(
    connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]], text: Callable[[Table, Dialect, int], str]
) -> None:
    start = 0
    while left := len(rows) - start:
        # Many rows a statement: a driver lets go of the interpreter's lock at each, and waits for it again. Their
        # number is a power of two, for few texts.
        number = min(_ROWS, 1 << (left.bit_length() - 1))
        some = tuple(chain.from_iterable(rows[start : start + number]))
        execute(connection, text(table, connection.dialect, number), some)
        start += number


def execute(
    connection: Connection, text: str, parameters: tuple[Any, ...], *, fetch: bool = False
) -> Sequence[Sequence[Any]]:
    """Execute a text on the driver's own cursor, and return its rows if they are wanted. Raises DBAPIError.

    It begins no transaction, as a connection of SQLAlchemy's does by itself: it runs within the one that was begun.
    What SQLAlchemy does around a text, which is nothing to these, takes longer than SQLite takes to execute it; but
    who listens for `before_cursor_execute` hears of these texts too, without a context.
    """
    driver: Any = connection.dialect.dbapi
    try:
        cursor = connection.connection.cursor()
        try:
            for listener in connection.dispatch.before_cursor_execute:
                text, parameters = listener(connection, cursor, text, parameters, None, False)
            cursor.execute(text, parameters)
            return cursor.fetchall() if fetch else ()
        finally:
            cursor.close()
    except driver.Error as error:
        raise DBAPIError.instance(
            text, parameters, error, driver.Error, hide_parameters=True, dialect=connection.dialect
        ) from error


@lru_cache(_TEXTS)
def look_up_text(wanted: LookUp, dialect: Dialect, keys: int) -> str:
    """Return the statement that reads the rows of so many keys."""
    # A table of the keys, not a list: SQLite looks a list of pairs up by going through every row that there is.
    named = values(*(column(each.name, each.type) for each in wanted.by)).data([("",) * len(wanted.by)] * keys)
    key = wanted.by[0] if len(wanted.by) == 1 else tuple_(*wanted.by)
    return text_of(wanted.rows.where(key.in_(select(named.cte("wanted")))), dialect)


@lru_cache(_TEXTS)
def _adding(table: Table, dialect: Dialect, rows: int) -> str:
    return text_of(insert(table).values([dict.fromkeys(table.columns.keys())] * rows), dialect)


@lru_cache(_TEXTS)
def _putting(table: Table, dialect: Dialect, rows: int) -> str:
    putting: Any = _DIALECTS[dialect.name].insert(table).values([dict.fromkeys(table.columns.keys())] * rows)
    key = list(table.primary_key)
    return text_of(
        putting.on_conflict_do_update(
            index_elements=key,
            set_={column.name: putting.excluded[column.name] for column in table.c if column not in key},
        ),
        dialect,
    )


def text_of(statement: ClauseElement, dialect: Dialect) -> str:
    """Return a statement as the text that the driver takes."""
    return str(statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True}))
