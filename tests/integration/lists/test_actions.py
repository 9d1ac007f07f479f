"""The list of actions: by objective, with what is overdue on the chosen day."""

from typing import Any

import pytest

from integration.lists.conftest import Lists
from settable_clock import SettableClock

PERIOD = "2022-23"


def planned(name: str, due_on: str, objective: str = "SO1") -> dict[str, Any]:
    return {"id": name, "objective": objective, "title": name, "due_on": due_on}


@pytest.fixture
async def actions(registry: Lists, clock: SettableClock) -> Lists:
    clock.set("2023-03-01T12:00:00Z")
    published = [planned("b", "2023-02-01"), planned("a", "2023-02-01", "SO2"), planned("c", "2023-01-01")]
    await registry.post("implementation-plan.published", PERIOD, plan="sp-2022-2025", period=PERIOD, actions=published)
    await registry.post("action.added", "d", period=PERIOD, objective="SO1", title="d", due_on="2023-06-01")
    return registry


def ids(rows: list[dict[str, Any]]) -> str:
    return "".join(row["id"] for row in rows)


async def test_actions_are_listed_by_the_day_on_which_they_are_due(actions: Lists) -> None:
    assert ids((await actions.get("/v1/actions"))["actions"]) == "cabd"


@pytest.mark.parametrize(
    ("sort", "order"),
    [("due_on", "cabd"), ("-due_on", "dbac"), ("objective", "bcda"), ("id", "abcd"), ("-id", "dcba")],
)
async def test_actions_are_sorted_as_asked_and_then_by_id(actions: Lists, sort: str, order: str) -> None:
    assert ids((await actions.get("/v1/actions", sort=sort))["actions"]) == order


@pytest.mark.parametrize("sort", ["due_on", "-due_on", "objective", "-state"])
async def test_pages_go_through_the_whole_list_in_its_order(actions: Lists, sort: str) -> None:
    whole = (await actions.get("/v1/actions", sort=sort))["actions"]
    pages = await actions.pages("/v1/actions", "actions", sort=sort, limit="1")
    assert [row for page in pages for row in page] == whole
    assert [len(page) for page in pages] == [1, 1, 1, 1]


async def test_overdue_is_what_was_due_before_the_chosen_day_and_is_neither_completed_nor_withdrawn(
    actions: Lists,
) -> None:
    await actions.post("action.completed", "a", completed_on="2023-03-01")
    await actions.post("action.withdrawn", "c", reason="moot")
    for on, overdue in (("2023-02-01", ""), ("2023-02-02", "b"), ("2023-06-02", "bd")):
        answer = await actions.get("/v1/actions", on=on)
        assert ids([row for row in answer["actions"] if row["overdue"]]) == overdue
        assert ids((await actions.get("/v1/actions", on=on, overdue="true"))["actions"]) == overdue
        assert len((await actions.get("/v1/actions", on=on, overdue="false"))["actions"]) == 4 - len(overdue)


async def test_without_a_chosen_day_it_is_today(actions: Lists, clock: SettableClock) -> None:
    clock.set("2023-06-01T23:59:59Z")
    answer = await actions.get("/v1/actions", overdue="true")
    assert (answer["on"], ids(answer["actions"])) == ("2023-06-01", "cab")
    clock.set("2023-06-02T00:00:00Z")
    answer = await actions.get("/v1/actions", overdue="true")
    assert (answer["on"], ids(answer["actions"])) == ("2023-06-02", "cabd")


async def test_filters_leave_out_all_others(actions: Lists) -> None:
    await actions.post("action.started", "b", started_on="2023-03-01")
    assert ids((await actions.get("/v1/actions", objective="SO2"))["actions"]) == "a"
    assert ids((await actions.get("/v1/actions", state="started"))["actions"]) == "b"
    assert ids((await actions.get("/v1/actions", objective="SO1", state="open"))["actions"]) == "cd"
    assert ids((await actions.get("/v1/actions", period="2023-24"))["actions"]) == ""


async def test_later_pages_are_as_of_the_first_ones_moment(actions: Lists) -> None:
    first = await actions.answer("/v1/actions", limit="2")
    await actions.post("action.rescheduled", "d", due_on="2023-01-15", reason="sooner")
    await actions.post("action.completed", "b", completed_on="2023-03-01")
    assert ids((await actions.get("/v1/actions"))["actions"]) == "cdab"
    second = await actions.client.get(str(first.url.join(first.links["next"]["url"])))
    assert [(row["id"], row["due_on"], row["state"]) for row in second.json()["actions"]] == [
        ("b", "2023-02-01", "open"),
        ("d", "2023-06-01", "open"),
    ]
    assert second.json()["as_of"] == first.json()["as_of"]
    assert "immutable" in second.headers["cache-control"]


async def test_earlier_pages_are_as_of_the_first_ones_moment_too_and_end_where_the_page_after_begins(
    actions: Lists,
) -> None:
    first = await actions.answer("/v1/actions", limit="3")
    last = await actions.client.get(str(first.url.join(first.links["next"]["url"])))
    await actions.post("action.completed", "a", completed_on="2023-03-01")
    back = str(last.url.join(last.links["prev"]["url"]))
    before = await actions.client.get(back)
    assert (before.json(), set(before.links)) == (first.json(), {"next"})
    narrow = await actions.client.get(back.replace("limit=3", "limit=1"))
    assert (ids(narrow.json()["actions"]), set(narrow.links)) == ("b", {"next", "prev"})
    further = await actions.client.get(str(narrow.url.join(narrow.links["next"]["url"])))
    assert ids(further.json()["actions"]) == "d"


async def test_an_actions_course_is_what_happened_to_it(actions: Lists) -> None:
    await actions.post("action.started", "b", started_on="2023-03-01")
    await actions.post("action.rescheduled", "b", due_on="2023-05-01", reason="later")
    await actions.post("action.completed", "b", completed_on="2023-03-01", evidence="doc")
    answer = await actions.get("/v1/actions/b")
    assert answer["action"]["state"] == "completed"
    course = [(row["sequence"], row["event"], row["due_on"], row["state"]) for row in answer["course"]]
    assert course == [
        (2, "implementation-plan.published", "2023-02-01", "open"),
        (4, "action.started", "2023-02-01", "started"),
        (5, "action.rescheduled", "2023-05-01", "started"),
        (6, "action.completed", "2023-05-01", "completed"),
    ]
    pages = await actions.pages("/v1/actions/b", "course", limit="3")
    assert [len(page) for page in pages] == [3, 1]


async def test_an_action_that_there_is_not_is_not_found(actions: Lists) -> None:
    answer = await actions.answer("/v1/actions/none")
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:wco-kpi:problem:not-found")
