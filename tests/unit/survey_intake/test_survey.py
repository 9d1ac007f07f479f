"""A survey is opened once, rescheduled, closed, reopened; once cancelled it takes nothing more."""

import pytest

from scenario import Given, Scenario, posted

NEEDS_A_SURVEY = [
    "survey.rescheduled",
    "survey.submitted",
    "survey.withdrawn",
    "survey.closed",
    "survey.reopened",
    "survey.cancelled",
]


@pytest.fixture
def survey(given: Given) -> Scenario:
    return given(posted("survey.opened"))


def test_a_survey_is_opened_once(survey: Scenario) -> None:
    survey.when(posted("survey.opened", title="Another")).then_refused(
        ("/subject", "survey annual-2022 exists already: a survey is opened once")
    )


def test_a_cancelled_survey_is_not_opened_again(survey: Scenario) -> None:
    survey.when(posted("survey.cancelled")).then_recorded()
    survey.when(posted("survey.opened")).then_refused(("/subject", "exists already"))


@pytest.mark.parametrize("name", NEEDS_A_SURVEY)
def test_an_unknown_survey_is_refused(survey: Scenario, name: str) -> None:
    survey.when(posted(name, "annual-2031")).then_refused(
        ("/subject", "survey annual-2031 does not exist: survey.opened comes first")
    )


@pytest.mark.parametrize("name", NEEDS_A_SURVEY)
def test_cancelled_is_final(survey: Scenario, name: str) -> None:
    survey.when(posted("survey.submitted")).then_recorded()
    survey.when(posted("survey.cancelled")).then_recorded()
    survey.when(posted(name)).then_refused(("/subject", "survey annual-2022 is cancelled: that is final"))


def test_a_closed_survey_is_not_closed_again_before_it_is_reopened(survey: Scenario) -> None:
    survey.when(posted("survey.closed")).then_recorded()
    survey.when(posted("survey.closed")).then_refused(("/subject", "survey annual-2022 is closed: it closes once"))
    survey.when(posted("survey.reopened")).then_recorded()
    survey.when(posted("survey.closed")).then_recorded()


def test_only_a_closed_survey_is_reopened(survey: Scenario) -> None:
    survey.when(posted("survey.reopened")).then_refused(
        ("/subject", "survey annual-2022 is open: only a closed survey is reopened")
    )


def test_a_closed_survey_is_cancelled(survey: Scenario) -> None:
    survey.when(posted("survey.closed")).then_recorded()
    survey.when(posted("survey.cancelled")).then_recorded()


def test_closing_before_the_last_day_and_even_before_the_first_is_taken(survey: Scenario) -> None:
    survey.when(posted("survey.closed", closed_on="2022-10-01")).then_recorded()


def test_a_survey_is_rescheduled_with_answers_in(survey: Scenario) -> None:
    survey.when(posted("survey.submitted", submitted_on="2022-10-04")).then_recorded()
    survey.when(posted("survey.rescheduled", opens_on="2023-01-01", closes_on="2023-02-01")).then_recorded()


def test_a_closed_survey_is_rescheduled_and_stays_closed(survey: Scenario) -> None:
    survey.when(posted("survey.closed")).then_recorded()
    survey.when(posted("survey.rescheduled")).then_recorded()
    survey.when(posted("survey.submitted")).then_refused(("/subject", "survey annual-2022 is closed"))
