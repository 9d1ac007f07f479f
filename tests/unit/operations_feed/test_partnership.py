"""A partnership is registered once and goes by steps, each new within it; steps may be retracted."""

from typing import Any

import pytest

from scenario import Given, Scenario, posted
from wco_common.event import Event


def on(name: str, partnership: str = "p1", **data: Any) -> Event:
    return posted(name, partnership, **data)


@pytest.fixture
def partnership(given: Given) -> Scenario:
    return given(on("partnership.registered"))


def test_a_partnership_is_registered_once(partnership: Scenario) -> None:
    partnership.when(on("partnership.registered")).then_refused(("/subject", "partnership p1 exists already"))
    partnership.when(on("partnership.ended")).then_recorded()
    partnership.when(on("partnership.registered")).then_refused(("/subject", "partnership p1 exists already"))


@pytest.mark.parametrize(
    "name", ["partnership.reviewed", "partnership.upgraded", "partnership.step-retracted", "partnership.ended"]
)
def test_a_partnership_that_was_not_registered_takes_nothing(partnership: Scenario, name: str) -> None:
    partnership.when(on(name, "p2")).then_refused(("/subject", "partnership p2 does not exist"))


def test_a_step_is_new_within_its_partnership_whether_review_or_upgrade(partnership: Scenario) -> None:
    partnership.when(on("partnership.reviewed", step="s1")).then_recorded()
    partnership.when(on("partnership.upgraded", step="s1")).then_refused(("/data/step", "step p1/s1 exists already"))
    partnership.when(on("partnership.upgraded", step="s2")).then_recorded()


def test_partnerships_name_their_steps_apart(partnership: Scenario) -> None:
    partnership.when(on("partnership.registered", "p2")).then_recorded()
    partnership.when(on("partnership.reviewed", step="s1")).then_recorded()
    partnership.when(on("partnership.reviewed", "p2", step="s1")).then_recorded()


def test_a_step_on_objectives_that_the_partnership_does_not_name_is_taken(partnership: Scenario) -> None:
    partnership.when(on("partnership.reviewed", objectives=["SO4", "no-such-objective"])).then_recorded()


def test_a_step_is_retracted_once_and_its_id_stays_used(partnership: Scenario) -> None:
    partnership.when(on("partnership.reviewed", step="s1")).then_recorded()
    partnership.when(on("partnership.step-retracted", step="s1")).then_recorded()
    partnership.when(on("partnership.step-retracted", step="s1")).then_refused(
        ("/data/step", "step p1/s1 is retracted")
    )
    partnership.when(on("partnership.reviewed", step="s1")).then_refused(("/data/step", "step p1/s1 exists already"))


def test_what_is_no_step_is_not_retracted(partnership: Scenario) -> None:
    partnership.when(on("partnership.step-retracted", step="s9")).then_refused(
        ("/data/step", "step p1/s9 does not exist")
    )


def test_a_partnership_ends_once(partnership: Scenario) -> None:
    partnership.when(on("partnership.ended")).then_recorded()
    partnership.when(on("partnership.ended")).then_refused(("/subject", "partnership p1 is ended: it ends once"))


def test_a_partnership_that_has_ended_still_takes_and_gives_back_steps(partnership: Scenario) -> None:
    partnership.when(on("partnership.ended", on="2024-01-01")).then_recorded()
    partnership.when(on("partnership.upgraded", step="s1", on="2023-12-31")).then_recorded()
    partnership.when(on("partnership.reviewed", step="s2", on="2024-02-01")).then_recorded()
    partnership.when(on("partnership.step-retracted", step="s2")).then_recorded()


def test_a_partnership_may_end_before_it_is_said_to_exist(partnership: Scenario) -> None:
    partnership.when(on("partnership.ended", on="1999-01-01")).then_recorded()
