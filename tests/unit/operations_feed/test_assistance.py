"""An activity is delivered once, corrected as often as need be, and retracted for good."""

from typing import Any

import pytest

from scenario import Given, Scenario, posted
from wco_common.event import Event


def on(name: str, **data: Any) -> Event:
    return posted(name, "c1", **data)


@pytest.fixture
def activity(given: Given) -> Scenario:
    return given(on("assistance.delivered"))


def test_an_activity_is_delivered_once(activity: Scenario) -> None:
    activity.when(on("assistance.delivered")).then_refused(("/subject", "activity c1 exists already"))


@pytest.mark.parametrize("name", ["assistance.corrected", "assistance.retracted"])
def test_what_was_not_delivered_is_neither_corrected_nor_retracted(given: Given, name: str) -> None:
    given().when(on(name)).then_refused(("/subject", "activity c1 does not exist"))


def test_an_activity_is_corrected_again_and_again(activity: Scenario) -> None:
    activity.when(on("assistance.corrected")).then_recorded()
    activity.when(on("assistance.corrected", delivered_on="2020-01-01")).then_recorded()


def test_a_retraction_is_final(activity: Scenario) -> None:
    activity.when(on("assistance.retracted")).then_recorded()
    refused = ("/subject", "activity c1 is retracted: that is final")
    activity.when(on("assistance.corrected")).then_refused(refused)
    activity.when(on("assistance.retracted")).then_refused(refused)
    activity.when(on("assistance.delivered")).then_refused(("/subject", "activity c1 exists already"))


def test_objectives_and_experts_that_nobody_knows_are_taken(given: Given) -> None:
    given().when(on("assistance.delivered", aligned_with=["no-such-objective"], experts=["nobody"])).then_recorded()
