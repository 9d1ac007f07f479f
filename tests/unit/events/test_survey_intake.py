"""What a survey-intake event alone shows to be wrong."""

from typing import Any

import pytest

from refusal import refusal

OPENED, SUBMITTED = "survey.opened", "survey.submitted"


@pytest.mark.parametrize("committee", ["PTC", "HSC", "EC", "CBC"])
def test_a_meeting_survey_says_whose_meeting(committee: str) -> None:
    assert refusal(OPENED, kind="meeting", committee=committee) == {}
    assert refusal(OPENED, kind="meeting") == {"/data/committee": "is required of a meeting survey"}


@pytest.mark.parametrize("kind", ["annual", "assistance"])
def test_no_other_survey_has_a_committee(kind: str) -> None:
    assert refusal(OPENED, kind=kind) == {}
    assert refusal(OPENED, kind=kind, committee="PTC") == {"/data/committee": "belongs to a meeting survey alone"}


def test_a_committee_is_one_of_the_four() -> None:
    assert refusal(OPENED, kind="meeting", committee="RSC") == {
        "/data/committee": "must be 'PTC', 'HSC', 'EC' or 'CBC'"
    }


@pytest.mark.parametrize(("least", "most"), [(0, 1), (1, 5), (-50, 50), (0, 100), (-100, 0)])
def test_a_scale_spans_1_to_100(least: int, most: int) -> None:
    assert refusal(OPENED, scale={"min": least, "max": most}) == {}


@pytest.mark.parametrize(("least", "most"), [(1, 1), (5, 1), (0, 101), (-51, 50)])
def test_no_other_scale_is_taken(least: int, most: int) -> None:
    assert refusal(OPENED, scale={"min": least, "max": most}).keys() == {"/data/scale"}


@pytest.mark.parametrize("name", [OPENED, "survey.rescheduled"])
def test_a_survey_closes_on_the_day_it_opens_or_later(name: str) -> None:
    assert refusal(name, opens_on="2022-10-03", closes_on="2022-10-03") == {}
    assert refusal(name, opens_on="2022-10-03", closes_on="2022-10-02") == {
        "/data/closes_on": "must not be before opens_on, which is 2022-10-03"
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("topics", []),
        ("topics", ["overall", "overall"]),
        ("topics", ["overall", "SO1", "our-own.topic"]),
        ("instruments", []),
        ("instruments", ["waste", "waste"]),
        ("invited", []),
        ("invited", ["FRA", "EUN", "XKX", "FRA"]),
    ],
)
def test_lists_of_a_survey_are_taken_as_they_come(field: str, value: Any) -> None:
    assert refusal(OPENED, **{field: value}) == {}


@pytest.mark.parametrize("field", ["instruments", "invited"])
def test_a_survey_may_leave_out_what_it_does_not_ask(field: str) -> None:
    assert refusal(OPENED, without=[field]) == {}


@pytest.mark.parametrize(
    ("field", "value", "pointer"),
    [
        ("kind", "yearly", "/data/kind"),
        ("title", "", "/data/title"),
        ("opens_on", "20221003", "/data/opens_on"),
        ("scale", {"min": 1}, "/data/scale/max"),
        ("scale", {"min": 1, "max": 5, "step": 1}, "/data/scale/step"),
        ("scale", {"min": 1, "max": "5"}, "/data/scale/max"),
        ("scale", [1, 5], "/data/scale"),
        ("topics", "overall", "/data/topics"),
        ("topics", ["overall", "two words"], "/data/topics/1"),
        ("invited", ["FRA", "EUR"], "/data/invited/1"),
        ("invited", None, "/data/invited"),
        ("language", "en", "/data/language"),
    ],
)
def test_a_malformed_survey_is_refused_where_it_is(field: str, value: Any, pointer: str) -> None:
    assert refusal(OPENED, **{field: value}).keys() == {pointer}


@pytest.mark.parametrize("ratings", [{}, {"overall": 0}, {"overall": -3, "SP1": 2**53 - 1}, {"our~own": 1}])
def test_ratings_are_whole_numbers_by_topic(ratings: dict[str, int]) -> None:
    assert refusal(SUBMITTED, ratings=ratings) == {}


def test_each_wrong_rating_is_told_by_its_topic() -> None:
    assert refusal(
        SUBMITTED, ratings={"overall": 4, "SP1": "5", "SP2": 3.0, "SP3": True, "SP4": None, "a/b~c": 4}
    ).keys() == {
        "/data/ratings/SP1",
        "/data/ratings/SP2",
        "/data/ratings/SP3",
        "/data/ratings/SP4",
        "/data/ratings/a~1b~0c",
    }


@pytest.mark.parametrize("status", ["partial", "not_implemented"])
def test_what_is_not_wholly_implemented_has_reasons(status: str) -> None:
    assert refusal(SUBMITTED, instruments=[{"instrument": "waste", "status": status, "reasons": ["legal"]}]) == {}
    assert refusal(SUBMITTED, instruments=[{"instrument": "waste", "status": status}]) == {}


@pytest.mark.parametrize("status", ["implemented", "unknown"])
def test_nothing_else_has_reasons(status: str) -> None:
    answers: list[dict[str, Any]] = [
        {"instrument": "origin", "status": status},
        {"instrument": "waste", "status": status, "reasons": ["legal"]},
    ]
    assert refusal(SUBMITTED, instruments=answers) == {
        "/data/instruments/1/reasons": f"belongs to the statuses partial and not_implemented, not to {status}"
    }


def test_no_instrument_is_answered_twice() -> None:
    answers = [{"instrument": instrument, "status": "unknown"} for instrument in ("waste", "origin", "waste", "waste")]
    assert refusal(SUBMITTED, instruments=answers) == {
        "/data/instruments/2/instrument": "answers waste a second time",
        "/data/instruments/3/instrument": "answers waste a second time",
    }


@pytest.mark.parametrize(
    ("field", "value", "pointer"),
    [
        ("member", "EUR", "/data/member"),
        ("respondent", "Jane Doe", "/data/respondent"),
        ("respondent", None, "/data/respondent"),
        ("submitted_on", "2022-11-31", "/data/submitted_on"),
        ("ratings", [], "/data/ratings"),
        ("ratings", None, "/data/ratings"),
        ("instruments", [{"instrument": "waste"}], "/data/instruments/0/status"),
        ("instruments", [{"instrument": "waste", "status": "none"}], "/data/instruments/0/status"),
        (
            "instruments",
            [{"instrument": "waste", "status": "partial", "reasons": None}],
            "/data/instruments/0/reasons",
        ),
        (
            "instruments",
            [{"instrument": "waste", "status": "partial", "reasons": ["no money"]}],
            "/data/instruments/0/reasons/0",
        ),
        ("comments", "", "/data/comments"),
        ("comments", "a" * 2001, "/data/comments"),
    ],
)
def test_a_malformed_submission_is_refused_where_it_is(field: str, value: Any, pointer: str) -> None:
    assert refusal(SUBMITTED, **{field: value}).keys() == {pointer}


def test_a_respondent_is_a_pseudonym_that_can_be_left_out() -> None:
    assert refusal(SUBMITTED, respondent="r-0412") == {}
    assert refusal("survey.withdrawn", respondent="r-0412") == {}


@pytest.mark.parametrize("name", ["survey.withdrawn", "survey.rescheduled", "survey.reopened", "survey.cancelled"])
def test_what_changes_a_survey_says_why(name: str) -> None:
    assert refusal(name, without=["reason"]) == {"/data/reason": "is required"}
