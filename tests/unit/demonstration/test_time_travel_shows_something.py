"""The history is told late, corrected and taken back: each moment has its own figures, and some past ones change."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from folding import Events
from unit.demonstration.conftest import Kpi, Recorded

LAST = "2025-10-31"


def test_recorded_times_are_spread_over_the_plans_years(events: Events) -> None:
    quarters = {
        f"{event.recordedtime[:4]}-{(int(event.recordedtime[5:7]) + 2) // 3}"
        for log in events.values()
        for event in log
    }
    assert quarters >= {f"{year}-{quarter}" for year in (2023, 2024) for quarter in range(1, 5)} | {
        "2022-3",
        "2022-4",
        "2025-1",
        "2025-2",
        "2025-3",
    }
    for log in events.values():
        assert all(before.recordedtime <= after.recordedtime for before, after in pairwise(log))


def test_baselines_come_after_the_plan(recorded: Recorded, kpi: Kpi) -> None:
    (adopted,) = recorded("plan.adopted")
    assert min(event.recordedtime for event in recorded("baseline.set")) > adopted.recordedtime[:4] + "-12"
    assert kpi("SO1.satisfaction", "2022-23", "2022-12-31")["status"] == "no_reference"
    assert kpi("SO1.satisfaction", "2022-23", "2023-01-31")["status"] == "met"


def test_actions_are_reported_late(recorded: Recorded, kpi: Kpi) -> None:
    lags = [
        date.fromisoformat(event.recordedtime[:10]) - date.fromisoformat(event.data["completed_on"])
        for event in recorded("action.completed")
    ]
    assert sum(lag > timedelta(days=30) for lag in lags) > 5, "told months after"
    assert kpi("SO1.completion", "2022-23", "2023-06-30")["value"] < 100
    assert kpi("SO1.completion", "2022-23", "2023-10-31")["status"] == "met"


def test_an_action_is_reopened_and_completed_again(kpi: Kpi) -> None:
    statuses = [kpi("ORG.completion", "2022-23", day)["status"] for day in ("2023-08-31", "2023-12-31", "2024-03-31")]
    assert statuses == ["met", "missed", "met"]


@pytest.mark.parametrize("event", ["action.added", "action.started", "action.rescheduled", "action.withdrawn"])
def test_actions_live(recorded: Recorded, event: str) -> None:
    assert len({each.subject for each in recorded(event)}) > 3


def test_a_focus_area_is_introduced_and_counts_with_what_was_said_of_it_before(recorded: Recorded, kpi: Kpi) -> None:
    decisions = {(event.data["decision"], event.subject) for event in recorded("focus-area.reviewed")}
    assert decisions >= {
        ("introduced", "FA4"),
        ("introduced", "FA5"),
        ("replaced", "FA3"),
        ("integrated", "FA2"),
        ("continued", "FA1"),
    }
    before, after = (kpi("FA.satisfaction", "2022-23", day) for day in ("2023-06-25", "2023-06-26"))
    assert (before["status"], after["status"]) == ("met", "at_risk")


def test_a_survey_is_moved_into_the_next_period_with_its_answers(recorded: Recorded, kpi: Kpi) -> None:
    (moved,) = recorded("survey.rescheduled", "synthetic-cbc-2024-05-31")
    assert moved.data["closes_on"] == "2024-07-12"
    assert kpi("SO4.satisfaction", "2023-24", "2024-06-18")["value"] is not None
    assert kpi("SO4.satisfaction", "2023-24", LAST)["status"] == "no_data"
    assert kpi("SO4.satisfaction", "2024-25", LAST)["reference"]["kind"] == "baseline"


def test_surveys_are_reopened_cancelled_and_answered_again(recorded: Recorded, kpi: Kpi) -> None:
    (reopened,) = recorded("survey.reopened")
    answered = [kpi("RES.satisfaction", "2022-23", day)["response"] for day in ("2023-05-07", "2023-06-02")]
    assert answered == [{"answered": 93, "invited": 165}, {"answered": 100, "invited": 165}]
    assert len(recorded("survey.closed", reopened.subject)) == 2
    (cancelled,) = recorded("survey.cancelled")
    assert recorded("survey.submitted", cancelled.subject)
    assert len(recorded("survey.withdrawn")) == 3
    answers = [
        (event.subject, event.data["member"], event.data.get("respondent")) for event in recorded("survey.submitted")
    ]
    assert len(answers) > len(set(answers)), "an answer that replaces one"


def test_one_meeting_survey_names_no_invited(kpi: Kpi) -> None:
    assert kpi("SO1.satisfaction", "2024-25", LAST)["response"]["invited"] is None
    assert kpi("SO1.satisfaction", "2023-24", LAST)["response"]["invited"] is not None


def test_final_reports_come_after_the_period_and_are_corrected_and_taken_back(kpi: Kpi) -> None:
    days = ["2023-06-30", "2023-09-30", "2023-12-31", "2024-02-29"]
    late = [kpi("SP2.seizures", "2022-23", day) for day in days]
    values = [answer["value"] for answer in late]
    assert values == sorted(set(values)), "each report adds"
    assert [answer["status"] for answer in late] == ["at_risk", "missed", "missed", "met"]
    taken_back = [kpi("SP2.seizures", "2023-24", day) for day in ("2024-12-31", "2025-01-31", "2025-04-30")]
    assert taken_back[1]["value"] < taken_back[0]["value"] < taken_back[2]["value"]
    assert taken_back[2]["status"] == "met"


def test_real_interim_figures_are_provisional(kpi: Kpi) -> None:
    answer = kpi("SP2.seizures", "2022-23", LAST)
    assert answer["provisional"] == answer["value"] + 139 + 2200


def test_seizures_are_corrected_and_retracted_and_an_operation_cancelled(recorded: Recorded) -> None:
    assert recorded("seizure.corrected")
    assert recorded("seizure.retracted")
    (cancelled,) = recorded("operation.cancelled")
    assert any(event.data["operation"] == cancelled.subject for event in recorded("seizure.reported"))


def test_an_objectives_partnership_is_told_late_and_another_retracted(kpi: Kpi) -> None:
    late = [kpi("SP2.partnerships", "2022-23", day)["value"] for day in ("2023-06-30", "2023-08-31")]
    assert late == [3, 4]
    retracted = [kpi("SP2.partnerships", "2023-24", day)["status"] for day in ("2024-08-31", "2024-09-30")]
    assert retracted == ["met", "missed"]


def test_an_activity_is_retracted_and_others_corrected(recorded: Recorded, kpi: Kpi) -> None:
    for event in recorded("assistance.retracted"):
        assert recorded("assistance.delivered", event.subject)
    alignment = [kpi("SP3.alignment", "2022-23", day)["status"] for day in ("2023-07-31", "2023-09-30")]
    assert alignment == ["missed", "met"], "a correction tells what activities were aligned with"


def test_accreditations_expire_and_renewals_are_told_late(recorded: Recorded, kpi: Kpi) -> None:
    in_force = [
        kpi("SP3.external-experts", "2024-25", day)["value"] for day in ("2025-02-28", "2025-06-30", "2025-09-30")
    ]
    assert in_force[0] > in_force[1] < in_force[2]
    assert recorded("expert.accreditation-ended")
    assert recorded("expert.accreditation-corrected")


def test_the_revised_plan_changes_a_past_period(recorded: Recorded, kpi: Kpi) -> None:
    (revised,) = recorded("plan.revised")
    assert revised.recordedtime.startswith("2024-02-12")
    statuses = [kpi("SO3.instruments", "2022-23", day)["status"] for day in ("2024-02-11", "2024-02-12")]
    assert statuses == ["met", "missed"]


def test_the_dashboard_sees_every_status(events: Events, kpi: Kpi) -> None:
    names = [definition["id"] for definition in events["plan-registry"][0].data["kpis"]]
    moments = [
        (period, day)
        for period in ("2022-23", "2023-24", "2024-25")
        for day in ("2022-12-31", "2023-07-15", "2025-01-31", LAST)
    ]
    seen = {kpi(name, period, day)["status"] for period, day in moments for name in names}
    assert seen == {"met", "on_track", "at_risk", "missed", "no_reference", "no_data"}
    final = [[kpi(name, period, LAST)["status"] for name in names] for period in ("2022-23", "2023-24", "2024-25")]
    assert all(8 < statuses.count("met") < 26 for statuses in final)
