"""Writes the tables of events.md from the models of libs/events: `python docs/reference/make_events.py`.

Each table stands between two comments, `<!-- made: NAME -->` and `<!-- end -->`; what stands around them is written by
hand and left as it is.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from wco_events.event_type import LOG_NAMES, EventType
from wco_events.forms import ID
from wco_events.measure import Measure
from wco_events.registry import EVENT_TYPES_BY_LOG

PAGE = Path(__file__).with_name("events.md")

Schema = Mapping[str, Any]

_MADE = re.compile(r"(<!-- made: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
_SUBJECTS = {"pair": "`operation/report`", "members": "`members`"}
_KINDS = {"baseline": "the KPI's id", "implementation-plan": "the period's id", "assistance": "the activity's id"}


def made(page: str) -> str:
    """Return the page with each of its tables made anew."""
    tables: dict[str, str] = {log: "\n".join(_log(EVENT_TYPES_BY_LOG[log])) for log in LOG_NAMES}
    tables["measures"] = "\n".join(_measures())
    return _MADE.sub(lambda found: f"{found[1]}\n{tables[found[2]]}\n\n{found[3]}", page)


def _log(event_types: tuple[EventType, ...]) -> Iterator[str]:
    before: dict[str, Schema] = {}
    for event_type in event_types:
        schema = event_type.data.model_json_schema()
        fields: dict[str, Any] = schema["properties"]
        again = next(
            (name for name in before if _kind(name) == event_type.kind and _holds(schema, before[name])),
            None,
        )
        left = fields if again is None else {f: v for f, v in fields.items() if f not in before[again]["properties"]}
        subject = _SUBJECTS.get(event_type.subject_form) or _KINDS.get(event_type.kind, f"the {event_type.kind}'s id")
        yield f"#### `{event_type.name}`\n\n{event_type.summary} Subject: {subject.replace('-', ' ')}."
        if again is not None:
            yield f"\nAll fields of `{again}`" + (", whole, and:" if left else ".")
        if left:
            yield "\n| field | type | meaning |\n|---|---|---|"
            yield from _rows(left, schema)
        if event_type.happened:
            yield f"\nNot later than tomorrow: {', '.join(f'`{field}`' for field in event_type.happened)}."
        yield ""
        before[event_type.name] = schema


def _kind(name: str) -> str:
    return name.partition(".")[0]


def _holds(schema: Schema, other: Schema) -> bool:
    fields, others = schema["properties"], other["properties"]
    return len(others) > 2 and others.items() <= fields.items() and set(other["required"]) <= set(schema["required"])


def _rows(fields: Mapping[str, Schema], within: Schema, above: str = "") -> Iterator[str]:
    for name, field in fields.items():
        path = f"{above}{name}"
        optional = "" if name in within.get("required", ()) else "?"
        inner, marks = (field["items"], "[]") if field.get("type") == "array" else (field, "")
        part = _resolved(inner, within)
        meaning = field.get("description") or part.get("description", "")
        yield f"| `{path}`{optional} | {_type(field, within)} | {meaning} |"
        if "properties" in part:
            yield from _rows(part["properties"], part | {"$defs": within.get("$defs", {})}, f"{path}{marks}.")


def _resolved(schema: Schema, within: Schema) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    return dict(within["$defs"][name] if name else schema)


def _type(schema: Schema, within: Schema) -> str:
    match schema:
        case {"oneOf": _}:
            return "[a measure](#measures)"
        case {"anyOf": choices}:
            return " or ".join(_type(choice, within) for choice in choices)
        case {"$ref": ref}:
            name = ref.rpartition("/")[2]
            return {"Iso3": "Member", "Unit": "unit", "OfLayer": '`{"layer": …}`'}.get(name, "object")
        case {"const": value}:
            return f"`{value}`"
        case {"enum": values}:
            return ", ".join(f"`{value}`" for value in values)
        case {"type": "array", "items": items}:
            return f"list of {_type(items, within)}" + (", not empty" if schema.get("minItems") else "")
        case {"type": "integer"}:
            return "count" if schema.get("minimum") == 0 else "integer"
        case {"type": "boolean"}:
            return "`true` or `false`"
        case {"type": "object"}:
            return "object: topic to integer"
        case {"format": "date"}:
            return "date"
        case {"maxLength": _}:
            return "text"
        case {"pattern": pattern}:
            return {f"^{ID}$": "id", rf"^(\*|{ID}#?)$": "pattern"}.get(pattern, "decimal")
        case _:
            raise ValueError(f"no word for {schema}")


def _measures() -> Iterator[str]:
    schema = TypeAdapter(Measure).json_schema()
    yield "| `facts` | counts | other fields |\n|---|---|---|"
    for facts, ref in schema["discriminator"]["mapping"].items():
        part = _resolved({"$ref": ref}, schema)
        fields = []
        for name, field in part["properties"].items():
            if name == "facts":
                continue
            mark = "" if name in part["required"] else "?"
            inner = _resolved(field, schema).get("properties")
            told = f" ({'; '.join(f'`{one}`: {_type(of, schema)}' for one, of in inner.items())})" if inner else ""
            fields.append(f"`{name}`{mark}: {_type(field, schema)}{told}")
        yield f"| `{facts}` | {part['description']} | {'<br>'.join(fields)} |"


if __name__ == "__main__":
    PAGE.write_text(made(PAGE.read_text()))
