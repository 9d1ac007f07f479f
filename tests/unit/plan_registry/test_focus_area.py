"""A focus area is reviewed; a review introduces a new one, or names what takes the place of an old one."""

import pytest

from scenario import Given, Scenario, posted
from wco_events.plan import EXAMPLE_PLAN

REVIEWED = "focus-area.reviewed"


@pytest.fixture
def adopted(given: Given) -> Scenario:
    return given(posted("plan.adopted"))


@pytest.mark.parametrize("decision", ["continued", "replaced", "integrated"])
def test_a_focus_area_of_the_plan_is_reviewed(adopted: Scenario, decision: str) -> None:
    adopted.when(posted(REVIEWED, "FA1", decision=decision)).then_recorded()
    adopted.when(posted(REVIEWED, "FA1", decision=decision)).then_recorded()


def test_an_introduced_focus_area_is_reviewed_like_any_other(adopted: Scenario) -> None:
    adopted.when(posted(REVIEWED, "FA4", decision="continued")).then_refused(("/subject", "focus area FA4 does not"))
    adopted.when(posted(REVIEWED, "FA4", decision="introduced")).then_recorded()
    adopted.when(posted(REVIEWED, "FA4", decision="continued", title="Fragile and conflict-affected")).then_recorded()


@pytest.mark.parametrize("area", ["FA1", "FA4"])
def test_a_focus_area_that_exists_is_not_introduced(adopted: Scenario, area: str) -> None:
    adopted.when(posted(REVIEWED, "FA4", decision="introduced")).then_recorded()
    adopted.when(posted(REVIEWED, area, decision="introduced")).then_refused(
        ("/subject", f"objective {area} exists already")
    )


@pytest.mark.parametrize("subject", ["SO1", "FA9"])
def test_what_is_no_focus_area_is_not_reviewed(adopted: Scenario, subject: str) -> None:
    adopted.when(posted(REVIEWED, subject, decision="continued")).then_refused(
        ("/subject", f"focus area {subject} does not exist")
    )


def test_a_review_before_a_plan_is_adopted_is_refused(given: Given) -> None:
    given().when(posted(REVIEWED, "FA1", decision="continued")).then_refused(
        ("/subject", "focus area FA1 does not exist"), ("/data/period", "no plan is adopted yet")
    )


def test_a_review_names_a_period_and_successors_that_exist(adopted: Scenario) -> None:
    adopted.when(
        posted(REVIEWED, "FA1", decision="replaced", period="2031-32", replaced_by="FA9", integrated_into="SO9")
    ).then_refused(
        ("/data/period", "2031-32 is not one of the periods"),
        ("/data/replaced_by", "FA9 is not one of the objectives"),
        ("/data/integrated_into", "SO9 is not one of the objectives"),
    )


def test_a_focus_area_is_replaced_by_an_introduced_one_and_integrated_into_an_objective(adopted: Scenario) -> None:
    replaced = posted(REVIEWED, "FA1", decision="replaced", replaced_by="FA4")
    adopted.when(replaced).then_refused(("/data/replaced_by", "FA4 is not one"))
    adopted.when(posted(REVIEWED, "FA4", decision="introduced")).then_recorded()
    adopted.when(replaced).then_recorded()
    adopted.when(posted(REVIEWED, "FA1", decision="integrated", integrated_into="SP1")).then_recorded()


def test_a_revision_may_take_up_an_introduced_focus_area_or_leave_it_out(adopted: Scenario) -> None:
    objectives = EXAMPLE_PLAN["objectives"]
    assert isinstance(objectives, list)
    taken_up = [*objectives, {"id": "FA4", "layer": "focus", "title": "Fragile borders"}]
    adopted.when(posted(REVIEWED, "FA4", decision="introduced")).then_recorded()
    adopted.when(posted("plan.revised")).then_recorded()
    adopted.when(posted("plan.revised", objectives=taken_up)).then_recorded()
    adopted.when(posted(REVIEWED, "FA4", decision="continued")).then_recorded()
