"""Another plan is another file: other periods, KPIs and objectives, and no code changed."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from wco_common.event import FoldedEvent
from wco_events.registry import EVENT_TYPES, faults_of
from wco_kpi.board import Board
from wco_kpi.memory import Memory
from wco_kpi.scorecard import group_answers, kpi_answers

PLAN = json.loads((Path(__file__).parents[2] / "plans" / "lighthouses-2031-2032.json").read_bytes())


class Recorded:
    """Events as logs record them, folded."""

    def __init__(self) -> None:
        self.memory = Memory()
        self._sequence = 0
        self.say("plan.adopted", "lighthouses", **PLAN)

    def say(self, name: str, subject: str, **data: Any) -> None:
        event_type = EVENT_TYPES[f"org.wcoomd.{name}.v1"]
        assert faults_of(event_type, subject, data) == []
        self._sequence += 1
        sequence, time = f"{self._sequence:016d}", "2031-01-02T00:00:00.000000Z"
        self.memory.fold([FoldedEvent(event_type.type, subject, sequence, time, data)])

    def board(self, day: str) -> Board:
        return Board(self.memory, date.fromisoformat(day))


def test_the_invented_plan_is_sound() -> None:
    assert faults_of(EVENT_TYPES["org.wcoomd.plan.adopted.v1"], "lighthouses", PLAN) == []


def test_its_kpis_are_measured_in_its_own_periods() -> None:
    recorded = Recorded()
    actions = [
        {"id": f"w{number}", "objective": objective, "title": "A work", "due_on": "2031-05-01"}
        for number, objective in enumerate(["LIGHT1", "LIGHT2", "LIGHT2", "CREW"])
    ]
    recorded.say(
        "implementation-plan.published", "first-half", plan="lighthouses", period="first-half", actions=actions
    )
    recorded.say("action.completed", "w0", completed_on="2031-02-01")
    for survey, committee, topics in (("m1", "PTC", {"lamps": 5}), ("m2", "EC", {"horns": 1, "lamps": 3})):
        recorded.say(
            "survey.opened", survey, kind="meeting", title=survey, committee=committee, opens_on="2031-03-01",
            closes_on="2031-03-31", scale={"min": 1, "max": 5}, topics=["lamps", "horns"],
        )  # fmt: skip
        recorded.say("survey.submitted", survey, member="NOR", submitted_on="2031-03-02", ratings=topics)
    recorded.say(
        "expert.accredited", "k1", status="recognised", employer="wco", areas=["lamps"], accredited_on="2031-04-01",
        expires_on="2031-12-31",
    )  # fmt: skip
    for activity, aligned_with, delivered_by, amount in (
        ("t1", ["LIGHT1"], "recognised", "30"),
        ("t2", ["LIGHT2"], "other", "50"),
        ("t3", ["CREW"], "recognised", "20"),
    ):
        recorded.say(
            "assistance.delivered", activity, title=activity, delivered_on="2031-04-04", members=["NOR"],
            aligned_with=aligned_with, delivered_by=delivered_by, cost={"amount": amount, "currency": "EUR"},
        )  # fmt: skip
    board = recorded.board("2031-04-15")
    figures = {
        kpi["id"]: (kpi["numerator"], kpi["denominator"], kpi["status"]) for kpi in kpi_answers(board, "first-half")
    }
    assert figures == {
        # 1 of 3 is 33.3 %, below 58.0 %, the 105 of 181 days of the half year that are over.
        "LIGHT.completion": ("1", "3", "at_risk"),
        "LIGHT.satisfaction": ("150", "3", "no_reference"),
        "CREW.recognised": ("1", "1", "at_risk"),
        "CREW.money": ("30", "100", "no_reference"),
        "ALL.met": ("0", "4", "at_risk"),
    }
    assert [group["key"] for group in group_answers(board, "LIGHT.satisfaction", "first-half", "topic")] == [
        "horns",
        "lamps",
    ]
    later = {kpi["id"]: kpi for kpi in kpi_answers(recorded.board("2032-01-15"), "second-half")}
    assert later["CREW.recognised"]["value"] == 0  # expired on the period's last day
    assert later["LIGHT.satisfaction"]["reference"] == {"value": 50, "kind": "previous"}


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        (lambda plan: plan["periods"][1].update(starts_on="2031-08-01"), "/data/periods/1/starts_on"),
        (lambda plan: plan.update(ends_on="2032-04-30"), "/data/ends_on"),
        (lambda plan: plan["kpis"][1].update(id="LIGHT.completion"), "/data/kpis/1/id"),
        (lambda plan: plan["kpis"][0]["target"].pop("value"), "/data/kpis/0/target/value"),
        (lambda plan: plan["kpis"][0].update(unit="count"), "/data/kpis/0/unit"),
        (lambda plan: plan["kpis"][0]["measure"].update(objectives=["DARK1"]), "/data/kpis/0/measure/objectives/0"),
        (lambda plan: plan["kpis"][1]["measure"].update(surveys="annual"), "/data/kpis/1/measure/committees"),
        (lambda plan: plan["instruments"][0].update(objective="DARK1"), "/data/instruments/0/objective"),
        (lambda plan: plan["kpis"][2]["measure"].update(facts="ghosts"), "/data/kpis/2/measure"),
        (lambda plan: plan["kpis"][3]["measure"].update(colour="red"), "/data/kpis/3/measure/colour"),
    ],
)
def test_a_mistake_in_a_plan_is_refused_with_its_place(change: Any, pointer: str) -> None:
    plan = json.loads(json.dumps(PLAN))
    change(plan)
    faults = faults_of(EVENT_TYPES["org.wcoomd.plan.adopted.v1"], "lighthouses", plan)
    assert pointer in [fault.pointer for fault in faults]
    assert all(fault.detail for fault in faults)
