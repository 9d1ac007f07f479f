"""What the list of actions has of each, and what an action's course is."""

from listing import Listed, Told, listed
from plan_registry.lists import TABLES

PLANNED = {"id": "a1", "objective": "SO1", "title": "Do it", "due_on": "2023-05-01"}


def course(*events: Told) -> Listed:
    published = ("implementation-plan.published", "2022-23", {"period": "2022-23", "actions": [PLANNED]})
    return listed(TABLES, published, *events)


def test_a_published_action_is_open_and_says_what_the_plan_says() -> None:
    row = course().row("action", "a1")
    assert row == {
        "objective": "SO1",
        "period": "2022-23",
        "title": "Do it",
        "due_on": "2023-05-01",
        "desired_future": None,
        "risk": None,
        "state": "open",
        "started_on": None,
        "completed_on": None,
        "evidence": None,
        "event": "implementation-plan.published",
        "reason": None,
    }


def test_an_added_action_is_open_in_the_period_that_it_is_added_to() -> None:
    added = {"period": "2023-24", "objective": "FA1", "title": "More", "due_on": "2024-02-01", "risk": "R"}
    row = course(("action.added", "a2", added)).row("action", "a2")
    assert (row["period"], row["objective"], row["risk"], row["state"]) == ("2023-24", "FA1", "R", "open")


def test_a_completed_action_says_when_and_what_shows_it() -> None:
    row = course(
        ("action.started", "a1", {"started_on": "2023-01-02"}),
        ("action.completed", "a1", {"completed_on": "2023-04-01", "evidence": "doc"}),
    ).row("action", "a1")
    said = (row["state"], row["started_on"], row["completed_on"], row["evidence"])
    assert said == ("completed", "2023-01-02", "2023-04-01", "doc")


def test_a_reopened_action_is_open_and_keeps_its_start() -> None:
    row = course(
        ("action.started", "a1", {"started_on": "2023-01-02"}),
        ("action.completed", "a1", {"completed_on": "2023-04-01", "evidence": "doc"}),
        ("action.reopened", "a1", {"reason": "not done"}),
    ).row("action", "a1")
    said = (row["state"], row["started_on"], row["completed_on"], row["evidence"], row["reason"])
    assert said == ("open", "2023-01-02", None, None, "not done")


def test_a_rescheduled_action_is_due_on_the_new_day_in_its_old_period() -> None:
    row = course(("action.rescheduled", "a1", {"due_on": "2024-01-01", "reason": "late"})).row("action", "a1")
    assert (row["due_on"], row["period"], row["reason"]) == ("2024-01-01", "2022-23", "late")


def test_a_withdrawn_action_stays_in_the_list() -> None:
    assert course(("action.withdrawn", "a1", {"reason": "moot"})).row("action", "a1")["state"] == "withdrawn"


def test_each_event_of_an_action_is_a_version_of_its_row() -> None:
    versions = course(
        ("action.started", "a1", {"started_on": "2023-01-02"}),
        ("action.rescheduled", "a1", {"due_on": "2023-05-01", "reason": "the same day"}),
    ).versions("action", "a1")
    assert [(version.sequence, (version.row or {})["event"]) for version in versions] == [
        (1, "implementation-plan.published"),
        (2, "action.started"),
        (3, "action.rescheduled"),
    ]
