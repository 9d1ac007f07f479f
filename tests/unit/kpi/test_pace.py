"""A KPI whose target a revision changes: growing with time is not enough to be on track, or to have years added up."""

from collections import Counter
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from plan_registry_candidates import CATALOGUE, PLAN
from wco_common.event import FoldedEvent
from wco_events.registry import EVENT_TYPES, faults_of
from wco_kpi.board import Board
from wco_kpi.memory import Memory
from wco_kpi.status import Reference, Status

HALF_OF_2022_23 = date(2022, 12, 31)
"""184 of its 365 days are over, 50.4 percent."""


class Plan:
    """The catalogue with another target of one KPI, and what is recorded under it."""

    def __init__(self, kpi: str, **target: str) -> None:
        self._memory = Memory()
        self._recorded: Counter[str] = Counter()
        kpis = [each | {"target": target} if each["id"] == kpi else each for each in CATALOGUE["kpis"]]
        self.say("plan.adopted", PLAN, **CATALOGUE)
        self.say("plan.revised", PLAN, **CATALOGUE | {"kpis": kpis}, reason="The Council decided so")

    def say(self, name: str, subject: str, **data: Any) -> None:
        event_type = EVENT_TYPES[f"org.wcoomd.{name}.v1"]
        assert faults_of(event_type, subject, data) == []
        self._recorded[event_type.log] += 1
        sequence, time = f"{self._recorded[event_type.log]:016d}", "2022-07-02T00:00:00.000000Z"
        self._memory.fold([FoldedEvent(event_type.type, subject, sequence, time, data)])

    def board(self) -> Board:
        return Board(self._memory, HALF_OF_2022_23)


def one_of_three_actions_done(plan: Plan) -> None:
    actions = [{"id": each, "objective": "SO1", "title": "Do it", "due_on": "2023-06-30"} for each in ("a", "b", "c")]
    plan.say("implementation-plan.published", "2022-23", plan=PLAN, period="2022-23", actions=actions)
    plan.say("action.completed", "a", completed_on="2022-07-01")


def final_report_of_60_seizures(plan: Plan) -> None:
    plan.say(
        "operation.launched", "o", title="An operation", starts_on="2022-07-01", ends_on="2022-07-01", participants=[]
    )
    plan.say(
        "operation.report-published", "o", stage="final", published_on="2022-07-02", totals={"seizures": 60}
    )  # fmt: skip


def test_a_completion_keeps_pace_with_all_that_is_planned_though_less_is_aimed_at() -> None:
    plan = Plan("SO1.completion", rule="at_least", value="50")
    one_of_three_actions_done(plan)
    assert plan.board().status("SO1.completion", "2022-23") is Status.AT_RISK


@pytest.mark.parametrize("rule", ["increase", "maintain_or_increase"])
def test_a_completion_that_is_compared_is_never_on_track(rule: str) -> None:
    plan = Plan("SO1.completion", rule=rule)
    plan.say("baseline.set", "SO1.completion", value="40", measured_on="2022-05-01", source="The year before")
    one_of_three_actions_done(plan)
    assert plan.board().status("SO1.completion", "2022-23") is Status.AT_RISK


def test_the_whole_plan_compares_a_completion_with_its_baseline_as_it_is() -> None:
    plan = Plan("SO1.completion", rule="increase")
    plan.say("baseline.set", "SO1.completion", value="30", measured_on="2022-05-01", source="The year before")
    one_of_three_actions_done(plan)
    board = plan.board()
    assert board.reference("SO1.completion", PLAN) == Reference(Fraction(30), "baseline")
    assert board.status("SO1.completion", PLAN) is Status.MET


def test_seizures_that_are_to_reach_a_value_are_never_on_track() -> None:
    plan = Plan("SP2.seizures", rule="at_least", value="100")
    final_report_of_60_seizures(plan)
    assert plan.board().status("SP2.seizures", "2022-23") is Status.AT_RISK


def test_seizures_that_are_compared_keep_pace_with_the_year_before() -> None:
    plan = Plan("SP2.seizures", rule="maintain_or_increase")
    plan.say("baseline.set", "SP2.seizures", value="100", measured_on="2022-05-01", source="The year before")
    final_report_of_60_seizures(plan)
    assert plan.board().status("SP2.seizures", "2022-23") is Status.ON_TRACK
