"""An expert is accredited one time after another, never twice at a time."""

from typing import Any

import pytest

from scenario import Given, Scenario, posted
from wco_common.event import Event


def accredited(accredited_on: str, expires_on: str | None = None) -> Event:
    return _accreditation("expert.accredited", accredited_on, expires_on)


def corrected(accredited_on: str, expires_on: str | None = None) -> Event:
    return _accreditation("expert.accreditation-corrected", accredited_on, expires_on)


def ended(ended_on: str) -> Event:
    return posted("expert.accreditation-ended", "e1", ended_on=ended_on)


def _accreditation(name: str, accredited_on: str, expires_on: str | None) -> Event:
    expiry: dict[str, Any] = {} if expires_on is None else {"expires_on": expires_on}
    return posted(name, "e1", without=["expires_on"], accredited_on=accredited_on, **expiry)


OVERLAPS = "begins then or later"


def test_an_expert_is_accredited(given: Given) -> None:
    given().when(accredited("2022-08-01")).then_recorded()


@pytest.mark.parametrize("event", [corrected("2022-08-01"), ended("2023-01-01")])
def test_there_is_nothing_to_correct_or_end_before_an_accreditation(given: Given, event: Event) -> None:
    given().when(event).then_refused(("/subject", "expert e1 does not exist: expert.accredited comes first"))


def test_an_accreditation_without_an_end_bars_another(given: Given) -> None:
    given(accredited("2022-08-01")).when(accredited("2030-01-01")).then_refused(
        ("/subject", "expert e1 is accredited since 2022-08-01 without an end: expert.accreditation-ended comes first")
    )


@pytest.mark.parametrize(
    "before",
    [
        [accredited("2022-08-01", "2023-06-30")],
        [accredited("2022-08-01"), ended("2023-06-30")],
        [accredited("2022-08-01", "2024-01-01"), ended("2023-06-30")],
        [accredited("2022-08-01", "2023-06-30"), ended("2024-01-01")],
    ],
    ids=["expired", "ended", "ended-before-expiring", "expired-before-ending"],
)
def test_an_expert_is_accredited_again_from_the_end_on(given: Given, before: list[Event]) -> None:
    given(*before).when(accredited("2023-06-29")).then_refused(("/data/accredited_on", "ends on 2023-06-30")).when(
        accredited("2023-06-30")
    ).then_recorded()


def test_only_the_last_accreditation_bars_another(given: Given) -> None:
    given(accredited("2022-08-01", "2023-01-01"), accredited("2023-01-01")).when(accredited("2024-01-01")).then_refused(
        ("/subject", "is accredited since 2023-01-01 without an end")
    )


def test_a_second_end_replaces_the_first_one(given: Given) -> None:
    given(accredited("2022-08-01"), ended("2023-01-01"), ended("2024-01-01")).when(
        accredited("2023-06-01")
    ).then_refused(("/data/accredited_on", "ends on 2024-01-01")).when(ended("2023-06-01")).then_recorded().when(
        accredited("2023-06-01")
    ).then_recorded()


def test_an_accreditation_does_not_end_before_it_began(given: Given) -> None:
    given(accredited("2022-08-01")).when(ended("2022-07-31")).then_refused(
        ("/data/ended_on", "is before 2022-08-01, when e1 was accredited")
    ).when(ended("2022-08-01")).then_recorded()


def test_it_is_the_last_accreditation_that_ends(given: Given) -> None:
    given(accredited("2022-08-01", "2023-01-01"), accredited("2023-01-01")).when(ended("2022-12-31")).then_refused(
        ("/data/ended_on", "is before 2023-01-01")
    )


def test_an_end_on_record_outlives_a_correction(given: Given) -> None:
    given(accredited("2022-08-01"), ended("2024-01-01")).when(corrected("2022-09-01")).then_recorded().when(
        accredited("2023-06-01")
    ).then_refused(("/data/accredited_on", "ends on 2024-01-01"))


def test_a_correction_replaces_the_expiry_and_may_take_it_away(given: Given) -> None:
    given(accredited("2022-08-01", "2023-01-01")).when(corrected("2022-08-01", "2024-01-01")).then_recorded().when(
        accredited("2023-06-01")
    ).then_refused(("/data/accredited_on", "ends on 2024-01-01")).when(corrected("2022-08-01")).then_recorded().when(
        accredited("2025-01-01")
    ).then_refused(("/subject", "without an end"))


def test_a_correction_does_not_begin_after_the_end_on_record(given: Given) -> None:
    given(accredited("2022-08-01"), ended("2023-01-01")).when(corrected("2023-01-02")).then_refused(
        ("/data/accredited_on", "is after 2023-01-01, the recorded end")
    ).when(corrected("2023-01-01")).then_recorded()


def test_a_correction_does_not_overlap_the_accreditation_before(given: Given) -> None:
    second: Scenario = given(accredited("2022-08-01", "2023-01-01"), accredited("2023-06-01"))
    second.when(corrected("2022-12-31")).then_refused(("/data/accredited_on", OVERLAPS))
    second.when(corrected("2023-01-01")).then_recorded()
    second.when(corrected("2022-12-31")).then_refused(("/data/accredited_on", OVERLAPS))


def test_what_bars_a_correction_is_the_end_before_and_not_an_earlier_one(given: Given) -> None:
    third = given(
        accredited("2020-01-01", "2021-01-01"), accredited("2021-01-01", "2022-01-01"), accredited("2023-01-01")
    )
    third.when(corrected("2021-06-01")).then_refused(("/data/accredited_on", "ends on 2022-01-01"))
    third.when(ended("2024-01-01")).then_recorded()
    third.when(corrected("2021-06-01")).then_refused(("/data/accredited_on", "ends on 2022-01-01"))
