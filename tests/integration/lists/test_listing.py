"""What all lists have in common: parameters, pages, entity tags, waiting, documentation."""

from typing import Any

import pytest

from integration.lists.conftest import Lists, Serving, adopt
from settable_clock import SettableClock


@pytest.fixture
async def baselines(registry: Lists) -> Lists:
    """plan-registry with the baselines of three KPIs."""
    for kpi in ("RES.satisfaction", "SO1.satisfaction", "SP2.seizures"):
        await registry.post("baseline.set", kpi, value="1", measured_on="2022-06-30", source="S")
    return registry


def pointers(problem: dict[str, Any]) -> list[str]:
    return [fault["pointer"] for fault in problem["errors"]]


async def test_every_fault_of_a_request_is_said_at_once(registry: Lists) -> None:
    answer = await registry.client.get("/v1/actions?nope=1&state=done&on=2023-02-30&limit=0&sort=title&overdue=yes")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == "urn:wco-kpi:problem:invalid"
    assert pointers(problem) == ["/nope", "/state", "/on", "/limit", "/sort", "/overdue"]


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("after=survey-intake:1", "/after"),
        ("after=plan-registry:0", "/after"),
        ("after=plan-registry", "/after"),
        ("on=20230101", "/on"),
        ("limit=1001", "/limit"),
        ("cursor=abc", "/cursor"),
        ("cursor=e30", "/cursor"),
        ("objective=S O", "/objective"),
        ("period=1&period=2", "/period"),
    ],
)
async def test_a_parameter_that_is_wrong_is_named(registry: Lists, query: str, pointer: str) -> None:
    answer = await registry.client.get(f"/v1/actions?{query}")
    assert (answer.status_code, pointers(answer.json())) == (422, [pointer])


async def test_a_cursor_goes_with_the_parameters_that_it_came_with(baselines: Lists) -> None:
    first = await baselines.answer("/v1/baselines", limit="1", sort="-kpi")
    cursor = first.links["next"]["url"].partition("cursor=")[2]
    for address in (f"/v1/baselines?cursor={cursor}", f"/v1/actions?cursor={cursor}"):
        answer = await baselines.client.get(address)
        assert (answer.status_code, pointers(answer.json())) == (422, ["/cursor"])
    answer = await baselines.client.get(f"/v1/baselines?sort=-kpi&cursor={cursor}&after=plan-registry:1")
    assert (answer.status_code, pointers(answer.json())) == (422, ["/after"])
    answer = await baselines.client.get(f"/v1/baselines?sort=-kpi&cursor={cursor}&limit=7")
    assert [row["kpi"] for row in answer.json()["baselines"]] == ["SO1.satisfaction", "RES.satisfaction"]


async def test_the_next_page_s_address_is_relative_to_the_request(baselines: Lists) -> None:
    answer = await baselines.answer("/v1/baselines", limit="1")
    assert answer.headers["link"].startswith("<?limit=1&cursor=")


async def test_the_last_page_leads_nowhere(baselines: Lists) -> None:
    answer = await baselines.answer("/v1/baselines", limit="3")
    assert len(answer.json()["baselines"]) == 3
    assert "link" not in answer.headers


async def test_an_answer_says_up_to_where_the_log_is_in_it(baselines: Lists, clock: SettableClock) -> None:
    answer = await baselines.get("/v1/baselines")
    assert answer["log"] == "plan-registry"
    assert answer["as_of"]["positions"] == {"plan-registry": baselines.sequence}
    assert answer["as_of"]["time"] == answer["baselines"][-1]["recordedtime"]
    clock.set("2023-05-02T12:00:00Z")
    assert (await baselines.get("/v1/baselines"))["as_of"]["time"] == "2023-05-02T00:00:00.000000Z"


async def test_a_client_that_has_an_answer_is_told_so_until_an_event_or_a_midnight(
    baselines: Lists, clock: SettableClock
) -> None:
    tags = [(await baselines.answer("/v1/baselines")).headers["etag"]]
    same = await baselines.client.get("/v1/baselines", headers={"if-none-match": f'"x", W/{tags[0]}'})
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tags[0])
    await baselines.post("baseline.set", "SP2.seizures", value="2", measured_on="2022-06-30", source="S")
    tags.append((await baselines.answer("/v1/baselines")).headers["etag"])
    clock.set("2023-05-02T12:00:00Z")
    tags.append((await baselines.answer("/v1/baselines")).headers["etag"])
    tags += [(await baselines.answer("/v1/baselines", on="2023-01-01")).headers["etag"]]
    clock.set("2023-05-03T12:00:00Z")
    tags += [(await baselines.answer("/v1/baselines", on="2023-01-01")).headers["etag"]]
    assert len(set(tags)) == 5
    clock.set("2023-05-02T12:00:00Z")
    same = await baselines.client.get("/v1/actions/none", headers={"if-none-match": tags[2]})
    assert same.status_code == 404


async def test_an_event_that_does_not_come_is_waited_for_no_longer_than_that(serving: Serving) -> None:
    async with serving("plan-registry", wait=0.01) as lists:
        answer = await lists.client.get("/v1/actions?after=plan-registry:7")
    assert (answer.status_code, answer.json()["type"]) == (504, "urn:wco-kpi:problem:not-reached")
    assert "plan-registry:7" in answer.json()["detail"]


async def test_a_head_request_gives_the_headers_alone(baselines: Lists) -> None:
    answer = await baselines.answer("/v1/baselines", limit="1")
    head = await baselines.client.head(str(answer.url))
    assert (head.status_code, head.headers["link"]) == (200, answer.headers["link"])


async def test_a_list_of_a_log_without_events_is_empty(serving: Serving) -> None:
    async with serving("operations-feed") as lists:
        answer = (await lists.client.get("/v1/operations")).json()
    assert (answer["operations"], answer["as_of"]["positions"]) == ([], {"operations-feed": 0})


async def test_lists_are_documented_with_their_parameters_and_every_field(baselines: Lists) -> None:
    document = (await baselines.client.get("/openapi.json")).json()
    read = document["paths"]["/v1/actions"]["get"]
    assert [parameter["name"] for parameter in read["parameters"]] == [
        "objective", "period", "state", "overdue", "sort", "on", "as_of", "after", "limit", "cursor", "If-None-Match",
    ]  # fmt: skip
    said = read["responses"]["200"]["content"]["application/json"]["schema"]["properties"]
    row = said["actions"]["items"]
    assert row["required"][:2] == ["id", "objective"]
    assert row["properties"]["due_on"]["format"] == "date"


async def test_a_text_that_one_database_cannot_hold_is_listed_all_the_same(serving: Serving) -> None:
    async with serving("plan-registry") as lists:
        await adopt(lists)
        await lists.post("baseline.set", "SP2.seizures", value="1", measured_on="2022-06-30", source="a\0b")
        [row] = (await lists.get("/v1/baselines"))["baselines"]
    assert row["source"] == "a\N{REPLACEMENT CHARACTER}b"
