"""What a service declares of a list: its rows, how they are filtered and sorted, and what is said of them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Column, ColumnElement

from wco_common.lists.reading import Reader
from wco_common.lists.table import ListTable, Version
from wco_common.query import Reader as ReadText
from wco_common.query import boolean, one_of

Schema = Mapping[str, Any]
Day = str
"""A calendar date, as text."""


@dataclass(frozen=True)
class Judgement:
    """Something that holds of a row or not, as seen from a day: a field of the answer, and a filter."""

    name: str
    meaning: str
    holds: Callable[[Day], ColumnElement[bool]]


@dataclass(frozen=True)
class Filter:
    """A parameter that leaves rows out: how its text is read, and which rows stay, as seen from a day."""

    name: str
    meaning: str
    read: ReadText
    schema: Schema
    keeps: Callable[[Any, Day], ColumnElement[bool]]


Beside = Callable[[Reader, Sequence[Version], Day], Awaitable[Sequence[Mapping[str, Any]]]]
"""Finds out what is said of each of some rows beside what they say themselves."""


async def _nothing(reader: Reader, versions: Sequence[Version], day: Day) -> Sequence[Mapping[str, Any]]:
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
    each page begins with the item. A course has every version of a row, in their order.
    """

    path: str
    name: str
    summary: str
    told: Told
    sorts: Mapping[str, ColumnElement[Any]] = field(default_factory=dict)
    filters: Sequence[Filter] = ()
    item: Item | None = None
    is_course: bool = False

    @property
    def all_filters(self) -> list[Filter]:
        """Its filters, those by its rows' judgements too."""
        return [*self.filters, *map(judged, self.told.judgements)]


def equal(column: Column[Any], meaning: str, *choices: str) -> Filter:
    """Return the filter by a column's value, which is one of the choices where there are some."""
    read = one_of(*choices) if choices else str
    schema: Schema = {"type": "string", "enum": list(choices)} if choices else {"type": "string"}
    return Filter(column.name, meaning, read, schema, lambda value, day: column == value)


def judged(judgement: Judgement) -> Filter:
    """Return the filter by a judgement."""

    def keeps(value: bool, day: Day) -> ColumnElement[bool]:
        holds = judgement.holds(day)
        return holds if value else ~holds

    return Filter(judgement.name, judgement.meaning, boolean, {"type": "boolean"}, keeps)


def read_day(text: str) -> Day:
    """Read a calendar date."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise ValueError("must be a calendar date written YYYY-MM-DD, as 2024-06-26")
    return text
