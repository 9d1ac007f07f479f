"""The texts of statements that read, add and replace rows by their keys: each compiled once by SQLAlchemy.

PostgreSQL takes the rows of a statement as one array a column: one text for any number of rows, and two thirds of the
time of one parameter a value. SQLite knows no arrays.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    Column,
    Dialect,
    FromClause,
    Select,
    Table,
    bindparam,
    column,
    func,
    insert,
    select,
    tuple_,
    values,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import ClauseElement

ANY = 0
"""In the place of a number of rows: a text for any number."""

_DIALECTS: dict[str, Any] = {"sqlite": sqlite, "postgresql": postgresql}
_TEXTS = 256

_PARAMETER = re.compile(r"\$(\d+)")
"""As a text for PostgreSQL names one."""


@dataclass(frozen=True, eq=False)
class LookUp:
    """What is to be read of rows that are named by their keys: the values of the columns `by`."""

    rows: Select[Any]
    by: tuple[Column[Any], ...]


@lru_cache(_TEXTS)
def look_up_text(wanted: LookUp, dialect: Dialect, keys: int) -> str:
    """Return the statement that reads the rows of so many keys."""
    # A table of the keys, not a list: SQLite looks a list of pairs up by going through every row that there is.
    named = _given(wanted.by, keys)
    key = wanted.by[0] if len(wanted.by) == 1 else tuple_(*wanted.by)
    return text_of(wanted.rows.where(key.in_(select(named))), dialect)


@lru_cache(_TEXTS)
def asking_text(texts: tuple[tuple[str, int], ...]) -> str:
    """Return one text of several that read, each with how many parameters it has: each gives an array of its rows."""
    arrays = (f"ARRAY(SELECT each FROM ({text}) AS each)" for text in _numbered(texts))
    return f"SELECT {', '.join(arrays)}"


@lru_cache(_TEXTS)
def sending_text(texts: tuple[tuple[str, int], ...]) -> str:
    """Return one text of several that write, each with how many parameters it has."""
    parts = (f"sent_{number} AS ({text})" for number, text in enumerate(_numbered(texts)))
    return f"WITH {', '.join(parts)} SELECT"


def _numbered(texts: tuple[tuple[str, int], ...]) -> Iterator[str]:
    """Yield texts whose parameters follow on each other's."""
    before = 0
    for text, parameters in texts:
        yield _PARAMETER.sub(lambda found, before=before: f"${int(found[1]) + before}", text)  # type: ignore[misc]
        before += parameters


@lru_cache(_TEXTS)
def adding_text(table: Table, dialect: Dialect, rows: int) -> str:
    """Return the statement that inserts so many rows."""
    return text_of(_inserting(insert(table), table, rows), dialect)


@lru_cache(_TEXTS)
def putting_text(table: Table, dialect: Dialect, rows: int) -> str:
    """Return the statement that inserts so many rows, each in the place of the one that has its key."""
    putting = _inserting(_DIALECTS[dialect.name].insert(table), table, rows)
    key = list(table.primary_key)
    return text_of(
        putting.on_conflict_do_update(
            index_elements=key,
            set_={column.name: putting.excluded[column.name] for column in table.c if column not in key},
        ),
        dialect,
    )


def _inserting(statement: Any, table: Table, rows: int) -> Any:
    names = table.columns.keys()
    if rows:
        return statement.values([dict.fromkeys(names)] * rows)
    return statement.from_select(names, select(_given(tuple(table.columns), rows)))


def _given(columns: Sequence[Column[Any]], rows: int) -> FromClause:
    """Return a table of so many rows that are parameters."""
    named = [column(each.name, each.type) for each in columns]
    if rows:
        return values(*named).data([("",) * len(named)] * rows).cte("given")
    arrays = (bindparam(each.name, type_=ARRAY(each.type)) for each in columns)
    return func.unnest(*arrays).table_valued(*named, name="given").render_derived()


def text_of(statement: ClauseElement, dialect: Dialect) -> str:
    """Return a statement as the text that the driver takes."""
    return str(statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True}))
