"""The plan is adopted once a log; a revision of it drops nothing and moves nothing."""

from copy import deepcopy
from typing import Any

import pytest

from scenario import Given, posted
from wco_events.plan import EXAMPLE_PLAN

NEXT_YEAR = {"id": "2025-26", "starts_on": "2025-07-01", "ends_on": "2026-06-30"}


def plan() -> dict[str, Any]:
    return deepcopy(EXAMPLE_PLAN)


def test_the_first_plan_is_adopted(given: Given) -> None:
    given().when(posted("plan.adopted")).then_recorded()


@pytest.mark.parametrize("subject", ["sp-2022-2025", "sp-2025-2028"])
def test_a_second_adoption_is_refused_of_whatever_plan(given: Given, subject: str) -> None:
    given(posted("plan.adopted")).when(posted("plan.adopted", subject)).then_refused(
        ("/subject", "plan sp-2022-2025 is adopted already")
    )


def test_a_plan_that_was_not_adopted_is_not_revised(given: Given) -> None:
    given().when(posted("plan.revised")).then_refused(("/subject", "no plan is adopted yet"))


def test_another_plan_than_the_adopted_one_is_not_revised(given: Given) -> None:
    given(posted("plan.adopted")).when(posted("plan.revised", "sp-2025-2028")).then_refused(
        ("/subject", "the adopted plan is sp-2022-2025")
    )


def test_a_revision_adds_periods_objectives_kpis_and_instruments(given: Given) -> None:
    revised = plan()
    revised["periods"].append(NEXT_YEAR)
    revised["ends_on"] = "2026-06-30"
    revised["objectives"].append({"id": "SO2", "layer": "members", "title": "Revenue collection"})
    revised["instruments"].append({"id": "valuation", "objective": "SO2", "title": "Valuation"})
    revised["kpis"].append(revised["kpis"][0] | {"id": "SO2.completion"})
    given(posted("plan.adopted")).when(posted("plan.revised", **revised)).then_recorded().when(
        posted("baseline.set", "SO2.completion")
    ).then_recorded().when(posted("focus-area.reviewed", "FA1", decision="continued", period="2025-26")).then_recorded()


def test_a_revision_changes_what_is_said_of_the_plans_parts(given: Given) -> None:
    revised = plan()
    revised["title"] = "Another title"
    revised["objectives"][0] |= {"title": "Trade", "layer": "functions"}
    revised["instruments"][0]["objective"] = "SP1"
    revised["kpis"][0]["target"] = {"rule": "at_least", "value": "90"}
    given(posted("plan.adopted")).when(posted("plan.revised", **revised)).then_recorded()


def test_a_revision_drops_instruments(given: Given) -> None:
    given(posted("plan.adopted")).when(posted("plan.revised", instruments=[])).then_recorded()


def test_a_revision_that_drops_a_period_an_objective_and_a_kpi_is_refused_for_each(given: Given) -> None:
    revised = plan()
    del revised["periods"][2]
    revised["ends_on"] = "2024-06-30"
    del revised["objectives"][2]
    del revised["kpis"][1]
    given(posted("plan.adopted")).when(posted("plan.revised", **revised)).then_refused(
        ("/data/periods", "2024-25 is missing"),
        ("/data/objectives", "FA1 is missing"),
        ("/data/kpis", "SP1.satisfaction is missing"),
    )


def test_a_revision_drops_nothing_that_an_earlier_revision_added(given: Given) -> None:
    extended = plan()
    extended["objectives"].append({"id": "SO2", "layer": "members", "title": "Revenue collection"})
    given(posted("plan.adopted"), posted("plan.revised", **extended)).when(
        posted("plan.revised", **plan())
    ).then_refused(("/data/objectives", "SO2 is missing"))


def test_a_revision_moves_no_period(given: Given) -> None:
    revised = plan()
    revised["periods"][0]["ends_on"] = "2023-07-31"
    revised["periods"][1]["starts_on"] = "2023-08-01"
    given(posted("plan.adopted")).when(posted("plan.revised", **revised)).then_refused(
        ("/data/periods/0/ends_on", "2022-23 has ends_on 2023-06-30"),
        ("/data/periods/1/starts_on", "2023-24 has starts_on 2023-07-01"),
    )


def test_a_revision_may_put_a_period_before_the_first_one(given: Given) -> None:
    revised = plan()
    revised["periods"].insert(0, {"id": "2021-22", "starts_on": "2021-07-01", "ends_on": "2022-06-30"})
    revised["starts_on"] = "2021-07-01"
    given(posted("plan.adopted")).when(posted("plan.revised", **revised)).then_recorded()


def test_a_baseline_is_set_for_a_kpi_of_the_plan_and_set_again(given: Given) -> None:
    given(posted("plan.adopted")).when(posted("baseline.set")).then_recorded().when(
        posted("baseline.set", value="80")
    ).then_recorded()


def test_a_baseline_of_a_kpi_that_the_plan_does_not_have_is_refused(given: Given) -> None:
    given(posted("plan.adopted")).when(posted("baseline.set", "SP9.satisfaction")).then_refused(
        ("/subject", "SP9.satisfaction is not one of the kpis of plan sp-2022-2025: SO1.completion, SP1.satisfaction")
    )


def test_a_baseline_is_refused_before_a_plan_is_adopted(given: Given) -> None:
    given().when(posted("baseline.set")).then_refused(("/subject", "no plan is adopted yet"))


def test_members_are_listed_before_a_plan_is_adopted_and_as_often_as_need_be(given: Given) -> None:
    given().when(posted("members.listed")).then_recorded().when(posted("members.listed")).then_recorded().when(
        posted("plan.adopted")
    ).then_recorded().when(posted("members.listed", effective_on="2020-01-01")).then_recorded()
