"""What OpenAPI says of lists: parameters and answers, made from what is declared of them."""

from collections.abc import Mapping
from typing import Any

from wco_common.lists.declaring import Item, Listing, Order, Schema, Told
from wco_common.log_openapi import parameter

Answers = dict[int | str, dict[str, Any]]

_TEXT: Schema = {"type": "string"}
_INSTANT: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$"}
_POSITION: Schema = {"type": "integer", "minimum": 0}
_DATE: Schema = {"type": "string", "format": "date"}


def fields(said: Mapping[str, Schema], **more: Any) -> dict[str, Any]:
    """Return the schema of an object that has these fields, all of them and no others."""
    return {"type": "object", "required": list(said), "properties": dict(said), "additionalProperties": False} | more


def maybe(schema: Schema) -> dict[str, Any]:
    """Return the schema of what may be null."""
    return {"anyOf": [dict(schema), {"type": "null"}]}


def several(items: Schema) -> dict[str, Any]:
    """Return the schema of an array."""
    return {"type": "array", "items": dict(items)}


def told_row(told: Told) -> dict[str, Any]:
    """Return the schema of what is told of a row."""
    table = told.table
    return fields(
        {
            **{field.name: field.schema() for field in (*table.key, *table.says)},
            "sequence": {"type": "integer", "minimum": 1, "description": "The event that it was last changed by."},
            "recordedtime": _INSTANT,
            **{each.name: {"type": "boolean", "description": each.meaning} for each in told.judgements},
            **told.says_beside,
        },
        description=table.table.comment,
    )


def _heading() -> dict[str, Schema]:
    positions = {"type": "object", "additionalProperties": _POSITION, "description": "Up to where the log is in it."}
    return {"log": _TEXT, "as_of": fields({"time": _INSTANT, "positions": positions}), "on": _DATE}


def _answers(description: str, said: Mapping[str, Schema], **headers: str) -> Answers:
    headers = {
        "ETag": "Moved by every event and every midnight.",
        "Cache-Control": "`immutable` for a past moment, and past page 1.",
    } | headers
    return {
        200: {
            "description": description,
            "headers": {name: {"description": text, "schema": _TEXT} for name, text in headers.items()},
            "content": {"application/json": {"schema": fields(_heading() | dict(said))}},
        },
        304: {"description": "The client has this answer (If-None-Match)."},
    }


def item_answers(item: Item) -> Answers:
    """Return the answers with an item."""
    return _answers(item.summary, {item.name: told_row(item.told)})


def list_answers(listing: Listing) -> Answers:
    """Return the answers with a page of a list."""
    item = {} if listing.item is None else {listing.item.name: told_row(listing.item.told)}
    link = 'With rel="next": the next page; with rel="prev": the one before. Relative to this address.'
    return _answers(f"{listing.summary}: a page.", item | {listing.name: several(told_row(listing.told))}, Link=link)


def item_parameters(item: Item) -> list[dict[str, Any]]:
    """Return the parameters of an item."""
    return [*_path(item), *_MOMENT, _MATCH]


def list_parameters(listing: Listing) -> list[dict[str, Any]]:
    """Return the parameters of a list."""
    sorts = [f"{sign}{name}" for name in listing.sorts for sign in ("", "-")]
    path = [] if listing.item is None else _path(listing.item)
    filters = [parameter(filter.name, "query", filter.meaning, **filter.schema) for filter in listing.all_filters]
    meanings = [f" {name}: {each.meaning}" for name, each in listing.sorts.items() if isinstance(each, Order)]
    says = "".join(["The order; with -, the other way round.", *meanings])
    sort = [parameter("sort", "query", says, type="string", enum=sorts)]
    return [*path, *filters, *(sort if sorts else []), *_MOMENT, *_PAGE, _MATCH]


def _path(item: Item) -> list[dict[str, Any]]:
    return [parameter(field.name, "path", field.meaning, required=True, type="string") for field in item.told.table.key]


_MOMENT = [
    parameter("on", "query", "The day that rows are seen from; without it, the UTC day of the answer.", **_DATE),
    parameter(
        "as_of",
        "query",
        "The list as it was: at a time, at the end of a date (UTC), or at a position, as plan-registry:42.",
        **_TEXT,
    ),
    parameter("after", "query", "Wait until this event is in, as plan-registry:42; not together with as_of.", **_TEXT),
]
_PAGE = [
    parameter("limit", "query", "Rows in a page.", type="integer", minimum=1, maximum=1_000, default=100),
    parameter("cursor", "query", "From the Link of another page.", **_TEXT),
]
_MATCH = parameter("If-None-Match", "header", "Entity tags that the client has.", **_TEXT)
