"""The list of surveys, and of one survey's Members: who has answered and who has not."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from integration.lists.conftest import Lists, Serving
from settable_clock import SettableClock


def opening(**other: Any) -> dict[str, Any]:
    return {
        "kind": "annual",
        "title": "Survey",
        "opens_on": "2023-01-10",
        "closes_on": "2023-01-31",
        "scale": {"min": 1, "max": 5},
        "topics": ["overall", "SP1"],
        "invited": ["FRA", "KEN", "PER"],
    } | other


@pytest.fixture
async def surveys(serving: Serving, clock: SettableClock) -> AsyncIterator[Lists]:
    """Three surveys, none of them answered."""
    clock.set("2023-01-15T12:00:00Z")
    async with serving("survey-intake") as lists:
        await lists.post("survey.opened", "y1", **opening())
        meeting = opening(kind="meeting", committee="PTC", closes_on="2023-01-20")
        del meeting["invited"]
        await lists.post("survey.opened", "m1", **meeting)
        await lists.post("survey.opened", "h1", **opening(kind="assistance", closes_on="2023-03-01", invited=[]))
        yield lists


async def answer(lists: Lists, survey: str, member: str, *, overall: int = 3, **more: Any) -> None:
    await lists.post(
        "survey.submitted", survey, member=member, submitted_on="2023-01-12", ratings={"overall": overall}, **more
    )


def ids(rows: list[dict[str, Any]], name: str = "id") -> list[str]:
    return [row[name] for row in rows]


async def test_surveys_are_listed_by_the_day_on_which_they_close(surveys: Lists) -> None:
    assert ids((await surveys.get("/v1/surveys"))["surveys"]) == ["m1", "y1", "h1"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"kind": "annual"}, ["y1"]),
        ({"committee": "PTC"}, ["m1"]),
        ({"state": "closed"}, ["h1"]),
        ({"from": "2023-01-31"}, ["y1", "h1"]),
        ({"to": "2023-01-31"}, ["m1", "y1"]),
        ({"running": "true"}, ["m1", "y1"]),
        ({"running": "true", "on": "2023-01-25"}, ["y1"]),
        ({"running": "false", "on": "2023-01-25"}, ["m1", "h1"]),
    ],
)
async def test_surveys_are_found_by_what_they_are(surveys: Lists, query: dict[str, str], found: list[str]) -> None:
    await surveys.post("survey.closed", "h1", closed_on="2023-01-14")
    assert ids((await surveys.get("/v1/surveys", **query))["surveys"]) == found


async def test_surveys_are_sorted_by_the_share_of_the_invited_that_answered(surveys: Lists) -> None:
    await surveys.post("survey.opened", "y2", **opening(invited=["FRA", "KEN"]))
    await surveys.post("survey.opened", "y3", **opening(invited=["FRA", "KEN"]))
    before = surveys.sequence
    for survey, member in (("y1", "FRA"), ("y1", "KEN"), ("y2", "FRA"), ("m1", "FRA")):
        await answer(surveys, survey, member)
    assert ids((await surveys.get("/v1/surveys", sort="response"))["surveys"]) == ["y3", "y2", "y1", "h1", "m1"]
    pages = await surveys.pages("/v1/surveys", "surveys", sort="-response", limit="2")
    assert [ids(page) for page in pages] == [["m1", "h1"], ["y1", "y2"], ["y3"]]
    past = await surveys.client.get(f"/v1/surveys?sort=response&as_of=survey-intake:{before}")
    assert ids(past.json()["surveys"]) == ["y1", "y2", "y3", "h1", "m1"]


async def test_a_member_answers_once_however_many_respondents_it_has(surveys: Lists) -> None:
    await answer(surveys, "m1", "FRA", respondent="r1")
    await answer(surveys, "m1", "FRA", respondent="r2")
    await answer(surveys, "m1", "KEN")
    [survey] = (await surveys.get("/v1/surveys", kind="meeting"))["surveys"]
    assert survey["response"] == {"answered": 2, "invited": None, "submissions": 3}


async def test_a_withdrawn_answer_is_none_until_it_comes_again(surveys: Lists) -> None:
    for _ in range(2):
        await answer(surveys, "y1", "FRA")
        [survey] = (await surveys.get("/v1/surveys", kind="annual"))["surveys"]
        assert survey["response"] == {"answered": 1, "invited": 3, "submissions": 1}
        await surveys.post("survey.withdrawn", "y1", member="FRA", reason="by mistake")
        [survey] = (await surveys.get("/v1/surveys", kind="annual"))["surveys"]
        assert survey["response"] == {"answered": 0, "invited": 3, "submissions": 0}


async def test_a_survey_says_which_members_have_not_answered(surveys: Lists) -> None:
    await answer(surveys, "y1", "KEN")
    members = (await surveys.get("/v1/surveys/y1"))["members"]
    assert [(row["member"], row["invited"], row["answered"], row["submitted_on"]) for row in members] == [
        ("FRA", True, False, None),
        ("KEN", True, True, "2023-01-12"),
        ("PER", True, False, None),
    ]
    assert ids((await surveys.get("/v1/surveys/y1", answered="false"))["members"], "member") == ["FRA", "PER"]
    pages = await surveys.pages("/v1/surveys/y1", "members", answered="false", limit="1")
    assert [ids(page, "member") for page in pages] == [["FRA"], ["PER"]]


async def test_who_answered_uninvited_is_there_too(surveys: Lists) -> None:
    await answer(surveys, "m1", "NZL")
    [row] = (await surveys.get("/v1/surveys/m1"))["members"]
    assert (row["member"], row["invited"], row["answered"]) == ("NZL", False, True)
    assert (await surveys.get("/v1/surveys/m1", invited="true"))["members"] == []


async def test_ratings_of_a_topic_add_up_to_whole_numbers(surveys: Lists) -> None:
    await answer(surveys, "y1", "FRA", overall=4)
    await answer(surveys, "y1", "KEN", overall=1)
    await surveys.post("survey.submitted", "y1", member="FRA", submitted_on="2023-01-13", ratings={"overall": 5})
    survey = (await surveys.get("/v1/surveys/y1"))["survey"]
    assert survey["ratings"] == [
        {"topic": "overall", "ratings": 2, "sum": 6},
        {"topic": "SP1", "ratings": 0, "sum": 0},
    ]
    assert (survey["scale_min"], survey["scale_max"]) == (1, 5)


async def test_sums_longer_than_64_bits_are_exact(surveys: Lists) -> None:
    top = 2**53 - 1
    scale = {"min": top - 1, "max": top}
    await surveys.post("survey.opened", "far", **opening(kind="assistance", scale=scale, invited=["FRA"]))
    said = {"member": "FRA", "submitted_on": "2023-01-12", "ratings": {"overall": top}}
    for hundreds in range(11):
        numbers = range(100 * hundreds, min(1025, 100 * hundreds + 100))
        await surveys.post_at_once(
            *(("survey.submitted", "far", said | {"respondent": f"r{number}"}) for number in numbers)
        )
    survey = (await surveys.get("/v1/surveys/far"))["survey"]
    assert survey["ratings"][0] == {"topic": "overall", "ratings": 1025, "sum": 1025 * top}
    assert 1025 * top > 2**63


async def test_a_reopened_survey_is_open_on_its_days_and_a_cancelled_one_is_not(surveys: Lists) -> None:
    await surveys.post("survey.closed", "y1", closed_on="2023-01-14")
    await surveys.post("survey.reopened", "y1", reason="more answers")
    await surveys.post("survey.cancelled", "m1", reason="moot")
    await surveys.post("survey.rescheduled", "y1", opens_on="2023-01-01", closes_on="2023-02-01", reason="late")
    rows = {row["id"]: row for row in (await surveys.get("/v1/surveys"))["surveys"]}
    assert (rows["y1"]["state"], rows["y1"]["closed_on"], rows["y1"]["running"]) == ("open", None, True)
    assert (rows["y1"]["opens_on"], rows["y1"]["closes_on"]) == ("2023-01-01", "2023-02-01")
    assert (rows["m1"]["state"], rows["m1"]["running"], rows["m1"]["reason"]) == ("cancelled", False, "moot")


async def test_comments_are_in_no_list(surveys: Lists) -> None:
    await answer(surveys, "y1", "FRA", comments="between us")
    for path in ("/v1/surveys", "/v1/surveys/y1"):
        assert "between us" not in (await surveys.answer(path)).text
