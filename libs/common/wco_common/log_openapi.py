"""What OpenAPI and /types say of a log: the schemas of its events and of its answers, made from the event types."""

from collections.abc import Iterable
from typing import Any

from pydantic.json_schema import models_json_schema

from wco_common.attribute_types import DISALLOWED_CHARACTERS
from wco_common.cloudevents import BATCHED, MAX_BATCH, STRUCTURED
from wco_common.event import LOG_ATTRIBUTES
from wco_events.event_type import EventType, LogName
from wco_events.forms import ID

Schema = dict[str, Any]

_REFERENCE = "#/components/schemas/{model}"
_SUBJECTS: dict[str, Schema] = {
    "id": {"type": "string", "pattern": f"^{ID}$"},
    "pair": {"type": "string", "pattern": f"^{ID}/{ID}$"},
    "members": {"const": "members"},
}
_NAME: Schema = {"type": "string", "minLength": 1, "pattern": f"^[^{DISALLOWED_CHARACTERS}]+$"}
_INSTANT: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_SEQUENCE: Schema = {"type": "integer", "minimum": 1}


def _optional(schema: Schema) -> Schema:
    """Return the schema of an attribute that may be left out, or be null, which is the same."""
    return schema | {"type": [schema["type"], "null"]}


def _object(properties: dict[str, Schema], **more: Any) -> Schema:
    return {"type": "object", "required": list(properties), "properties": properties} | more


def _event(event_type: EventType, data: Schema) -> Schema:
    """Return the schema of a whole event as a client sends it."""
    required: dict[str, Schema] = {
        "specversion": {"const": "1.0"},
        "id": _NAME | {"description": "With source, the idempotency key."},
        "source": {"type": "string", "minLength": 1, "format": "uri-reference"},
        "type": {"const": event_type.type},
        "subject": _SUBJECTS[event_type.subject_form],
        "data": data,
    }
    optional = {
        "time": _optional({"type": "string", "format": "date-time"}),
        "datacontenttype": _optional({"type": "string", "pattern": r"^[a-z]+/([a-z.]+\+)?json$"}),
        "dataschema": _optional({"type": "string", "format": "uri"}),
    } | {name: {"type": "null", "description": "Set by the log."} for name in LOG_ATTRIBUTES}
    return _object(required, title=event_type.name, description=event_type.summary) | {
        "properties": required | optional,
        "propertyNames": {"pattern": "^[a-z0-9]+$"},
        "additionalProperties": {
            "description": "Extension attributes.",
            "anyOf": [
                {"type": ["boolean", "null"]},
                {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1},
                {"type": "string", "pattern": f"^[^{DISALLOWED_CHARACTERS}]*$"},
            ],
        },
    }


def type_listing(event_type: EventType) -> Schema:
    """Return what /types says of a type: `schema` is of a whole event, and `example` one that it takes."""
    data = event_type.data.model_json_schema()
    definitions = {"$defs": data.pop("$defs")} if "$defs" in data else {}
    return {
        "type": event_type.type,
        "kind": event_type.kind,
        "summary": event_type.summary,
        "schema": {"$schema": "https://json-schema.org/draft/2020-12/schema"} | _event(event_type, data) | definitions,
        "example": event_type.example,
    }


def components(log: LogName, event_types: Iterable[EventType]) -> dict[str, Schema]:
    """Return the schemas that a log's OpenAPI document names."""
    types = list(event_types)
    references, definitions = models_json_schema([(one.data, "validation") for one in types], ref_template=_REFERENCE)
    events = {one.name: _event(one, references[(one.data, "validation")]) for one in types}
    receipt: dict[str, Schema] = {
        "log": {"const": log},
        "sequence": _SEQUENCE,
        "recordedtime": _INSTANT,
        "source": {"type": "string"},
        "id": {"type": "string"},
        "subject": {"type": "string"},
        "subjectversion": _SEQUENCE,
        "duplicate": {"type": "boolean"},
    }
    batch: dict[str, Schema] = {
        "log": {"const": log},
        "recorded": _COUNT,
        "duplicates": _COUNT,
        "events": {"type": "array", "items": _ref("Receipt"), "maxItems": MAX_BATCH},
    }
    recorded: dict[str, Schema] = {
        "specversion": {"const": "1.0"},
        "id": {"type": "string"},
        "source": {"type": "string"},
        "type": {"enum": [one.type for one in types]},
        "subject": {"type": "string"},
        "datacontenttype": {"type": "string"},
        "data": {"type": "object"},
        "sequence": {"type": "string", "pattern": "^[0-9]{16}$"},
        "recordedtime": _INSTANT,
        "subjectversion": _SEQUENCE,
    }
    listing: dict[str, Schema] = {name: {"type": "string"} for name in ("type", "kind", "summary")}
    rehearsal: dict[str, Schema] = {"dry_run": {"const": True}}
    return {
        **definitions.get("$defs", {}),
        **events,
        "Event": {
            "oneOf": [_ref(name) for name in events],
            "discriminator": {
                "propertyName": "type",
                "mapping": {one.type: _ref(one.name)["$ref"] for one in types},
            },
        },
        "Batch": {"type": "array", "items": _ref("Event"), "maxItems": MAX_BATCH},
        "Data": {
            "description": "The data of an event of the type that ce-type names.",
            "anyOf": list(references.values()),
        },
        "RecordedEvent": _object(recorded, description="An event as recorded, with the log's three attributes."),
        "RecordedEvents": {"type": "array", "items": _ref("RecordedEvent")},
        "Lines": {"type": "string", "description": "A RecordedEvent a line."},
        "Receipt": _object(receipt),
        "BatchReceipt": _object(batch),
        "Recorded": {"anyOf": [_ref("Receipt"), _ref("BatchReceipt")]},
        "Rehearsal": {"anyOf": [_object(receipt | rehearsal), _object(batch | rehearsal)]},
        "NotRecorded": {"anyOf": [_ref("Recorded"), _ref("Rehearsal")]},
        "Head": _object({"log": {"const": log}, "sequence": _COUNT, "closed_time": _INSTANT}),
        "Subject": _object(
            {
                "log": {"const": log},
                "kind": {"type": "string"},
                "subject": {"type": "string"},
                "version": _SEQUENCE,
                "sequence": _SEQUENCE,
            }
        ),
        "Types": _object(
            {
                "log": {"const": log},
                "types": {
                    "type": "array",
                    "items": _object(listing | {"schema": {"type": "object"}, "example": {"type": "object"}}),
                },
            }
        ),
    }


def request_body(event_types: Iterable[EventType]) -> Schema:
    """Return the bodies that a log takes: the three modes of the CloudEvents HTTP binding."""
    types = list(event_types)
    first = types[0].example
    return {
        "required": True,
        "content": {
            STRUCTURED: {
                "schema": _ref("Event"),
                "examples": {one.name: {"summary": one.summary, "value": one.example} for one in types},
            },
            BATCHED: {"schema": _ref("Batch"), "examples": {"batch": {"value": [first]}}},
            "application/json": {
                "schema": _ref("Data"),
                "examples": {one.name: {"summary": one.summary, "value": one.example["data"]} for one in types},
            },
        },
    }


def answer(description: str, *schemas: tuple[str, str], **headers: str) -> Schema:
    """Return an answer: per media type the name of its schema, and what its headers say (`_` for `-`)."""
    said: Schema = {
        "description": description,
        "content": {media_type: {"schema": _ref(name)} for media_type, name in schemas},
    }
    if headers:
        said["headers"] = {
            name.replace("_", "-"): {"description": text, "schema": {"type": "string"}}
            for name, text in headers.items()
        }
    return said


def parameter(name: str, place: str, description: str, required: bool = False, **schema: Any) -> Schema:
    """Return a parameter; `place` is query, path or header."""
    return {"name": name, "in": place, "description": description, "required": required, "schema": schema}


def _ref(name: str) -> Schema:
    return {"$ref": _REFERENCE.format(model=name)}
