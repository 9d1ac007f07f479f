"""The JSON Schema that clients are shown says what the door does."""

import copy
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from wco_events.event_type import EventType
from wco_events.forms import Iso3
from wco_events.registry import EVENT_TYPES

every_type = pytest.mark.parametrize("event_type", EVENT_TYPES.values(), ids=lambda event_type: event_type.name)

VALIDATORS = {
    name: jsonschema_rs.validator_for(event_type.data.model_json_schema(), validate_formats=True)
    for name, event_type in EVENT_TYPES.items()
}


@every_type
def test_the_schema_of_a_type_takes_its_example(event_type: EventType) -> None:
    VALIDATORS[event_type.type].validate(event_type.example["data"])


@every_type
def test_every_object_of_a_schema_is_closed_and_every_field_explained(event_type: EventType) -> None:
    schema = event_type.data.model_json_schema()
    assert schema["description"].startswith(event_type.summary)
    for part in [schema, *schema.get("$defs", {}).values()]:
        assert part["description"]
        if part.get("type") == "object":
            assert part["additionalProperties"] is False
            if not event_type.name.startswith("plan."):
                assert all(field["description"] for field in part["properties"].values())


@every_type
def test_a_schema_has_no_null(event_type: EventType) -> None:
    if not event_type.name.startswith("plan."):
        assert "null" not in str(event_type.data.model_json_schema())
        assert "None" not in str(event_type.data.model_json_schema())


@given(data=st.data())
def test_a_schema_takes_what_the_models_take_and_nothing_else(data: st.DataObject) -> None:
    event_type = data.draw(st.sampled_from(list(EVENT_TYPES.values())))
    fields: Any = copy.deepcopy(dict(event_type.example["data"]))
    place, key = data.draw(st.sampled_from(list(places(fields))))
    place[key] = data.draw(
        st.none()
        | st.booleans()
        | st.integers(-(2**54), 2**54)
        | st.sampled_from(
            ["", "é", "a b", "EUR", "KOS", "XKX", "2022-02-30", "20220701", "2024-02-29", "01", "1.5", "x"]
        )
        | st.text(min_size=1999, max_size=2001, alphabet="xé")
        | st.sampled_from([[], {}, [None], {"x": 1}, {"x y": 1}])
    )
    assert VALIDATORS[event_type.type].is_valid(fields) == taken(event_type, fields)


def taken(event_type: EventType, data: object) -> bool:
    try:
        event_type.data.model_validate(data)
    except ValidationError:
        return False
    return True


def places(value: Any) -> Any:
    for key in value if isinstance(value, dict) else range(len(value)):
        yield value, key
        if isinstance(value[key], (dict, list)):
            yield from places(value[key])


def test_a_date_is_explained_by_format_and_pattern() -> None:
    schema = EVENT_TYPES["org.wcoomd.survey.closed.v1"].data.model_json_schema()
    assert schema["properties"]["closed_on"] == {
        "type": "string",
        "format": "date",
        "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        "title": "Closed On",
        "description": "The day it was closed.",
    }


def test_members_are_listed_once_a_schema_whatever_the_number_of_fields() -> None:
    schema = EVENT_TYPES["org.wcoomd.survey.submitted.v1"].data.model_json_schema()
    assert schema["properties"]["member"]["$ref"] == "#/$defs/Iso3"
    assert len(schema["$defs"][Iso3.__name__]["enum"]) == 251
