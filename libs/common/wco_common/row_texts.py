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
    and_,
    bindparam,
    column,
    func,
    insert,
    select,
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

_ONE_ROW = re.compile(r"(?<=VALUES )\(\?(?:, \?)*\)")
"""The parameters of a row, as a text for SQLite has them."""


@dataclass(frozen=True, eq=False)
class LookUp:
    """What is to be read of rows that are named by their keys: the values of the columns `by`."""

    rows: Select[Any]
    by: tuple[Column[Any], ...]


@lru_cache(_TEXTS)
def look_up_text(wanted: LookUp, dialect: Dialect, keys: int) -> str:
    """Return the statement that reads the rows of so many keys."""
    # Joined, and not asked for in a list of keys: SQLite finds the rows of a list by its columns of text alone, and
    # goes through all versions of a row for the one that holds.
    given = _given(wanted.by, keys)
    named = and_(*(column == given.c[column.name] for column in wanted.by))
    return _for_rows(text_of(wanted.rows.join(given, named), dialect), keys)


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
    return _for_rows(text_of(_inserting(insert(table), table, rows), dialect), rows)


@lru_cache(_TEXTS)
def putting_text(table: Table, dialect: Dialect, rows: int) -> str:
    """Return the statement that inserts so many rows, each in the place of the one that has its key."""
    putting = _inserting(_DIALECTS[dialect.name].insert(table), table, rows)
    key = list(table.primary_key)
    replacing = putting.on_conflict_do_update(
        index_elements=key,
        set_={column.name: putting.excluded[column.name] for column in table.c if column not in key},
    )
    return _for_rows(text_of(replacing, dialect), rows)


def _inserting(statement: Any, table: Table, rows: int) -> Any:
    names = table.columns.keys()
    if rows:
        return statement.values(dict.fromkeys(names))
    return statement.from_select(names, select(_given(tuple(table.columns), rows)))


def _given(columns: Sequence[Column[Any]], rows: int) -> FromClause:
    """Return a table of rows that are parameters: of any number, or of one, which `_for_rows` makes more of."""
    named = [column(each.name, each.type) for each in columns]
    if rows:
        return values(*named).data([("",) * len(named)]).cte("given")
    arrays = (bindparam(each.name, type_=ARRAY(each.type)) for each in columns)
    return func.unnest(*arrays).table_valued(*named, name="given").render_derived()


def _for_rows(text: str, rows: int) -> str:
    """Return the text for so many rows, given that for one: they differ in nothing else.

    To compile some hundred rows takes SQLAlchemy a tenth of a second, in which nobody is answered.
    """
    return _ONE_ROW.sub(lambda found: ", ".join([found[0]] * rows), text, count=1) if rows else text


def text_of(statement: ClauseElement, dialect: Dialect) -> str:
    """Return a statement as the text that the driver takes."""
    return str(statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True}))
