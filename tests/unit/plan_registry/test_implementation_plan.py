"""An implementation plan is published once a period; its actions are new, and serve objectives that exist."""

from typing import Any

from scenario import Given, posted

KPI = posted("plan.adopted").data["kpis"][0]


def action(name: str, objective: str = "SO1") -> dict[str, Any]:
    return {"id": name, "objective": objective, "title": "Do it", "due_on": "2023-06-30"}


def test_a_period_gets_its_implementation_plan(given: Given) -> None:
    given(posted("plan.adopted")).when(posted("implementation-plan.published")).then_recorded()


def test_an_implementation_plan_without_actions_is_taken(given: Given) -> None:
    given(posted("plan.adopted")).when(posted("implementation-plan.published", actions=[])).then_recorded()


def test_nothing_is_planned_before_a_plan_is_adopted(given: Given) -> None:
    given().when(posted("implementation-plan.published", actions=[action("a1")])).then_refused(
        ("/data/plan", "no plan is adopted yet"),
        ("/data/period", "no plan is adopted yet"),
        ("/data/actions/0/objective", "no plan is adopted yet"),
    )


def test_a_second_implementation_plan_of_a_period_is_refused(given: Given) -> None:
    given(posted("plan.adopted"), posted("implementation-plan.published")).when(
        posted("implementation-plan.published", actions=[action("another")])
    ).then_refused(("/subject", "implementation plan 2022-23 exists already"))


def test_the_next_period_gets_its_own(given: Given) -> None:
    given(posted("plan.adopted"), posted("implementation-plan.published")).when(
        posted("implementation-plan.published", "2023-24", period="2023-24", actions=[action("a1")])
    ).then_recorded()


def test_an_action_id_of_another_period_is_not_used_again(given: Given) -> None:
    given(posted("plan.adopted"), posted("implementation-plan.published", actions=[action("a1")])).when(
        posted("implementation-plan.published", "2023-24", period="2023-24", actions=[action("a2"), action("a1")])
    ).then_refused(("/data/actions/1/id", "action a1 exists already: action ids are unique over the plan"))


def test_every_contradiction_is_told_at_once(given: Given) -> None:
    given(posted("plan.adopted")).when(
        posted(
            "implementation-plan.published",
            "2031-32",
            plan="sp-2028-2031",
            period="2031-32",
            actions=[action("a1", "SO9"), action("a2"), action("a3", "FA9")],
        )
    ).then_refused(
        ("/data/plan", "the adopted plan is sp-2022-2025"),
        ("/data/period", "2031-32 is not one of the periods of plan sp-2022-2025: 2022-23, 2023-24, 2024-25"),
        ("/data/actions/0/objective", "SO9 is not one of the objectives of plan sp-2022-2025: SO1, SP1, FA1"),
        ("/data/actions/2/objective", "FA9 is not one of the objectives"),
    )


def test_a_refusal_does_not_name_every_objective_of_a_long_plan(given: Given) -> None:
    many = [{"id": f"SO{number}", "layer": "members", "title": "One of many"} for number in range(1, 42)]
    plan = posted("plan.adopted", objectives=many, instruments=[], kpis=[KPI])
    given(plan).when(posted("implementation-plan.published", actions=[action("a1", "SO99")])).then_refused(
        ("/data/actions/0/objective", "SO39, SO40 …")
    )


def test_an_action_serves_a_focus_area_only_once_it_is_introduced(given: Given) -> None:
    planned = posted("implementation-plan.published", actions=[action("a1", "FA4")])
    given(posted("plan.adopted")).when(planned).then_refused(("/data/actions/0/objective", "FA4 is not one")).when(
        posted("focus-area.reviewed", "FA4")
    ).then_recorded().when(planned).then_recorded()


def test_an_action_is_added_to_a_published_implementation_plan(given: Given) -> None:
    given(posted("plan.adopted"), posted("implementation-plan.published")).when(
        posted("action.added", "new")
    ).then_recorded().when(posted("action.completed", "new")).then_recorded()


def test_an_action_is_not_added_where_no_implementation_plan_is_published(given: Given) -> None:
    given(posted("plan.adopted"), posted("implementation-plan.published")).when(
        posted("action.added", "new", period="2023-24")
    ).then_refused(("/data/period", "implementation plan 2023-24 does not exist"))


def test_an_action_is_added_once_and_for_an_objective_that_exists(given: Given) -> None:
    given(posted("plan.adopted"), posted("implementation-plan.published", actions=[action("a1")])).when(
        posted("action.added", "a1", objective="SO9")
    ).then_refused(("/subject", "action a1 exists already"), ("/data/objective", "SO9 is not one of the objectives"))


def test_the_id_of_a_withdrawn_action_is_not_used_again(given: Given) -> None:
    given(
        posted("plan.adopted"),
        posted("implementation-plan.published", actions=[action("a1")]),
        posted("action.withdrawn", "a1"),
    ).when(posted("action.added", "a1")).then_refused(("/subject", "action a1 exists already"))


def test_an_added_action_serves_an_introduced_focus_area(given: Given) -> None:
    given(posted("plan.adopted"), posted("implementation-plan.published"), posted("focus-area.reviewed", "FA4")).when(
        posted("action.added", "new", objective="FA4")
    ).then_recorded()
