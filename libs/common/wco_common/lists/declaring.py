"""What a service declares of a list: its rows, how they are filtered and sorted, and what is said of them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Column, ColumnElement, func

from wco_common.lists.moment import Day, ListMoment
from wco_common.lists.reading import Rows
from wco_common.lists.table import ListTable, Version
from wco_common.query import Reader as ReadText
from wco_common.query import boolean, one_of
from wco_events.forms import ID

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Judgement:
    """Something that holds of a row or not, as seen from a moment's day: a field of the answer, and a filter."""

    name: str
    meaning: str
    holds: Callable[[ListMoment], ColumnElement[bool]]


@dataclass(frozen=True)
class Filter:
    """A parameter that leaves rows out: how its text is read, and which rows stay, as of a moment."""

    name: str
    meaning: str
    read: ReadText
    schema: Schema
    keeps: Callable[[Any, ListMoment], ColumnElement[bool]]


@dataclass(frozen=True)
class Order:
    """An order by what is found out of each row as of a moment: a text or a whole number, and never null."""

    meaning: str
    by: Callable[[ListMoment], ColumnElement[Any]]


Beside = Callable[[Rows, Sequence[Version]], Sequence[Mapping[str, Any]]]
"""Finds out what is said of each of some rows beside what they say themselves."""


def _nothing(rows: Rows, versions: Sequence[Version]) -> Sequence[Mapping[str, Any]]:
    return [{}] * len(versions)


@dataclass(frozen=True)
class Told:
    """What is told of each row of a table: what it says, what holds of it, and what is found out beside.

    `says_beside` describes what `beside` adds, by field.
    """

    table: ListTable
    judgements: Sequence[Judgement] = ()
    beside: Beside = _nothing
    says_beside: Mapping[str, Schema] = field(default_factory=dict)


@dataclass(frozen=True)
class Item:
    """One thing at an address of its own: a row whose whole key is in the path."""

    path: str
    name: str
    summary: str
    told: Told


@dataclass(frozen=True)
class Listing:
    """A list: the rows of a table, in pages.

    `name` is the answer's field. `sorts` are orders by name, each completed by the key; the first is that of a list
    that is asked for in no other. In a list within an `item` the path's key is the first part of the rows' key, and
    each page begins with the item. A course has every version of a row, in their order. `only` says which rows of the
    table are in the list at all.
    """

    path: str
    name: str
    summary: str
    told: Told
    sorts: Mapping[str, ColumnElement[Any] | Order] = field(default_factory=dict)
    filters: Sequence[Filter] = ()
    item: Item | None = None
    is_course: bool = False
    only: Callable[[ListMoment], ColumnElement[bool]] | None = None

    @property
    def all_filters(self) -> list[Filter]:
        """Its filters, those by its rows' judgements too."""
        return [*self.filters, *map(judged, self.told.judgements)]


def equal(column: Column[Any], meaning: str, *choices: str) -> Filter:
    """Return the filter by a column's value, which is one of the choices where there are some."""
    read = one_of(*choices) if choices else read_id
    schema: Schema = {"type": "string", "enum": list(choices)} if choices else {"type": "string"}
    return Filter(column.name, meaning, read, schema, lambda value, moment: column == value)


def judged(judgement: Judgement) -> Filter:
    """Return the filter by a judgement."""

    def keeps(value: bool, moment: ListMoment) -> ColumnElement[bool]:
        holds = judgement.holds(moment)
        return holds if value else ~holds

    return Filter(judgement.name, judgement.meaning, boolean, {"type": "boolean"}, keeps)


def names(column: ColumnElement[Any], value: str) -> ColumnElement[bool]:
    """Say whether a list names an id. What stands in quotes is the id itself: no id has a quote in it.

    Both engines compare so by case, which LIKE does not on SQLite.
    """
    return func.replace(column, f'"{value}"', "") != column


def naming(name: str, column: Column[Any], meaning: str) -> Filter:
    """Return the filter by an id that a list has to name."""
    return Filter(name, meaning, read_id, {"type": "string"}, lambda value, moment: names(column, value))


def between(column: ColumnElement[Any], what: str) -> list[Filter]:
    """Return the filters by the first and the last day that a date may be."""
    date_form = {"type": "string", "format": "date"}
    return [
        Filter("from", f"{what} on this day or later.", read_day, date_form, lambda value, moment: column >= value),
        Filter("to", f"{what} on this day or earlier.", read_day, date_form, lambda value, moment: column <= value),
    ]


_ID = re.compile(ID)


def read_id(text: str) -> str:
    """Read an id."""
    if not _ID.fullmatch(text):
        raise ValueError("must be an id: up to 64 letters, digits, '.', '_', '~' and '-', the first a letter or digit")
    return text


def read_day(text: str) -> Day:
    """Read a calendar date."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise ValueError("must be a calendar date written YYYY-MM-DD, as 2024-06-26")
    return text
