"""Forms are made of schemas alone: what is entered becomes the event, and each fault stands where it belongs."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.field import Choice, Field, Fixed, Number, Text, Values, Written
from dashboard.form import Form
from dashboard.parts import Group, List, Mapped, Rows
from dashboard.schema import field_of, label_of
from wco_common.log_openapi import type_listing
from wco_common.problem import Invalid
from wco_events.event_type import EventType
from wco_events.fault import Fault
from wco_events.registry import EVENT_TYPES

TYPES = {each.name: each for each in EVENT_TYPES.values()}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def event_of(event_type: EventType) -> Group:
    """The fields of a type, from what its service says over HTTP."""
    told = json.loads(json.dumps(type_listing(event_type)))
    field = field_of(told["schema"], told["schema"], example=told["example"])
    assert isinstance(field, Group)
    return field


def form_with(name: str, event: Any) -> Form:
    field = event_of(TYPES[name])
    values: Values = {}
    field.fill("", event, values)
    return Form(field, values)


def entered(form: Form) -> Any:
    return json.loads(form.event_json())


def values_of(field: Field) -> st.SearchStrategy[Any]:
    """Whatever may stand at a field's place, be it what the service takes or not."""
    match field:
        case Text():
            return st.text(min_size=1)
        case Number():
            return st.integers(-(2**53), 2**53)
        case Choice():
            return st.sampled_from([json.loads(each) for each in field.options.values()])
        case Fixed():
            return st.just(field.constant)
        case List():
            return st.lists(values_of(field.item), max_size=3)
        case Mapped():
            return st.dictionaries(st.text(), values_of(field.item), max_size=3)
        case Group():
            parts = {key: (each.required, values_of(each)) for key, each in field.fields.items()}
            return st.fixed_dictionaries(
                {key: each for key, (required, each) in parts.items() if required},
                optional={key: each for key, (required, each) in parts.items() if not required},
            )
        case _:
            assert isinstance(field, Written)
            return JSON


def fields_in(field: Field) -> list[Field]:
    inner = [*field.fields.values()] if isinstance(field, Group) else [field.item] if isinstance(field, Rows) else []
    return [field, *(each for part in inner for each in fields_in(part))]


@pytest.mark.parametrize(
    ("title", "label"),
    [("Seized On", "Seized on"), ("hs_code", "HS code"), ("Reporting Members", "Reporting Members"), ("kpi", "KPI")],
)
def test_a_field_is_called_as_it_stands_in_a_sentence(title: str, label: str) -> None:
    assert label_of(title) == label


@pytest.mark.parametrize("name", TYPES)
def test_an_example_that_is_put_into_its_form_comes_out_as_it_was(name: str) -> None:
    example = dict(TYPES[name].example)
    assert entered(form_with(name, example)) == example


@pytest.mark.parametrize("name", TYPES)
@settings(max_examples=20)
@given(data=st.data())
def test_whatever_is_put_into_a_form_comes_out_as_it_was(name: str, data: st.DataObject) -> None:
    field = event_of(TYPES[name])
    event = data.draw(values_of(field))
    values: Values = {}
    field.fill("", event, values)
    assert json.loads(field.write("", values) or "") == event


@pytest.mark.parametrize("name", TYPES)
@settings(max_examples=10)
@given(event=JSON | st.fixed_dictionaries({"subject": JSON, "data": JSON}))
def test_what_does_not_fit_a_form_is_left_out(name: str, event: Any) -> None:
    field = event_of(TYPES[name])
    values: Values = {}
    field.fill("", event, values)
    assert isinstance(json.loads(field.write("", values) or "")["data"], dict)


@pytest.mark.parametrize("name", TYPES)
def test_what_any_event_says_is_put_into_any_form_as_far_as_it_fits(name: str) -> None:
    for other in TYPES.values():
        assert entered(form_with(name, other.example))["type"] == f"org.wcoomd.{name}.v1"


@pytest.mark.parametrize("name", TYPES)
def test_every_field_of_an_event_s_data_has_a_place_in_its_form(name: str) -> None:
    data = event_of(TYPES[name]).fields["data"]
    assert isinstance(data, Group)
    assert list(data.fields) == list(TYPES[name].data.model_fields)
    assert all(field.required == TYPES[name].data.model_fields[key].is_required() for key, field in data.fields.items())


def test_only_what_has_alternatives_is_written_as_json() -> None:
    written = {each.label for name in TYPES for each in fields_in(event_of(TYPES[name])) if isinstance(each, Written)}
    assert written == {"Measure"}


def test_a_schema_says_how_its_place_is_entered() -> None:
    data = event_of(TYPES["assistance.delivered"]).fields["data"]
    assert isinstance(data, Group)
    kinds = {key: field.kind for key, field in data.fields.items()}
    assert kinds == {
        "title": "text",
        "delivered_on": "text",
        "members": "list",
        "aligned_with": "list",
        "delivered_by": "choice",
        "experts": "list",
        "cost": "group",
    }
    title, day, cost = (data.fields[key] for key in ("title", "delivered_on", "cost"))
    assert isinstance(title, Text)
    assert (title.lines, title.most) == (True, 2000)
    assert isinstance(day, Text)
    assert day.form == "date"
    assert isinstance(cost, Group)
    amount, currency = cost.fields["amount"], cost.fields["currency"]
    assert isinstance(amount, Text)
    assert amount.decimal
    assert isinstance(currency, Fixed)


def test_a_schema_that_contains_itself_is_written_as_json_where_it_begins_anew() -> None:
    part = {"type": "object", "properties": {"name": {"type": "string"}, "part": {"$ref": "#/$defs/Part"}}}
    root = {"$defs": {"Part": part}, "$ref": "#/$defs/Part"}
    field = field_of(root, root)
    assert isinstance(field, Group)
    assert isinstance(field.fields["part"], Written)


def test_what_is_no_number_is_sent_as_it_was_typed_so_that_the_service_says_what_is_wrong() -> None:
    form = form_with("seizure.reported", TYPES["seizure.reported"].example)
    for typed, sent in (("007", "007"), ("many", "many"), (" 7 ", 7), ("-1", -1), ("1.5", 1.5), ("NaN", "NaN")):
        form.values["/data/seizures"] = [typed]
        assert entered(form)["data"]["seizures"] == sent


def test_what_is_no_json_is_sent_as_the_text_that_it_is() -> None:
    form = form_with("plan.adopted", TYPES["plan.adopted"].example)
    for typed in ('{"facts": "actions"', '{}, "title": "slipped in"', "NaN", "[" * 100_000):
        form.values["/data/kpis/0/measure"] = [typed]
        assert entered(form)["data"]["kpis"][0]["measure"] == typed


def test_a_field_that_is_left_empty_is_not_sent_and_one_that_repeats_may_be_empty_or_absent() -> None:
    form = form_with("survey.opened", TYPES["survey.opened"].example)
    form.values["/data/title"] = [""]
    assert "title" not in entered(form)["data"]
    for row in form.rows("/data/invited"):
        form.remove(row)
    assert entered(form)["data"]["invited"] == []
    form.remove("/data/invited")
    assert "invited" not in entered(form)["data"]
    form.add("/data/invited")
    assert entered(form)["data"]["invited"] == [""]


def test_rows_keep_what_stands_in_them_while_others_come_and_go() -> None:
    form = form_with("members.listed", TYPES["members.listed"].example)
    before = entered(form)["data"]["members"]
    form.remove("/data/members/1")
    form.add("/data/members")
    assert entered(form)["data"]["members"] == [before[0], *before[2:], {}]
    assert form.focus == f"/data/members/{len(before)}"
    assert not [name for name in form.values if name.startswith("/data/members/1/")]


def test_a_key_that_stands_twice_is_sent_twice() -> None:
    form = form_with("survey.submitted", TYPES["survey.submitted"].example)
    form.add("/data/ratings")
    form.values["/data/ratings/4:key"] = ["overall"]
    assert form.event_json().count(b'"overall":') == 2


@pytest.mark.parametrize("name", ["", "/nothing", "/data/title", "/data/topics/0", "/data/topics/99", "title"])
def test_what_cannot_be_added_to_stays_as_it_is(name: str) -> None:
    form = form_with("survey.opened", TYPES["survey.opened"].example)
    form.add(name)
    assert entered(form) == TYPES["survey.opened"].example


@pytest.mark.parametrize(
    ("pointer", "name", "labels"),
    [
        ("/subject", "/subject", ["Subject"]),
        ("/data/member", "/data/member", ["Member"]),
        ("/data/ratings/SP2", "/data/ratings/2", ["Ratings", "3"]),
        ("/data/ratings/XX", "/data/ratings", ["Ratings"]),
        ("/data/instruments/1/reasons/0", "/data/instruments/1/reasons/0", ["Instruments", "2", "Reasons", "1"]),
        ("/data/instruments/9", "/data/instruments", ["Instruments"]),
        ("/data/respondent", "/data/respondent", ["Respondent"]),
        ("/specversion", "", ["/specversion"]),
        ("/data/colour", "", ["/data/colour"]),
        ("If-Match", "", ["If-Match"]),
        ("", "", [""]),
    ],
)
def test_a_fault_stands_at_the_field_that_its_pointer_means(pointer: str, name: str, labels: list[str]) -> None:
    form = form_with("survey.submitted", TYPES["survey.submitted"].example)
    form.refuse(Invalid("wrong", [Fault(pointer, "is wrong")]))
    (told,) = form.told
    assert (told.name, list(told.labels), told.detail) == (name, labels, "is wrong")
    assert form.faults(name) == ["is wrong"]


def test_after_a_row_is_removed_faults_stand_at_the_rows_that_are_left() -> None:
    form = form_with("survey.submitted", TYPES["survey.submitted"].example)
    form.remove("/data/instruments/0")
    form.refuse(Invalid("wrong", [Fault("/data/instruments/0/status", "is wrong")]))
    assert form.faults("/data/instruments/1/status") == ["is wrong"]
