"""A submission answers what its survey asks, by whom it asks; the latest counts, and may be withdrawn."""

from typing import Any

import pytest

from scenario import Given, Scenario, posted
from wco_common.event import Event


def submitted(survey: str = "annual-2022", member: str = "KEN", **data: Any) -> Event:
    return posted(
        "survey.submitted", survey, without=["instruments"], member=member, **({"ratings": {"overall": 3}} | data)
    )


def withdrawn(survey: str = "annual-2022", member: str = "KEN", **data: Any) -> Event:
    return posted("survey.withdrawn", survey, member=member, **data)


@pytest.fixture
def annual(given: Given) -> Scenario:
    return given(posted("survey.opened"))


@pytest.fixture
def meeting(given: Given) -> Scenario:
    opened = posted("survey.opened", "m1", without=["instruments", "invited"], kind="meeting", committee="PTC")
    return given(opened)


def test_an_answer_to_everything_that_is_asked_is_taken(annual: Scenario) -> None:
    annual.when(posted("survey.submitted")).then_recorded()


def test_an_answer_that_rates_nothing_is_taken(annual: Scenario) -> None:
    annual.when(submitted(ratings={})).then_recorded()


def test_the_next_answer_of_a_member_replaces_the_one_before(annual: Scenario) -> None:
    annual.when(submitted()).then_recorded()
    annual.when(submitted()).then_recorded()


@pytest.mark.parametrize("day", ["2022-10-01", "2023-03-01"])
def test_an_answer_dated_outside_the_surveys_days_is_taken_while_it_is_not_closed(annual: Scenario, day: str) -> None:
    annual.when(submitted(submitted_on=day)).then_recorded()


def test_a_closed_survey_takes_no_answer_until_it_is_reopened(annual: Scenario) -> None:
    annual.when(posted("survey.closed")).then_recorded()
    annual.when(submitted()).then_refused(("/subject", "survey annual-2022 is closed: it takes no submission"))
    annual.when(posted("survey.reopened")).then_recorded()
    annual.when(submitted()).then_recorded()


def test_only_an_invited_member_answers_where_the_survey_names_them(annual: Scenario, meeting: Scenario) -> None:
    annual.when(submitted(member="FRA")).then_refused(("/data/member", "FRA is not among the Members invited"))
    meeting.when(submitted("m1", member="FRA")).then_recorded()


def test_nobody_answers_a_survey_that_invites_nobody(given: Given) -> None:
    given(posted("survey.opened", invited=[])).when(submitted()).then_refused(("/data/member", "KEN is not among"))


def test_an_annual_survey_has_one_answer_of_a_member(annual: Scenario) -> None:
    annual.when(submitted(respondent="r1")).then_refused(("/data/respondent", "survey annual-2022 is annual"))


@pytest.mark.parametrize("kind", ["meeting", "assistance"])
def test_several_people_of_a_member_answer_other_surveys(given: Given, kind: str) -> None:
    committee = {"committee": "HSC"} if kind == "meeting" else {}
    survey = given(posted("survey.opened", "s1", kind=kind, **committee))
    survey.when(submitted("s1", respondent="r1")).then_recorded()
    survey.when(submitted("s1", respondent="r2")).then_recorded()
    survey.when(submitted("s1")).then_recorded()


def test_a_topic_that_the_survey_does_not_have_is_not_rated(annual: Scenario) -> None:
    annual.when(submitted(ratings={"overall": 1, "SO1": 1, "content": 1})).then_refused(
        ("/data/ratings/SO1", "does not ask for SO1; its topics are overall, SP1"),
        ("/data/ratings/content", "does not ask for content"),
    )


def test_the_pointer_to_a_topic_is_escaped(annual: Scenario) -> None:
    annual.when(submitted(ratings={"a~b": 1})).then_refused(("/data/ratings/a~0b", "does not ask for a~b"))


@pytest.mark.parametrize("rating", [1, 5])
def test_the_ends_of_the_scale_are_on_it(annual: Scenario, rating: int) -> None:
    annual.when(submitted(ratings={"overall": rating})).then_recorded()


@pytest.mark.parametrize("rating", [0, 6, -1])
def test_a_rating_off_the_scale_is_refused(annual: Scenario, rating: int) -> None:
    annual.when(submitted(ratings={"overall": 5, "SP1": rating})).then_refused(
        ("/data/ratings/SP1", f"{rating} is off the scale of survey annual-2022, 1 to 5")
    )


def test_an_instrument_that_the_survey_does_not_ask_about_is_refused(annual: Scenario) -> None:
    answers = [{"instrument": "e-commerce", "status": "partial"}, {"instrument": "origin", "status": "unknown"}]
    annual.when(posted("survey.submitted", instruments=answers)).then_refused(
        ("/data/instruments/1/instrument", "does not ask for origin; its instruments are revised-kyoto-convention")
    )


def test_a_survey_without_instruments_asks_for_none(meeting: Scenario) -> None:
    answers = [{"instrument": "e-commerce", "status": "unknown"}]
    meeting.when(posted("survey.submitted", "m1", instruments=answers)).then_refused(
        ("/data/instruments/0/instrument", "it asks for no instruments")
    )
    meeting.when(posted("survey.submitted", "m1", instruments=[])).then_recorded()


def test_every_contradiction_is_told_at_once(annual: Scenario) -> None:
    annual.when(posted("survey.closed")).then_recorded()
    annual.when(
        posted(
            "survey.submitted",
            member="FRA",
            respondent="r1",
            ratings={"overall": 9, "SO1": 9},
            instruments=[{"instrument": "origin", "status": "unknown"}],
        )
    ).then_refused(
        ("/subject", "is closed"),
        ("/data/member", "FRA"),
        ("/data/respondent", "annual"),
        ("/data/ratings/overall", "9 is off the scale"),
        ("/data/ratings/SO1", "does not ask for SO1"),
        ("/data/instruments/0/instrument", "origin"),
    )


def test_an_answer_is_withdrawn_and_comes_again(annual: Scenario) -> None:
    annual.when(submitted()).then_recorded()
    annual.when(withdrawn()).then_recorded()
    annual.when(submitted()).then_recorded()
    annual.when(withdrawn()).then_recorded()


def test_what_was_never_submitted_is_not_withdrawn(annual: Scenario) -> None:
    annual.when(submitted(member="BRA")).then_recorded()
    annual.when(withdrawn()).then_refused(("/data/member", "there is no submission of KEN to survey annual-2022"))


def test_an_answer_is_not_withdrawn_twice(annual: Scenario) -> None:
    annual.when(submitted()).then_recorded()
    annual.when(withdrawn()).then_recorded()
    annual.when(withdrawn()).then_refused(("/data/member", "it is withdrawn already"))


def test_each_respondent_of_a_member_withdraws_an_answer_of_their_own(meeting: Scenario) -> None:
    meeting.when(submitted("m1", respondent="r1")).then_recorded()
    meeting.when(withdrawn("m1")).then_refused(("/data/member", "it never came"))
    meeting.when(withdrawn("m1", respondent="r2")).then_refused(("/data/respondent", "it never came"))
    meeting.when(withdrawn("m1", respondent="r1")).then_recorded()


def test_answers_to_another_survey_are_not_withdrawn_here(given: Given) -> None:
    two = given(posted("survey.opened", "y1"), posted("survey.opened", "y2"), submitted("y1"))
    two.when(withdrawn("y2")).then_refused(("/data/member", "to survey y2"))


def test_a_closed_survey_gives_no_answer_back(annual: Scenario) -> None:
    annual.when(submitted()).then_recorded()
    annual.when(posted("survey.closed")).then_recorded()
    annual.when(withdrawn()).then_refused(("/subject", "it takes no submission and no withdrawal"))
