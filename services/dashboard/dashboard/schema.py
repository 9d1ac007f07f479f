"""JSON Schema made into the fields of a form: one mechanism for every type of event.

What a schema says beyond that, as alternatives, is written as JSON in the form.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dashboard.field import Choice, Field, Fixed, Number, Text, Written
from dashboard.parts import Group, List, Mapped

Schema = Mapping[str, Any]

_SEVERAL_LINES = 200
"""Characters beyond which a text may have several lines."""
_SAYS_NOTHING = 2**53 - 1
"""The bound of every whole number in JSON: of this one it says nothing."""
_EXAMPLES = {
    "date-time": "2024-06-26T12:00:00Z",
    "uri": "https://example.org/schema",
    "uri-reference": "urn:example:intake",
}
"""Of forms that JSON Schema names, where the schema's own example has none."""

_CAPITALS = {"hs": "HS", "kpi": "KPI", "kpis": "KPIs", "members": "Members"}
"""Words that have capitals within a sentence too."""


def field_of(
    schema: Schema, root: Schema, name: str = "", *, required: bool = True, example: Any = None
) -> Field | None:
    """Return the field of a schema; references are looked up in `root`. None is a place where nothing is ever sent.

    `name` is what the place is called in its object, and `example` what may stand there.
    """
    return _field(schema, root, name, required, example, frozenset())


def label_of(title: str) -> str:
    """Return what a form calls a field of a name or a title, in which schemas begin each word with a capital."""
    words = [_CAPITALS.get(each, each) for each in title.replace("_", " ").lower().split(" ")]
    return " ".join([words[0][:1].upper() + words[0][1:], *words[1:]])


def _field(
    schema: Schema, root: Schema, name: str, required: bool, example: Any, within: frozenset[str]
) -> Field | None:
    label = label_of(schema.get("title") or name)
    reference = schema.get("$ref")
    if reference is not None:
        if reference in within:
            return Written(label=label, help=schema.get("description", ""), required=required)
        schema = {**_found(reference, root), **schema}
        within |= {reference}
    said: dict[str, Any] = {"label": label, "help": schema.get("description", ""), "required": required}
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else [each for each in types if each != "null"]
    if "const" in schema or "enum" in schema:
        return _choice(schema, said, name)
    match types:
        case ["null"] | []:
            return Written(**said) if "type" not in schema else None
        case ["boolean"]:
            return _choice({"enum": [True, False]}, said, "boolean")
        case ["string"]:
            return _text(schema, said, example)
        case ["integer"] | ["number"]:
            bounds = {"least": schema.get("minimum"), "most": schema.get("maximum")}
            speaking = {way: bound for way, bound in bounds.items() if bound is not None and abs(bound) < _SAYS_NOTHING}
            return Number(**said, **speaking)
        case ["array"] if "items" in schema:
            item = _field(schema["items"], root, "", True, _first(example), within)
            if item is not None:
                return List(**said, item=replace(item, label=label), least=schema.get("minItems", 0))
        case ["object"] if "properties" in schema:
            demanded = schema.get("required", ())
            given = example if isinstance(example, Mapping) else {}
            found = {
                key: _field(each, root, key, key in demanded, given.get(key), within)
                for key, each in schema["properties"].items()
            }
            return Group(**said, fields={key: each for key, each in found.items() if each is not None})
        case ["object"]:
            return _mapped(schema, root, said, example, within) or Written(**said)
        case _:
            pass
    return Written(**said)


def _mapped(schema: Schema, root: Schema, said: dict[str, Any], example: Any, within: frozenset[str]) -> Field | None:
    """Return the field of an object with keys of the client's own, if all its values are of one schema."""
    schemas = [*schema.get("patternProperties", {}).values()]
    if isinstance(schema.get("additionalProperties"), Mapping):
        schemas.append(schema["additionalProperties"])
    if len(schemas) != 1:
        return None
    key, value = next(iter(example.items())) if example else ("", None)
    item = _field(schemas[0], root, "", True, value, within)
    return None if item is None else Mapped(**said, item=item, key=Text(label="", example=key))


def _choice(schema: Schema, said: dict[str, Any], codes: str) -> Field:
    if "const" in schema and said["required"]:
        return Fixed(**said, constant=schema["const"])
    values = schema["enum"] if "enum" in schema else [schema["const"]]
    options = {value if isinstance(value, str) else json.dumps(value): json.dumps(value) for value in values}
    source = hashlib.sha256(json.dumps(values).encode()).hexdigest()[:8]
    return Choice(**said, options=options, source=f"choices-{source}", codes=codes)


def _text(schema: Schema, said: dict[str, Any], example: Any) -> Text:
    form, pattern, most = schema.get("format", ""), schema.get("pattern"), schema.get("maxLength")
    free = not form and pattern is None
    shown = example if isinstance(example, str) and not free else _EXAMPLES.get(form, "")
    decimal = pattern is not None and _takes(pattern, "0.5") and not _takes(pattern, "a")
    lines = free and (most is None or most > _SEVERAL_LINES)
    return Text(**said, form=form, lines=lines, decimal=decimal, most=most, example=shown)


def _takes(pattern: str, text: str) -> bool:
    """Say whether a pattern takes a text; one that only another dialect knows takes none."""
    try:
        return re.search(pattern, text) is not None
    except re.error:
        return False


def _first(example: Any) -> Any:
    return example[0] if isinstance(example, list) and example else None


def _found(reference: str, root: Schema) -> Schema:
    """Return what a reference within the same document names (RFC 6901)."""
    here: Any = root
    for token in reference.removeprefix("#").split("/")[1:]:
        here = here[token.replace("~1", "/").replace("~0", "~")]
    return here  # type: ignore[no-any-return]
