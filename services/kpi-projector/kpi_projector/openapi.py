"""What the projector's OpenAPI document says of its parameters and answers."""

from typing import Any

from wco_events.event_type import LOG_NAMES

Schema = dict[str, Any]


def _object(required: dict[str, Schema], optional: dict[str, Schema] | None = None) -> Schema:
    return {
        "type": "object",
        "required": list(required),
        "properties": required | (optional or {}),
        "additionalProperties": False,
    }


def _nullable(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _array(items: Schema) -> Schema:
    return {"type": "array", "items": items}


TEXT: Schema = {"type": "string"}
INSTANT: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$"}
DECIMAL: Schema = {"type": "string", "pattern": r"^-?(0|[1-9][0-9]*)(\.[0-9]{1,6})?$"}
VALUE: Schema = {"type": ["number", "null"], "description": "Rounded half-even to six places; null: no data."}
WHOLE: Schema = {"type": "integer", "minimum": 0}
LOG: Schema = {"enum": list(LOG_NAMES)}
PLACE: Schema = _object({"log": LOG, "sequence": {"type": "integer", "minimum": 1}})
LAYER: Schema = {"enum": ["results", "members", "functions", "focus", "improvement"]}
UNIT: Schema = {"enum": ["percent", "score", "count"]}
STATUS: Schema = {"enum": ["met", "missed", "on_track", "at_risk", "no_reference", "no_data"]}
TARGET: Schema = _object({"rule": {"enum": ["at_least", "increase", "maintain_or_increase"]}, "value": VALUE})
POSITIONS: Schema = _object(dict.fromkeys(LOG_NAMES, WHOLE))
FIGURE: dict[str, Schema] = {"value": VALUE, "numerator": DECIMAL, "denominator": DECIMAL}

COMPONENTS: dict[str, Schema] = {
    "AsOf": _object({"time": INSTANT, "positions": POSITIONS, "fold": {"type": "integer", "minimum": 1}}),
    "Kpi": _object(
        {"id": TEXT, "title": TEXT, "layer": LAYER, "objective": TEXT, "unit": UNIT}
        | FIGURE
        | {
            "status": STATUS,
            "target": TARGET,
            "reference": _nullable(_object({"value": VALUE, "kind": {"enum": ["previous", "baseline"]}})),
        },
        {
            "note": TEXT,
            "provisional": VALUE,
            "response": _object({"answered": WHOLE, "invited": {"type": ["integer", "null"], "minimum": 0}}),
        },
    ),
    "Group": _object({"key": TEXT} | FIGURE),
    "Entry": _object(
        {"time": INSTANT, "positions": POSITIONS} | FIGURE | {"status": STATUS, "cause": _nullable(PLACE)}
    ),
    "Evidence": _object(
        PLACE["properties"]
        | {"source": TEXT, "id": TEXT, "subject": TEXT, "numerator": DECIMAL, "denominator": _nullable(DECIMAL)}
    ),
    "Change": _object(
        {
            "id": TEXT,
            "from": _nullable(_ref("Kpi")),
            "to": _nullable(_ref("Kpi")),
            "why": _array({"enum": ["facts", "plan", "members", "reference", "time"]}),
            "events": _array(PLACE),
        }
    ),
}

_HEADING: dict[str, Schema] = {"plan": TEXT, "period": TEXT}
_NOTICE: dict[str, Schema] = {"notice": TEXT}
_PERIOD_DATES = {"id": TEXT, "starts_on": TEXT, "ends_on": TEXT}
_PLAN_KPI = _object(
    {"id": TEXT, "title": TEXT, "layer": LAYER, "objective": TEXT, "unit": UNIT, "activity": TEXT}
    | {"description": TEXT, "type": TEXT, "target": TARGET, "by": _array(TEXT)},
    {"note": TEXT},
)
_FOCUS_AREA = _object(
    {"id": TEXT, "title": TEXT, "introduced": {"type": "boolean"}, "review": {"type": ["object", "null"]}}
)


def _answer(description: str, schema: Schema) -> dict[int | str, dict[str, Any]]:
    headers = {
        "ETag": {"description": "Moved by every event and every midnight.", "schema": TEXT},
        "Cache-Control": {"description": "`immutable` for a past moment.", "schema": TEXT},
        "Link": {"description": 'rel="next": the next page, relative to this address.', "schema": TEXT},
    }
    return {
        200: {"description": description, "headers": headers, "content": {"application/json": {"schema": schema}}},
        304: {"description": "The client has this answer (If-None-Match)."},
    }


ANSWERS: dict[str, dict[int | str, dict[str, Any]]] = {
    "/v1/scorecard": _answer(
        "Every KPI, in the plan's order.",
        _object(_HEADING | {"as_of": _ref("AsOf"), "kpis": _array(_ref("Kpi"))}, _NOTICE),
    ),
    "/v1/plan": _answer(
        "The plan recorded last.",
        _object(
            {"plan": TEXT, "as_of": _ref("AsOf"), "title": TEXT, "starts_on": TEXT, "ends_on": TEXT}
            | {
                "periods": _array(_object(_PERIOD_DATES)),
                "layers": _array(_object({"id": LAYER, "title": TEXT})),
                "objectives": _array(_object({"id": TEXT, "layer": LAYER, "title": TEXT})),
                "instruments": _array(_object({"id": TEXT, "objective": TEXT, "title": TEXT})),
                "focus_areas": _array(_FOCUS_AREA),
                "kpis": _array(_PLAN_KPI),
            },
            _NOTICE,
        ),
    ),
    "/v1/changes": _answer(
        "The KPIs that differ.",
        _object(
            _HEADING | {"from": _ref("AsOf"), "to": _ref("AsOf"), "kpis": _array(_ref("Change"))},
            _NOTICE,
        ),
    ),
    "/v1/kpis/{id}": _answer(
        "The KPI, and its groups where `by` was asked.",
        _object(_HEADING | {"as_of": _ref("AsOf"), "kpi": _ref("Kpi")}, _NOTICE | {"groups": _array(_ref("Group"))}),
    ),
    "/v1/kpis/{id}/history": _answer(
        "What the KPI was, from its first figure on.",
        _object(_HEADING | {"as_of": _ref("AsOf"), "entries": _array(_ref("Entry"))}, _NOTICE),
    ),
    "/v1/kpis/{id}/evidence": _answer(
        "What each event adds to the KPI.",
        _object(_HEADING | {"as_of": _ref("AsOf"), "evidence": _array(_ref("Evidence"))}, _NOTICE),
    ),
}


def _parameter(name: str, description: str, schema: Schema, **more: Any) -> Schema:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema} | more


_ID = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "A KPI of the plan in force.",
    "schema": TEXT,
    "example": "SO1.completion",
}
_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "Entity tags that the client has.",
    "schema": TEXT,
}
_PERIOD = _parameter(
    "period", "A period of the plan, or the plan's own id for all together.", TEXT, required=True, example="2023-24"
)
_AS_OF_TEXT = "A time, a date (the end of that UTC day), or positions in all three logs."
_AFTER = _parameter(
    "after", "Wait until this event is in; not together with as_of or cursor.", TEXT, example="operations-feed:42"
)
_AS_OF = [_parameter("as_of", _AS_OF_TEXT, TEXT, example="2024-06-26"), _AFTER]
_PAGE = [
    _parameter("limit", "Rows a page.", {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}),
    _parameter("cursor", "From the Link of the page before.", TEXT),
]

PARAMETERS: dict[str, list[Schema]] = {
    "/v1/scorecard": [_PERIOD, *_AS_OF, _MATCH],
    "/v1/plan": [*_AS_OF, _MATCH],
    "/v1/changes": [
        _PERIOD,
        _parameter("from", _AS_OF_TEXT, TEXT, required=True, example="2023-06-30"),
        _parameter("to", _AS_OF_TEXT, TEXT, required=True, example="2024-06-30"),
        _MATCH,
    ],
    "/v1/kpis/{id}": [
        _ID,
        _PERIOD,
        *_AS_OF,
        _parameter("by", "One of the KPI's dimensions, as the plan lists them.", TEXT, example="objective"),
        _MATCH,
    ],
    "/v1/kpis/{id}/history": [_ID, _PERIOD, _AFTER, *_PAGE, _MATCH],
    "/v1/kpis/{id}/evidence": [_ID, _PERIOD, *_AS_OF, *_PAGE, _MATCH],
}

STREAM_PARAMETERS: list[Schema] = [
    _parameter("period", "Only this period's KPIs; without it, those of all.", TEXT, example="2023-24"),
    {
        "name": "Last-Event-ID",
        "in": "header",
        "required": False,
        "description": "The id of the last event that the client has: what differs since then is sent first.",
        "schema": TEXT,
    },
]
STREAM_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Server-sent events `kpi`, whose data are a Difference; a comment line while nothing happens.",
        "content": {"text/event-stream": {"schema": TEXT}},
    }
}
COMPONENTS["Difference"] = _object(
    _HEADING | {"as_of": _ref("AsOf"), "kpi": _ref("Kpi"), "cause": {"anyOf": [PLACE, {"const": "time"}]}}, _NOTICE
)

_BYTES = _nullable({"anyOf": [_object({"text": TEXT}), _object({"base64": TEXT})]})
_FOREIGN: dict[str, Schema] = {
    "id": {"type": "integer", "minimum": 1},
    "topic": TEXT,
    "partition": WHOLE,
    "offset": WHOLE,
    "written_at": INSTANT,
    "found_at": INSTANT,
    "reason": TEXT,
}
COMPONENTS["ForeignRecord"] = _object(
    _FOREIGN | {"key": _BYTES, "value": _BYTES, "headers": _array(_object({"name": TEXT, "value": _BYTES}))}
)


def _now(description: str, schema: Schema) -> dict[int | str, dict[str, Any]]:
    return {200: {"description": description, "content": {"application/json": {"schema": schema}}}}


QUARANTINE_ANSWERS: dict[str, dict[int | str, dict[str, Any]]] = {
    "/v1/quarantine": _now(
        "How many there are, and a page of them in the order in which they were found; `Link` leads to the next.",
        _object({"size": WHOLE, "records": _array(_object(_FOREIGN))}),
    ),
    "/v1/quarantine/{id}": _now("The record, with its bytes as text or in Base64.", _ref("ForeignRecord")),
}
QUARANTINE_PARAMETERS: dict[str, list[Schema]] = {
    "/v1/quarantine": [
        _parameter("after", "The id after which to begin.", WHOLE | {"default": 0}),
        _PAGE[0],
    ],
    "/v1/quarantine/{id}": [
        {
            "name": "id",
            "in": "path",
            "required": True,
            "description": "As the listing has it.",
            "schema": {"type": "integer", "minimum": 1},
        }
    ],
}
