"""What a plan-registry event alone shows to be wrong."""

import copy
from typing import Any

import pytest

from refusal import refusal
from wco_events.plan import EXAMPLE_PLAN

PUBLISHED, LISTED, REVIEWED = "implementation-plan.published", "members.listed", "focus-area.reviewed"


def action(name: str, **changes: Any) -> dict[str, Any]:
    return {"id": name, "objective": "SO1", "title": "Review the Convention", "due_on": "2023-06-30"} | changes


@pytest.mark.parametrize("name", ["plan.adopted", "plan.revised"])
def test_a_plan_that_contradicts_itself_is_refused_everywhere_it_does(name: str) -> None:
    plan: Any = copy.deepcopy(EXAMPLE_PLAN)
    plan["periods"][1]["id"] = "2022-23"
    plan["periods"][2]["ends_on"] = "2025-05-31"
    plan["instruments"][0]["objective"] = "SO9"
    plan["kpis"][0]["target"] = {"rule": "increase", "value": "100"}
    assert refusal(name, **plan).keys() == {
        "/data/periods/1/id",
        "/data/ends_on",
        "/data/instruments/0/objective",
        "/data/kpis/0/target/value",
    }


@pytest.mark.parametrize("name", ["plan.adopted", "plan.revised"])
def test_no_period_has_the_id_of_the_plan_which_stands_for_all_periods_together(name: str) -> None:
    said = "2023-24 is the plan, which stands for all periods together"
    assert refusal(name, "2023-24") == {"/data/periods/1/id": said}
    assert refusal(name, "2023-24", title=3).keys() == {"/data/periods/1/id", "/data/title"}


@pytest.mark.parametrize("name", ["plan.adopted", "plan.revised"])
@pytest.mark.parametrize(
    ("measure", "faults"),
    [
        (3, {"": "must be an object"}),
        ({}, {"": "must have 'facts'"}),
        ({"facts": "actions"}, {"/objectives": "is required"}),
        ({"facts": "actions", "objectives": {"layer": "top"}}, {"/objectives/layer": None}),
        ({"facts": "actions", "objectives": ["SO1", "S 2"]}, {"/objectives/1": None}),
        ({"facts": "ratings", "surveys": "weekly", "topics": ["SO1"]}, {"/surveys": None}),
        ({"facts": "actions", "objectives": ["SO1"], "by": []}, {"/by": "is not a field here"}),
    ],
)
def test_a_malformed_measure_is_refused_where_it_is(name: str, measure: Any, faults: dict[str, str | None]) -> None:
    plan: Any = copy.deepcopy(EXAMPLE_PLAN)
    plan["kpis"][0]["measure"] = measure
    found = refusal(name, **plan)
    assert found.keys() == {f"/data/kpis/0/measure{pointer}" for pointer in faults}
    assert all(words in (None, found[f"/data/kpis/0/measure{pointer}"]) for pointer, words in faults.items())


@pytest.mark.parametrize("name", ["plan.adopted", "plan.revised"])
def test_a_plan_may_have_a_notice(name: str) -> None:
    assert refusal(name, notice="Synthetic data") == {}
    assert refusal(name, notice=None).keys() == {"/data/notice"}


def test_a_revision_says_why() -> None:
    assert refusal("plan.revised", without=["reason"]) == {"/data/reason": "is required"}
    assert refusal("plan.adopted", reason="Adopted by the Council") == {"/data/reason": "is not a field here"}


def test_the_list_of_members_has_the_subject_members() -> None:
    assert refusal(LISTED, "members-2022") == {"/subject": "must be members"}


def test_no_member_is_listed_twice() -> None:
    listed = [{"iso3": iso3, "region": "EUR"} for iso3 in ("FRA", "EUN", "XKX", "FRA")]
    assert refusal(LISTED, members=listed) == {"/data/members/3/iso3": "lists FRA a second time"}
    assert refusal(LISTED, members=listed[:3]) == {}


@pytest.mark.parametrize("region", ["AMS", "A/P", "EUR", "ESA", "MENA", "WCA"])
def test_a_member_is_in_one_of_six_regions(region: str) -> None:
    assert refusal(LISTED, members=[{"iso3": "FRA", "region": region}]) == {}


@pytest.mark.parametrize(
    ("member", "pointer"),
    [
        ({"iso3": "FRA", "region": "AP"}, "/region"),
        ({"iso3": "FRA", "region": "unlisted"}, "/region"),
        ({"iso3": "FRA"}, "/region"),
        ({"iso3": "KOS", "region": "EUR"}, "/iso3"),
        ({"iso3": "FRA", "region": "EUR", "name": "France"}, "/name"),
        ("FRA", ""),
        (None, ""),
    ],
)
def test_a_malformed_member_is_refused_where_it_is(member: Any, pointer: str) -> None:
    assert refusal(LISTED, members=[{"iso3": "DEU", "region": "EUR"}, member]).keys() == {f"/data/members/1{pointer}"}


@pytest.mark.parametrize("value", ["0", "71.5", "33.333333", "326133"])
def test_a_baseline_is_a_decimal_string(value: str) -> None:
    assert refusal("baseline.set", value=value) == {}


@pytest.mark.parametrize("value", [71, "-1", "1e2", "71,5", "", None])
def test_no_other_baseline_is_taken(value: Any) -> None:
    assert refusal("baseline.set", value=value).keys() == {"/data/value"}


def test_an_implementation_plan_has_its_period_as_subject() -> None:
    assert refusal(PUBLISHED, "2023-24") == {"/subject": "must be 2022-23, as data say"}
    assert refusal(PUBLISHED, "2023-24", period="2023-24") == {}


def test_no_action_stands_twice_in_an_implementation_plan() -> None:
    assert refusal(PUBLISHED, actions=[action("a1"), action("a2"), action("a1")]) == {
        "/data/actions/2/id": "names a1 a second time"
    }


@pytest.mark.parametrize("actions", [[], [action("a1", desired_future="SMART borders", risk="Lack of data")]])
def test_an_implementation_plan_lists_actions(actions: list[Any]) -> None:
    assert refusal(PUBLISHED, actions=actions) == {}


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"id": "a 1"}, "/id"),
        ({"objective": "S/1"}, "/objective"),
        ({"title": ""}, "/title"),
        ({"due_on": "2023-02-30"}, "/due_on"),
        ({"desired_future": None}, "/desired_future"),
        ({"risk": ""}, "/risk"),
        ({"period": "2022-23"}, "/period"),
    ],
)
def test_a_malformed_action_is_refused_where_it_is(changes: dict[str, Any], pointer: str) -> None:
    assert refusal(PUBLISHED, actions=[action("a1"), action("a2", **changes)]).keys() == {f"/data/actions/1{pointer}"}


def test_an_action_is_added_with_its_period() -> None:
    assert refusal("action.added", desired_future="SMART borders", risk="Lack of data") == {}
    assert refusal("action.added", without=["period"]) == {"/data/period": "is required"}
    assert refusal("action.added", risk=None).keys() == {"/data/risk"}


def test_evidence_of_completion_can_be_left_out() -> None:
    assert refusal("action.completed", without=["evidence"]) == {}
    assert refusal("action.completed", evidence=None).keys() == {"/data/evidence"}


@pytest.mark.parametrize("name", ["action.reopened", "action.withdrawn", "action.rescheduled"])
def test_what_changes_an_action_says_why(name: str) -> None:
    assert refusal(name, without=["reason"]) == {"/data/reason": "is required"}


@pytest.mark.parametrize("subject", ["FA4", "FA12"])
def test_a_focus_area_is_introduced_under_fa_and_a_number(subject: str) -> None:
    assert refusal(REVIEWED, subject, decision="introduced") == {}


@pytest.mark.parametrize("subject", ["FA", "FA-4", "fa4", "FA4a", "SO5"])
def test_a_focus_area_is_introduced_under_no_other_id(subject: str) -> None:
    assert refusal(REVIEWED, subject, decision="introduced").keys() == {"/subject"}


@pytest.mark.parametrize("decision", ["continued", "replaced", "integrated"])
def test_a_focus_area_of_the_plan_is_reviewed_under_the_id_it_has(decision: str) -> None:
    assert refusal(REVIEWED, "TECH", decision=decision) == {}


def test_an_introduced_focus_area_has_a_title() -> None:
    assert refusal(REVIEWED, without=["title"]) == {"/data/title": "is required with the decision introduced"}
    assert refusal(REVIEWED, decision="continued", without=["title"]) == {}


def test_a_review_may_name_what_takes_the_place_of_an_area() -> None:
    assert refusal(REVIEWED, decision="replaced", replaced_by="FA5") == {}
    assert refusal(REVIEWED, decision="integrated", integrated_into="SP1") == {}
    assert refusal(REVIEWED, decision="replaced", replaced_by=None).keys() == {"/data/replaced_by"}


def test_a_review_decides_one_of_four_things() -> None:
    assert refusal(REVIEWED, decision="dropped") == {
        "/data/decision": "must be 'continued', 'replaced', 'integrated' or 'introduced'"
    }
