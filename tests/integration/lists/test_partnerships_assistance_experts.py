"""The lists of partnerships, of assistance and of experts."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from integration.lists.conftest import Lists, Serving
from settable_clock import SettableClock


@pytest.fixture
async def feed(serving: Serving, clock: SettableClock) -> AsyncIterator[Lists]:
    clock.set("2023-03-01T12:00:00Z")
    async with serving("operations-feed") as lists:
        yield lists


async def register(lists: Lists, name: str, *objectives: str, **other: Any) -> None:
    said = {"partner": "P", "partner_kind": "igo", "instrument": "mou", "since": "2022-01-01"}
    await lists.post("partnership.registered", name, **said | other, objectives=objectives)


async def step(lists: Lists, partnership: str, name: str, on: str, *objectives: str, kind: str = "reviewed") -> None:
    await lists.post(f"partnership.{kind}", partnership, step=name, on=on, objectives=objectives, summary="S")


def ids(rows: list[dict[str, Any]], name: str = "id") -> list[str]:
    return [row[name] for row in rows]


async def test_a_partnership_is_listed_with_its_latest_step(feed: Lists) -> None:
    await register(feed, "p1", "SO1")
    await register(feed, "p2", "SO1")
    await step(feed, "p1", "s1", "2023-02-01", "SO1", kind="upgraded")
    await step(feed, "p1", "s2", "2023-01-01", "SO2")
    p1, p2 = (await feed.get("/v1/partnerships"))["partnerships"]
    assert (p1["last_step"]["step"], p1["last_step"]["kind"], p1["last_step"]["on"]) == ("s1", "upgraded", "2023-02-01")
    assert p2["last_step"] is None


async def test_partnerships_are_sorted_by_the_day_of_the_last_step(feed: Lists) -> None:
    for name, on in (("p1", "2023-02-01"), ("p2", ""), ("p3", "2022-05-01"), ("p4", "2023-01-01")):
        await register(feed, name, "SO1")
        if on:
            await step(feed, name, "s1", on, "SO1")
    before = feed.sequence
    await step(feed, "p4", "s2", "2023-02-28", "SO1")
    await feed.post("partnership.step-retracted", "p1", step="s1", reason="none")
    assert ids((await feed.get("/v1/partnerships", sort="last_step"))["partnerships"]) == ["p1", "p2", "p3", "p4"]
    pages = await feed.pages("/v1/partnerships", "partnerships", sort="-last_step", limit="3")
    assert [ids(page) for page in pages] == [["p4", "p3", "p2"], ["p1"]]
    past = await feed.client.get(f"/v1/partnerships?sort=-last_step&as_of=operations-feed:{before}")
    assert ids(past.json()["partnerships"]) == ["p1", "p4", "p3", "p2"]


async def test_of_two_steps_on_one_day_the_one_recorded_last_is_the_latest(feed: Lists) -> None:
    await register(feed, "p1", "SO1")
    await step(feed, "p1", "b", "2023-02-01", "SO1")
    await step(feed, "p1", "a", "2023-02-01", "SO1")
    [p1] = (await feed.get("/v1/partnerships"))["partnerships"]
    assert p1["last_step"]["step"] == "a"


async def test_a_retracted_step_is_no_last_step_and_says_why(feed: Lists) -> None:
    await register(feed, "p1", "SO1")
    await step(feed, "p1", "s1", "2023-01-01", "SO1")
    await step(feed, "p1", "s2", "2023-02-01", "SO3")
    assert ids((await feed.get("/v1/partnerships", objective="SO3"))["partnerships"]) == ["p1"]
    await feed.post("partnership.step-retracted", "p1", step="s2", reason="none")
    answer = await feed.get("/v1/partnerships/p1")
    assert answer["partnership"]["last_step"]["step"] == "s1"
    assert [(row["step"], row["state"], row["reason"]) for row in answer["steps"]] == [
        ("s1", "current", None),
        ("s2", "retracted", "none"),
    ]
    assert (await feed.get("/v1/partnerships", objective="SO3"))["partnerships"] == []


async def test_partnerships_are_found_by_their_objectives_and_by_no_part_of_their_names(feed: Lists) -> None:
    await register(feed, "p1", "SO1", "SO12")
    await register(feed, "p2", "SO12")
    assert ids((await feed.get("/v1/partnerships", objective="SO1"))["partnerships"]) == ["p1"]
    assert (await feed.get("/v1/partnerships", objective="so1"))["partnerships"] == []
    assert (await feed.get("/v1/partnerships", objective="SO_2"))["partnerships"] == []


async def test_a_partnership_is_in_force_until_the_day_on_which_it_ends(feed: Lists) -> None:
    await register(feed, "p1", "SO1")
    await feed.post("partnership.ended", "p1", on="2023-02-01", reason="over")
    for on, expected in (("2021-12-31", False), ("2022-01-01", True), ("2023-01-31", True), ("2023-02-01", False)):
        [p1] = (await feed.get("/v1/partnerships", on=on))["partnerships"]
        assert p1["in_force"] is expected
    assert ids((await feed.get("/v1/partnerships", state="ended"))["partnerships"]) == ["p1"]


async def deliver(lists: Lists, name: str, **other: Any) -> None:
    said = {"title": "A", "delivered_on": "2023-02-01", "members": ["KEN"], "aligned_with": ["SO1"]}
    event = "assistance.corrected" if "reason" in other else "assistance.delivered"
    await lists.post(event, name, **said | {"delivered_by": "other"} | other)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["a1", "a2", "a3"]),
        ({"objective": "SO1"}, ["a1", "a3"]),
        ({"delivered_by": "accredited"}, ["a2"]),
        ({"member": "FRA"}, ["a2"]),
        ({"expert": "e1"}, ["a2"]),
        ({"from": "2023-02-02"}, ["a2", "a3"]),
        ({"from": "2023-02-02", "to": "2023-02-02"}, ["a2"]),
        ({"state": "retracted"}, ["a3"]),
        ({"sort": "-delivered_on"}, ["a3", "a2", "a1"]),
    ],
)
async def test_assistance_is_found_by_what_it_was(feed: Lists, query: dict[str, str], found: list[str]) -> None:
    await deliver(feed, "a1")
    await deliver(feed, "a2", members=["KEN"], delivered_on="2023-02-02")
    corrected = {"members": ["FRA"], "aligned_with": [], "delivered_by": "accredited", "experts": ["e1"]}
    await deliver(feed, "a2", **corrected, delivered_on="2023-02-02", reason="mixed up")
    await deliver(feed, "a3", delivered_on="2023-02-03")
    await feed.post("assistance.retracted", "a3", reason="none")
    assert ids((await feed.get("/v1/assistance", **query))["assistance"]) == found


async def test_what_assistance_cost_is_as_it_was_sent(feed: Lists) -> None:
    await deliver(feed, "a1", cost={"amount": "10.50", "currency": "EUR"})
    await deliver(feed, "a2")
    rows = (await feed.get("/v1/assistance"))["assistance"]
    assert [(row["cost"], row["currency"]) for row in rows] == [("10.50", "EUR"), (None, None)]


async def test_an_activity_has_its_course(feed: Lists) -> None:
    await deliver(feed, "a1")
    await deliver(feed, "a2")
    await deliver(feed, "a1", members=["FRA"], reason="mixed up")
    await feed.post("assistance.retracted", "a1", reason="never held")
    told = await feed.get("/v1/assistance/a1")
    assert (told["activity"]["id"], told["activity"]["state"]) == ("a1", "retracted")
    assert [(row["event"], row["members"], row["reason"]) for row in told["course"]] == [
        ("assistance.delivered", ["KEN"], None),
        ("assistance.corrected", ["FRA"], "mixed up"),
        ("assistance.retracted", ["FRA"], "never held"),
    ]
    assert (await feed.answer("/v1/assistance/a3")).status_code == 404


async def accredit(lists: Lists, name: str, accredited_on: str, expires_on: str | None = None, **other: Any) -> None:
    end = {} if expires_on is None else {"expires_on": expires_on}
    said = {"status": "accredited", "employer": "administration", "areas": ["valuation"]}
    await lists.post("expert.accredited", name, **said | other, accredited_on=accredited_on, **end)


async def test_an_accreditation_is_in_force_up_to_the_earlier_of_its_ends(feed: Lists) -> None:
    await accredit(feed, "e1", "2022-01-01", "2024-01-01")
    await feed.post("expert.accreditation-ended", "e1", ended_on="2023-01-01", reason="left")
    for on, expected in (("2021-12-31", False), ("2022-01-01", True), ("2022-12-31", True), ("2023-01-01", False)):
        [e1] = (await feed.get("/v1/experts", on=on))["experts"]
        assert (e1["in_force"], e1["ends_on"], e1["expires_on"]) == (expected, "2023-01-01", "2024-01-01")


async def test_an_expert_accredited_again_has_a_row_for_each_accreditation(feed: Lists) -> None:
    await accredit(feed, "e1", "2022-01-01", "2023-01-01")
    await accredit(feed, "e1", "2023-01-01", status="recognised")
    corrected = {"status": "recognised", "employer": "wco", "areas": ["origin"], "accredited_on": "2023-02-01"}
    await feed.post("expert.accreditation-corrected", "e1", **corrected, reason="later")
    first, second = (await feed.get("/v1/experts"))["experts"]
    assert (first["status"], first["ends_on"]) == ("accredited", "2023-01-01")
    assert (second["status"], second["employer"], second["ends_on"]) == ("recognised", "wco", None)
    assert (await feed.get("/v1/experts", area="origin"))["experts"] == [second]
    assert (await feed.get("/v1/experts", in_force="true", on="2023-01-15"))["experts"] == []


async def test_experts_whose_accreditation_ends_soon_are_found(feed: Lists) -> None:
    await accredit(feed, "never", "2022-01-01")
    await accredit(feed, "soon", "2022-01-01", "2023-04-01")
    await accredit(feed, "later", "2022-01-01", "2023-05-01")
    await accredit(feed, "past", "2022-01-01", "2023-03-01")
    query = {"ending_before": "2023-04-01", "on": "2023-03-01"}
    assert ids((await feed.get("/v1/experts", **query))["experts"], "expert") == ["soon"]
    rows = (await feed.get("/v1/experts", sort="ends_on"))["experts"]
    assert ids(rows, "expert") == ["past", "soon", "later", "never"]
    pages = await feed.pages("/v1/experts", "experts", sort="ends_on", limit="1")
    assert [row for page in pages for row in page] == rows
