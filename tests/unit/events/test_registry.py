"""Whatever is wrong with an event by itself is told: all of it, each thing in its own place, in plain words."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refusal import refusal
from wco_events.event_type import LOG_NAMES, EventType
from wco_events.registry import EVENT_TYPES, EVENT_TYPES_BY_LOG, faults_of

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(max_size=5), values, max_size=3),
    max_leaves=5,
)


def test_every_type_of_the_contract_is_there_once() -> None:
    assert {log: len(types) for log, types in EVENT_TYPES_BY_LOG.items()} == {
        "plan-registry": 12,
        "survey-intake": 7,
        "operations-feed": 18,
    }
    assert list(EVENT_TYPES_BY_LOG) == list(LOG_NAMES)
    assert [event_type for types in EVENT_TYPES_BY_LOG.values() for event_type in types] == list(EVENT_TYPES.values())
    assert all(name == event_type.type for name, event_type in EVENT_TYPES.items())


def test_what_has_happened_is_what_the_contract_lists() -> None:
    assert {event_type.name: event_type.happened for event_type in EVENT_TYPES.values() if event_type.happened} == {
        "action.started": ("started_on",),
        "action.completed": ("completed_on",),
        "focus-area.reviewed": ("reviewed_on",),
        "survey.submitted": ("submitted_on",),
        "survey.closed": ("closed_on",),
        "seizure.reported": ("seized_on",),
        "seizure.corrected": ("seized_on",),
        "operation.report-published": ("published_on",),
        "partnership.reviewed": ("on",),
        "partnership.upgraded": ("on",),
        "partnership.ended": ("on",),
        "assistance.delivered": ("delivered_on",),
        "assistance.corrected": ("delivered_on",),
    }


def test_every_fault_of_an_event_is_told_at_once() -> None:
    assert refusal(
        "survey.opened",
        "annual survey",
        without=["title"],
        kind="meeting",
        opens_on="2022-10-03",
        closes_on="2022-10-01",
        scale={"min": 1, "max": 1},
        topics=["overall", 7, "S P"],
        language="en",
    ).keys() == {
        "/subject",
        "/data/title",
        "/data/topics/1",
        "/data/topics/2",
        "/data/language",
        "/data/closes_on",
        "/data/scale",
        "/data/committee",
    }


def test_no_rule_is_applied_to_a_field_that_is_malformed_itself() -> None:
    assert refusal("survey.opened", closes_on="2022-10-1", scale={"min": 1, "max": "5"}, kind="weekly").keys() == {
        "/data/closes_on",
        "/data/scale/max",
        "/data/kind",
    }
    assert refusal("seizure.reported", "o1/r1", operation="o 1", report="r1").keys() == {"/data/operation"}


def test_where_a_list_or_an_object_is_right_what_is_wrong_is_told_of_the_one_that_was_sent() -> None:
    plan: Any = copy.deepcopy(dict(EVENT_TYPES["org.wcoomd.plan.adopted.v1"].example["data"]))
    plan["kpis"][0]["measure"] = {"facts": "ratings", "surveys": "annual", "topics": ["SP1", "S P"]}
    assert refusal("plan.adopted", **plan).keys() == {"/data/kpis/0/measure/topics/1"}


@pytest.mark.parametrize("event_type", EVENT_TYPES.values(), ids=lambda event_type: event_type.name)
@pytest.mark.parametrize("data", [None, [], "", 3, True, [{}]])
def test_data_that_are_no_object_are_refused(event_type: EventType, data: object) -> None:
    (fault,) = faults_of(event_type, event_type.example["subject"], data)
    assert (fault.pointer, fault.detail) == ("/data", "must be an object")


@pytest.mark.parametrize("event_type", EVENT_TYPES.values(), ids=lambda event_type: event_type.name)
def test_each_field_is_required_unless_the_contract_marks_it_optional(event_type: EventType) -> None:
    for field in event_type.data.model_fields:
        required = field not in OPTIONAL.get(event_type.name, ())
        assert refusal(event_type.name, without=[field]).keys() == ({f"/data/{field}"} if required else set())


OPTIONAL = {
    "plan.adopted": {"notice"},
    "plan.revised": {"notice"},
    "action.added": {"desired_future", "risk"},
    "action.completed": {"evidence"},
    "focus-area.reviewed": {"replaced_by", "integrated_into"},
    "survey.opened": {"committee", "instruments", "invited"},
    "survey.submitted": {"respondent", "instruments", "comments"},
    "survey.withdrawn": {"respondent"},
    "operation.launched": {"theme"},
    "operation.revised": {"theme"},
    "seizure.reported": {"cases", "quantities", "hs_code"},
    "seizure.corrected": {"cases", "quantities", "hs_code"},
    "operation.report-published": {"by_category"},
    "assistance.delivered": {"experts", "cost"},
    "assistance.corrected": {"experts", "cost"},
    "expert.accredited": {"expires_on"},
    "expert.accreditation-corrected": {"expires_on"},
}


@pytest.mark.parametrize("event_type", EVENT_TYPES.values(), ids=lambda event_type: event_type.name)
def test_no_field_is_null(event_type: EventType) -> None:
    for field in event_type.data.model_fields:
        faults = faults_of(event_type, event_type.example["subject"], event_type.example["data"] | {field: None})
        assert [fault.pointer for fault in faults] == [f"/data/{field}"]


@given(data=st.data())
def test_an_event_that_is_wrong_anywhere_is_refused_somewhere_that_can_be_found(data: st.DataObject) -> None:
    event_type = data.draw(st.sampled_from(list(EVENT_TYPES.values())))
    document = copy.deepcopy(dict(event_type.example))
    for _ in range(data.draw(st.integers(1, 3))):
        disturb(document["data"], data)
    for fault in faults_of(event_type, data.draw(st.just(document["subject"]) | st.text()), document["data"]):
        assert found(document, fault.pointer)
        assert fault.detail[0].islower()


def disturb(value: Any, data: st.DataObject) -> None:
    """Replace, remove or add something at a random depth of a JSON object or list."""
    keys = list(value) if isinstance(value, dict) else list(range(len(value)))
    if not keys or data.draw(st.integers(0, 9)) == 0:
        if isinstance(value, dict):
            value[data.draw(st.text(max_size=5))] = data.draw(json_values)
        else:
            value.append(data.draw(json_values))
        return
    key = data.draw(st.sampled_from(keys))
    if isinstance(value[key], (dict, list)) and data.draw(st.booleans()):
        disturb(value[key], data)
    elif data.draw(st.booleans()):
        value[key] = data.draw(json_values)
    else:
        del value[key]


def found(document: Any, pointer: str) -> bool:
    """Follow a pointer (RFC 6901) by all but its last token, which may be what is missing."""
    tokens = [token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]]
    for depth, token in enumerate(tokens):
        if isinstance(document, list):
            document = document[int(token)]
        elif token in document:
            document = document[token]
        else:
            return depth == len(tokens) - 1
    return True
