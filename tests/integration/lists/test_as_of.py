"""Lists as they were: at a time, at the end of a date, at a position."""

from typing import Any

import pytest

from integration.lists.conftest import Lists
from settable_clock import SettableClock

PERIOD = "2022-23"


@pytest.fixture
async def actions(registry: Lists, clock: SettableClock) -> Lists:
    """An action published on 1 March, rescheduled on 2 March, completed on 3 March, and another added then."""
    action = {"id": "a", "objective": "SO1", "title": "A", "due_on": "2023-03-02"}
    clock.set("2023-03-01T12:00:00Z")
    await registry.post("implementation-plan.published", PERIOD, plan="sp-2022-2025", period=PERIOD, actions=[action])
    clock.set("2023-03-02T12:00:00Z")
    await registry.post("action.rescheduled", "a", due_on="2023-04-01", reason="later")
    clock.set("2023-03-03T12:00:00Z")
    await registry.post("action.completed", "a", completed_on="2023-03-03")
    await registry.post("action.added", "b", period=PERIOD, objective="SO1", title="B", due_on="2023-06-01")
    clock.set("2023-03-10T12:00:00Z")
    return registry


async def states(lists: Lists, as_of: str, **query: str) -> Any:
    answer = await lists.client.get("/v1/actions", params={"as_of": as_of} | query)
    assert answer.status_code == 200, answer.text
    return [(row["id"], row["due_on"], row["state"]) for row in answer.json()["actions"]]


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2023-02-28", []),
        ("2023-03-01", [("a", "2023-03-02", "open")]),
        ("2023-03-02T11:59:59Z", [("a", "2023-03-02", "open")]),
        ("2023-03-02T12:00:01Z", [("a", "2023-04-01", "open")]),
        ("plan-registry:3", [("a", "2023-04-01", "open")]),
        ("survey-intake:9,plan-registry:2,operations-feed:7", [("a", "2023-03-02", "open")]),
        ("2023-03-09", [("a", "2023-04-01", "completed"), ("b", "2023-06-01", "open")]),
        ("plan-registry:0", []),
    ],
)
async def test_a_list_is_as_it_was(actions: Lists, as_of: str, expected: list[tuple[str, str, str]]) -> None:
    assert await states(actions, as_of) == expected


async def test_a_past_list_is_seen_from_its_own_day_unless_another_is_chosen(actions: Lists) -> None:
    assert await states(actions, "2023-03-03", overdue="true", on="2023-07-01") == [("b", "2023-06-01", "open")]
    answer = (await actions.client.get("/v1/actions?as_of=2023-03-02")).json()
    assert answer["on"] == "2023-03-02"
    assert answer["as_of"] == {"time": "2023-03-02T23:59:59.999999Z", "positions": {"plan-registry": 3}}


async def test_a_past_list_is_the_same_for_ever(actions: Lists) -> None:
    address = "/v1/actions?as_of=2023-03-09&limit=1"
    before = await actions.client.get(address)
    assert "immutable" in before.headers["cache-control"]
    await actions.post("action.reopened", "a", reason="not done")
    after = await actions.client.get(address)
    assert (after.content, after.headers["etag"]) == (before.content, before.headers["etag"])
    second = await actions.client.get(str(after.url.join(after.links["next"]["url"])))
    assert [row["id"] for row in second.json()["actions"]] == ["b"]


async def test_a_thing_is_not_found_before_it_was_recorded(actions: Lists) -> None:
    assert (await actions.client.get("/v1/actions/b?as_of=2023-03-02")).status_code == 404
    course = (await actions.client.get("/v1/actions/a?as_of=2023-03-02")).json()["course"]
    assert [row["event"] for row in course] == ["implementation-plan.published", "action.rescheduled"]


async def test_nothing_is_recorded_later_up_to_a_time_that_a_list_was_asked_for(
    actions: Lists, clock: SettableClock
) -> None:
    moment = "2023-03-10T12:00:00Z"
    before = await states(actions, moment)
    await actions.post("action.withdrawn", "b", reason="moot")
    assert await states(actions, moment) == before


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("as_of=2023-03-11", "/as_of"),
        ("as_of=2023-03-10T12:00:01Z", "/as_of"),
        ("as_of=plan-registry:6", "/as_of"),
        ("as_of=survey-intake:1", "/as_of"),
        ("as_of=2023-02-30", "/as_of"),
        ("as_of=yesterday", "/as_of"),
        ("as_of=2023-03-01&after=plan-registry:1", "/after"),
    ],
)
async def test_a_moment_that_cannot_be_is_refused(actions: Lists, query: str, pointer: str) -> None:
    answer = await actions.client.get(f"/v1/actions?{query}")
    assert (answer.status_code, [fault["pointer"] for fault in answer.json()["errors"]]) == (422, [pointer])
