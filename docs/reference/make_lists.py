"""Writes the tables of lists.md and views.md from what the services declare: `python docs/reference/make_lists.py`.

Each table stands between two comments, `<!-- made: NAME -->` and `<!-- end -->`; what stands around them is written by
hand and left as it is.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from wco_common.lists.declaring import Item, Told
from wco_common.lists.opened import Lists
from wco_common.lists.view import View
from wco_events.event_type import LOG_NAMES, LogName

LISTS = Path(__file__).with_name("lists.md")
VIEWS = Path(__file__).with_name("views.md")

_MADE = re.compile(r"(<!-- made: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def made(page: str, tables: Callable[[LogName], Iterable[str]]) -> str:
    """Return a page with each of its tables made anew."""
    by_log = {log: "\n".join(tables(log)) for log in LOG_NAMES}
    return _MADE.sub(lambda found: f"{found[1]}\n{by_log[_log(found[2])]}\n\n{found[3]}", page)


def _log(name: str) -> LogName:
    return next(log for log in LOG_NAMES if log == name)


def declared(log: LogName, module: str) -> Any:
    """Return a module of a log's service."""
    return import_module(f"{log.replace('-', '_')}.{module}")


def lists_of(log: LogName) -> Iterator[str]:
    """Yield what lists.md says of the lists of a log."""
    lists: Lists = declared(log, "lists").LISTS
    said: dict[int, str] = {}
    for item in lists.items:
        yield f"#### `GET /{log}{item.path}`\n\n{_sentence(item.summary)} Answers with `{item.name}`.\n"
        yield from _told(item.name, item.told, said)
    for listing in lists.listings:
        yield f"#### `GET /{log}{listing.path}`\n"
        yield f"{_sentence(listing.summary)} Answers with {_named(listing.item)}`{listing.name}`, in pages.\n"
        if listing.all_filters:
            yield "| parameter | takes | |\n|---|---|---|"
            for filter in listing.all_filters:
                yield f"| `{filter.name}` | {_takes(filter.schema)} | {filter.meaning} |"
            yield ""
        if listing.sorts:
            yield f"`sort`: {', '.join(f'`{name}`' for name in listing.sorts)}; the first is the default.\n"
        if listing.item is not None:
            yield from _told(listing.item.name, listing.item.told, said)
        if listing.is_course:
            yield f"The rows of `{listing.name}` say the same, as it was after each event.\n"
            continue
        yield from _told(listing.name, listing.told, said)


def _named(item: Item | None) -> str:
    return "" if item is None else f"`{item.name}` and "


def _sentence(words: str) -> str:
    return f"{words}."


def _takes(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    return {"boolean": "`true`, `false`", "date": "a date"}.get(schema.get("format", schema["type"]), "an id")


def _told(name: str, told: Told, said: dict[int, str]) -> Iterator[str]:
    """Yield the fields of something, unless they stand elsewhere already."""
    if (elsewhere := said.setdefault(id(told), name)) != name:
        yield f"`{name}` has the fields of `{elsewhere}`.\n"
        return
    yield f"| field of `{name}` | |\n|---|---|"
    for field in (*told.table.key, *told.table.says):
        yield f"| `{field.name}` | {field.meaning}{' May be null.' if field.maybe else ''} |"
    for judgement in told.judgements:
        yield f"| `{judgement.name}` | Whether this holds on the day: {_lowered(judgement.meaning)} |"
    for beside, schema in told.says_beside.items():
        yield f"| `{beside}` | {schema.get('description', _inner(schema))} |"
    yield ""


def _lowered(words: str) -> str:
    return words[0].lower() + words[1:]


def _inner(schema: Mapping[str, Any]) -> str:
    """Say what an array or an object has in it."""
    for inner in (schema.get("items", {}), *schema.get("anyOf", ())):
        if "properties" in inner:
            return _inner(inner)
    return f"With {', '.join(f'`{name}`' for name in schema.get('properties', ()))}."


def views_of(log: LogName) -> Iterator[str]:
    """Yield what views.md says of the views of a log."""
    views: list[View] = declared(log, "views").VIEWS
    for view in views:
        yield f"#### `{view.name}`\n\n{view.meaning}\n"
        yield "| column | PostgreSQL | SQLite | |\n|---|---|---|---|"
        for column in view.columns:
            shown, maybe = column.field.form.shown, " May be null." if column.field.maybe else ""
            types = f"{shown.type('postgresql')} | {shown.type('sqlite')}"
            yield f"| `{column.field.name}` | {types} | {column.field.meaning}{maybe} |"
        yield ""


if __name__ == "__main__":
    LISTS.write_text(made(LISTS.read_text(), lists_of))
    VIEWS.write_text(made(VIEWS.read_text(), views_of))
