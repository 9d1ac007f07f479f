"""An action is started, completed, reopened, rescheduled, withdrawn, as far as its state allows."""

from typing import Any

import pytest

from scenario import Given, Scenario, posted
from wco_common.event import Event

LIFE = ["action.started", "action.completed", "action.reopened", "action.withdrawn", "action.rescheduled"]


def on(name: str, **data: Any) -> Event:
    return posted(name, "a1", **data)


@pytest.fixture
def action(given: Given) -> Scenario:
    planned = {"id": "a1", "objective": "SO1", "title": "Do it", "due_on": "2023-06-30"}
    return given(posted("plan.adopted"), posted("implementation-plan.published", actions=[planned]))


@pytest.mark.parametrize("name", LIFE)
def test_an_unknown_action_is_refused(action: Scenario, name: str) -> None:
    action.when(posted(name, "a2")).then_refused(("/subject", "action a2 does not exist"))


@pytest.mark.parametrize("name", LIFE)
def test_no_action_exists_before_a_plan_is_adopted(given: Given, name: str) -> None:
    given().when(posted(name, "a1")).then_refused(("/subject", "action a1 does not exist"))


@pytest.mark.parametrize("name", LIFE)
def test_a_withdrawn_action_takes_nothing_more(action: Scenario, name: str) -> None:
    action.when(on("action.withdrawn")).then_recorded()
    action.when(on(name)).then_refused(("/subject", "action a1 is withdrawn: that is final"))


def test_an_action_is_completed_with_or_without_a_start(action: Scenario) -> None:
    action.when(on("action.completed")).then_recorded()
    action.when(on("action.reopened")).then_recorded()
    action.when(on("action.started", started_on="2022-09-05")).then_recorded()
    action.when(on("action.completed", completed_on="2022-09-05")).then_recorded()


def test_an_action_is_not_completed_before_it_was_started(action: Scenario) -> None:
    action.when(on("action.started", started_on="2022-09-05")).then_recorded()
    action.when(on("action.completed", completed_on="2022-09-04")).then_refused(
        ("/data/completed_on", "2022-09-04 is before 2022-09-05, when the action was started")
    )


def test_a_start_still_counts_after_reopening_until_another_replaces_it(action: Scenario) -> None:
    action.when(on("action.started", started_on="2022-09-05")).then_recorded()
    action.when(on("action.completed", completed_on="2022-10-01")).then_recorded()
    action.when(on("action.reopened")).then_recorded()
    action.when(on("action.completed", completed_on="2022-09-01")).then_refused(("/data/completed_on", "2022-09-05"))
    action.when(on("action.started", started_on="2022-08-15")).then_recorded()
    action.when(on("action.completed", completed_on="2022-09-01")).then_recorded()


def test_a_completion_before_the_period_begins_is_taken(action: Scenario) -> None:
    action.when(on("action.completed", completed_on="2022-06-25")).then_recorded()


def test_a_completion_after_the_due_day_and_the_period_is_taken(action: Scenario) -> None:
    action.when(on("action.completed", completed_on="2025-01-01")).then_recorded()


def test_an_action_is_completed_once_until_it_is_reopened(action: Scenario) -> None:
    action.when(on("action.completed")).then_recorded()
    action.when(on("action.completed")).then_refused(("/subject", "action a1 is completed: action.reopened"))
    action.when(on("action.reopened")).then_recorded()
    action.when(on("action.completed")).then_recorded()


def test_an_action_is_started_once_and_not_once_it_is_completed(action: Scenario) -> None:
    action.when(on("action.started")).then_recorded()
    action.when(on("action.started")).then_refused(("/subject", "action a1 is started"))
    action.when(on("action.completed")).then_recorded()
    action.when(on("action.started")).then_refused(("/subject", "action a1 is completed"))


def test_only_a_completed_action_is_reopened(action: Scenario) -> None:
    refused = ("/subject", "only a completed action is reopened")
    action.when(on("action.reopened")).then_refused(refused)
    action.when(on("action.started")).then_recorded()
    action.when(on("action.reopened")).then_refused(refused)
    action.when(on("action.completed")).then_recorded()
    action.when(on("action.reopened")).then_recorded()
    action.when(on("action.reopened")).then_refused(refused)


def test_withdrawal_of_a_started_or_a_completed_action_is_taken(action: Scenario) -> None:
    action.when(on("action.started")).then_recorded()
    action.when(on("action.completed")).then_recorded()
    action.when(on("action.withdrawn")).then_recorded()


def test_a_completed_action_stays_completed_when_it_is_rescheduled(action: Scenario) -> None:
    action.when(on("action.rescheduled")).then_recorded()
    action.when(on("action.completed")).then_recorded()
    action.when(on("action.rescheduled", due_on="2022-01-01")).then_recorded()
    action.when(on("action.completed")).then_refused(("/subject", "action a1 is completed"))
