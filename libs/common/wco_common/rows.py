"""Rows by their keys: read, added and replaced many at a time, by texts that SQLAlchemy compiles once.

To execute the same as SQLAlchemy expressions takes half as much processor time again as all else that an append does.
Values are as the driver takes and gives them.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any, NamedTuple, TypeVar

import asyncpg
from sqlalchemy import Connection, Dialect, Table
from sqlalchemy.exc import DBAPIError

from wco_common.row_texts import (
    ANY,
    LookUp,
    adding_text,
    asking_text,
    look_up_text,
    putting_text,
    sending_text,
)

K = TypeVar("K")

_KEYS = 8_192
"""Keys in one statement, at most: twice as many parameters are well under what SQLite takes (32,766)."""

_ROWS = 64
"""Rows in one statement of SQLite's, at most."""

_COPIED = 48
"""From so many rows on PostgreSQL takes them by COPY: a thousand in half the time, but a few in twice as much."""


class Statement(NamedTuple):
    """What writes: a text and its parameters; or, of rows that go by COPY, the text and the rows."""

    text: str
    parameters: tuple[Any, ...]
    copied_to: Table | None = None


def rows_of(connection: Connection, wanted: LookUp, keys: Collection[Sequence[Any]]) -> Sequence[Sequence[Any]]:
    """Return the rows of those keys that have one."""
    [rows] = rows_of_each(connection, [(wanted, keys)])
    return rows


def rows_of_each(
    connection: Connection, wanted: Iterable[tuple[LookUp, Collection[Sequence[Any]]]]
) -> Sequence[Sequence[Sequence[Any]]]:
    """Return, of each of several look-ups, the rows of those keys that have one: on PostgreSQL all in one question."""
    found: list[Sequence[Sequence[Any]]] = []
    asked: list[tuple[str, tuple[Any, ...]]] = []
    places: list[int] = []
    for look_up, keys in wanted:
        found.append(())
        if keys and connection.dialect.name == "postgresql":
            asked.append((look_up_text(look_up, connection.dialect, ANY), _parameters(list(keys), ANY)))
            places.append(len(found) - 1)
        elif keys:
            found[-1] = _in_parts(connection, look_up, list(keys))
    if len(asked) == 1:
        found[places[0]] = execute(connection, *asked[0], fetch=True)
    elif asked:
        text = asking_text(tuple((text, len(parameters)) for text, parameters in asked))
        [row] = execute(connection, text, tuple(chain.from_iterable(each for _, each in asked)), fetch=True)
        for place, rows in zip(places, row, strict=True):
            found[place] = rows
    return found


def _in_parts(connection: Connection, wanted: LookUp, keys: list[Sequence[Any]]) -> list[Sequence[Any]]:
    found: list[Sequence[Any]] = []
    for start in range(0, len(keys), _KEYS):
        part = padded(keys[start : start + _KEYS], (None,) * len(wanted.by))
        text = look_up_text(wanted, connection.dialect, len(part))
        found += execute(connection, text, _parameters(part, len(part)), fetch=True)
    return found


def padded(keys: Sequence[K], filling: K) -> list[K]:
    """Return keys, filled up to a power of two: that leaves a dozen texts for a database to prepare."""
    return [*keys, *[filling] * ((1 << (len(keys) - 1).bit_length()) - len(keys))]


def add(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows; values are in the order of the columns."""
    send(connection, adding(connection, table, rows))


def put(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows, or put each in the place of the one that has its key; no key twice."""
    send(connection, putting(connection, table, rows))


def adding(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> Iterator[Statement]:
    """Yield what inserts rows."""
    if len(rows) >= _COPIED and connection.dialect.name == "postgresql":
        columns = ", ".join(table.columns.keys())
        yield Statement(f"COPY {table.name} ({columns}) FROM STDIN", tuple(rows), table)
    else:
        yield from _writing(connection, table, rows, adding_text)


def putting(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> Iterator[Statement]:
    """Yield what inserts rows, or puts each in the place of the one that has its key."""
    yield from _writing(connection, table, rows, putting_text)


def send(connection: Connection, statements: Iterable[Statement]) -> None:
    """Have some statements write, of which none needs what another writes.

    On PostgreSQL they are one: a commit of a few events waits for answers more than for anything else.
    """
    together: list[Statement] = []
    for statement in statements:
        if statement.copied_to is not None:
            _copy(connection, statement.copied_to, statement)
        elif connection.dialect.name == "postgresql":
            together.append(statement)
        else:
            execute(connection, statement.text, statement.parameters)
    if len(together) == 1:
        execute(connection, together[0].text, together[0].parameters)
    elif together:
        text = sending_text(tuple((statement.text, len(statement.parameters)) for statement in together))
        execute(connection, text, tuple(chain.from_iterable(statement.parameters for statement in together)))


def _writing(
    connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]], text: Callable[[Table, Dialect, int], str]
) -> Iterator[Statement]:
    start = 0
    while left := len(rows) - start:
        # Many rows a statement: a driver lets go of the interpreter's lock at each, and waits for it again. Their
        # number is a power of two, for few texts.
        number = _number(connection.dialect, min(_ROWS, 1 << (left.bit_length() - 1)))
        some = rows[start : start + (number or _KEYS)]
        yield Statement(text(table, connection.dialect, number), _parameters(some, number))
        start += len(some)


def _copy(connection: Connection, table: Table, copy: Statement) -> None:
    with _failing(connection, copy.text):
        _hear(connection, None, copy.text, ())
        driver: Any = connection.connection.dbapi_connection
        columns = table.columns.keys()
        driver.run_async(
            lambda asyncpg: asyncpg.copy_records_to_table(table.name, records=copy.parameters, columns=columns)
        )


def _number(dialect: Dialect, rows: int) -> int:
    """Return for how many rows a statement's text is."""
    return ANY if dialect.name == "postgresql" else rows


def _parameters(rows: Sequence[Sequence[Any]], number: int) -> tuple[Any, ...]:
    """Return what a text for so many rows takes: column by column, or value by value."""
    return tuple(chain.from_iterable(rows)) if number else tuple(zip(*rows, strict=True))


def execute(
    connection: Connection, text: str, parameters: tuple[Any, ...], *, fetch: bool = False
) -> Sequence[Sequence[Any]]:
    """Execute a text on the driver's own cursor, and return its rows if they are wanted. Raises DBAPIError.

    It begins no transaction, as a connection of SQLAlchemy's does by itself: it runs within the one that was begun.
    What SQLAlchemy does around a text, which is nothing to these, takes longer than SQLite takes to execute it; but
    who listens for `before_cursor_execute` hears of these texts too, without a context.
    """
    with _failing(connection, text):
        cursor = connection.connection.cursor()
        try:
            text, parameters = _hear(connection, cursor, text, parameters)
            cursor.execute(text, parameters)
            return cursor.fetchall() if fetch else ()
        finally:
            cursor.close()


def _hear(connection: Connection, cursor: Any, text: str, parameters: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
    for listener in connection.dispatch.before_cursor_execute:
        text, parameters = listener(connection, cursor, text, parameters, None, False)
    return text, parameters


@contextmanager
def _failing(connection: Connection, text: str) -> Iterator[None]:
    """Raise what the driver raises as SQLAlchemy's error."""
    driver: Any = connection.dialect.dbapi
    errors = (driver.Error, asyncpg.PostgresError, asyncpg.InterfaceError)
    try:
        yield
    except errors as error:
        raise DBAPIError.instance(
            text, None, error, type(error), hide_parameters=True, dialect=connection.dialect
        ) from error
