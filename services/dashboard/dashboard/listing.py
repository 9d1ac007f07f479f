"""What a service says of a list: how it is filtered and sorted, and the form of each field. It is its OpenAPI."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

import msgspec

from dashboard.desk_words import MEMBERS
from dashboard.lists import DAYS_AHEAD, ListOf, on_day
from dashboard.services import Services
from dashboard.table import Table, within
from dashboard.view import COMMON
from wco_common.problem import Unavailable
from wco_common.query import Reader

_OF_PAGES = {"limit", "cursor", "after", "as_of"}
"""Parameters that choose nothing: how many rows, and as of when."""
_INSTANT = "recordedtime"


class _Parameter(msgspec.Struct, frozen=True):
    name: str
    place: str = msgspec.field(name="in")
    schema: dict[str, Any] = msgspec.field(default_factory=dict)


class _Operation(msgspec.Struct, frozen=True):
    parameters: list[_Parameter] = []
    responses: dict[str, dict[str, Any]] = {}


class _Path(msgspec.Struct, frozen=True):
    get: _Operation = msgspec.field(default_factory=_Operation)


class OpenApi(msgspec.Struct, frozen=True):
    """What of a service's OpenAPI is read."""

    paths: dict[str, _Path]


@dataclass(frozen=True)
class Filter:
    """A parameter that leaves rows out, or says how they are seen; `choices` is empty where it is no closed list."""

    name: str
    form: str
    choices: Sequence[str]

    @property
    def reader(self) -> Reader:
        """What reads it. What else is right in it, the service says."""
        if self.form != "date":
            return _text
        return _day if self.name == "on" else _day_or_ahead

    def told(self, value: str, day: date) -> str:
        """Return a value as the service is told it, where the list is seen from a day."""
        if self.name in MEMBERS:
            return value.upper()
        return on_day(value, day) if self.form == "date" else value


@dataclass(frozen=True)
class Listing:
    """A list as its service says it is: filters, names of orders, and forms of the rows' fields and of the thing's.

    `paths` lead to all that a row says, also within its objects.
    """

    filters: Mapping[str, Filter]
    sorts: Sequence[str]
    fields: Mapping[str, str]
    item: Mapping[str, str]
    paths: Sequence[Sequence[str]]

    @property
    def readers(self) -> dict[str, Reader]:
        """What an address can ask of its page, beside what every page can be asked for."""
        return self.filtering | {"cursor": _text}

    @property
    def filtering(self) -> dict[str, Reader]:
        """What an address can ask of all its rows."""
        named = {name: each.reader for name, each in self.filters.items() if name not in COMMON}
        return named | ({"sort": _text} if self.sorts else {})

    def told(self, name: str, value: str, day: date) -> str:
        """Return the value of a filter, or an order, as the service is told it, where the list is seen from a day."""
        return self.filters[name].told(value, day) if name in self.filters else value

    def table(
        self, which: ListOf, path: str, asked: Mapping[str, str], answers: Sequence[Mapping[str, Any]]
    ) -> Table[Mapping[str, Any]]:
        """Return the table of the rows in some answers; what is in an object has a column: `response.invited`."""
        columns = {".".join(each): within(*each) for each in self.paths}
        filters = urlencode({name: value for name, value in asked.items() if name not in _OF_PAGES}, safe=":,")
        of = {"address": f"{which.service}/{path}{'?' if filters else ''}{filters}", "seen_from": answers[0]["on"]}
        return Table(which.rows, columns, [row for answer in answers for row in answer[which.rows]], of)


async def listing(services: Services, which: ListOf) -> Listing:
    """Return what a list's service says of it. Raises Unavailable.

    It is asked once: services and pages are one distribution, and a later one restarts both.
    """
    return said_of((await services.lasting(which.service, "openapi.json", {}, OpenApi)).told, which)


def said_of(document: OpenApi, which: ListOf) -> Listing:
    """Return what a service's OpenAPI says of a list. Raises Unavailable."""
    path = document.paths.get(f"/{which.path}")
    if path is None:
        raise Unavailable(f"{which.service} has no /{which.path}")
    asked = {each.name: each.schema for each in path.get.parameters if each.place == "query"}
    orders = asked.pop("sort", {}).get("enum", [])
    said = path.get.responses["200"]["content"]["application/json"]["schema"]["properties"]
    return Listing(
        {
            name: Filter(name, form_of(schema), schema.get("enum", ()))
            for name, schema in asked.items()
            if name not in _OF_PAGES
        },
        [order for order in orders if not order.startswith("-")],
        _forms(said[which.rows]["items"]),
        {} if which.item is None else _forms(said[which.item]),
        list(_paths(said[which.rows]["items"])),
    )


def _forms(schema: Mapping[str, Any]) -> dict[str, str]:
    return {name: form_of(each, name) for name, each in schema["properties"].items()}


def _paths(schema: Mapping[str, Any], *before: str) -> Iterator[Sequence[str]]:
    for name, each in schema["properties"].items():
        said = _described(each)
        if "properties" in said:
            yield from _paths(said, *before, name)
        else:
            yield (*before, name)


def form_of(schema: Mapping[str, Any], name: str = "") -> str:
    """Return the form of a value by its JSON Schema: date, instant, boolean, integer, array, object or string."""
    said = _described(schema)
    if said.get("format") == "date":
        return "date"
    return "instant" if name == _INSTANT else str(said.get("type", "object"))


def _described(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what describes a value; what may be null is described by what it is otherwise."""
    return next((each for each in schema.get("anyOf", ()) if each.get("type") != "null"), schema)


def _text(text: str) -> str:
    return text


def _day(text: str) -> str:
    if text and not _is_day(text):
        raise ValueError("must be a calendar date written YYYY-MM-DD, as 2024-06-26")
    return text


def _day_or_ahead(text: str) -> str:
    return text if DAYS_AHEAD.fullmatch(text) else _day(text)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text  # not a week's day, nor one without hyphens
    except ValueError:
        return False
