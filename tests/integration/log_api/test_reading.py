"""GET: the log in order, one event, the head, types and subjects."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from integration.log_api.requesting import Make, pointers, post, post_batch, problem
from wco_common.canonical import canonical

BATCH, LINES, ONE = "application/cloudevents-batch+json", "application/x-ndjson", "application/cloudevents+json"
TYPE = "org.wcoomd.operation.launched.v1"


@pytest.fixture
async def recorded(client: httpx.AsyncClient, launched: Make) -> list[dict[str, Any]]:
    """Five operations launched and the first of them revised, as recorded."""
    events = [launched(subject=f"op{number}") for number in range(1, 6)]
    events.append(launched({"reason": "Later"}, subject="op1", type="org.wcoomd.operation.revised.v1"))
    answers = (await post_batch(client, events)).json()["events"]
    return [
        event
        | {
            "datacontenttype": "application/json",
            "sequence": f"{answer['sequence']:016d}",
            "recordedtime": answer["recordedtime"],
            "subjectversion": answer["subjectversion"],
        }
        for event, answer in zip(events, answers, strict=True)
    ]


async def pages(client: httpx.AsyncClient, url: str) -> list[list[Any]]:
    """Follow next links to the end."""
    found = []
    while True:
        response = await client.get(url)
        assert response.status_code == 200
        found.append(response.json())
        if "next" not in response.links:
            return found
        url = str(response.url.join(response.links["next"]["url"]))


async def test_an_empty_log_is_an_empty_batch(client: httpx.AsyncClient) -> None:
    response = await client.get("/v1/events")
    assert (response.status_code, response.content, response.headers["content-type"]) == (200, b"[]", BATCH)
    assert "link" not in response.headers


async def test_the_log_is_read_in_order_by_its_canonical_bytes(
    client: httpx.AsyncClient, recorded: list[dict[str, Any]]
) -> None:
    response = await client.get("/v1/events")
    assert response.headers["content-type"] == BATCH
    assert response.content == b"[" + b",".join(canonical(event) for event in recorded) + b"]"


@pytest.mark.parametrize(
    "accept", ["*/*", "application/*", BATCH, f"text/html;q=0.9, {BATCH};q=0.1", f"{LINES};q=0, */*"]
)
async def test_a_batch_is_what_one_gets_by_default(client: httpx.AsyncClient, accept: str) -> None:
    response = await client.get("/v1/events", headers={"accept": accept})
    assert response.headers["content-type"] == BATCH
    assert response.headers["vary"] == "Accept"


async def test_pages_follow_one_another_by_relative_links(
    client: httpx.AsyncClient, recorded: list[dict[str, Any]]
) -> None:
    first = await client.get("/v1/events?limit=4")
    assert first.headers["link"] == '<events?after=4&limit=4>; rel="next"'
    assert await pages(client, "/v1/events?limit=4") == [recorded[:4], recorded[4:]]
    assert await pages(client, "/v1/events?limit=3") == [recorded[:3], recorded[3:]]
    assert await pages(client, "/v1/events?after=2&limit=1000") == [recorded[2:]]
    assert await pages(client, "/v1/events?after=6") == [[]]
    assert await pages(client, "/v1/events?after=9999999999999999") == [[]]


async def test_a_page_has_a_hundred_events_unless_asked(client: httpx.AsyncClient, launched: Make) -> None:
    await post_batch(client, [launched() for _ in range(101)])
    assert [len(page) for page in await pages(client, "/v1/events")] == [100, 1]


async def test_type_and_subject_narrow_what_is_read(client: httpx.AsyncClient, recorded: list[dict[str, Any]]) -> None:
    assert await pages(client, f"/v1/events?type={TYPE}&limit=2") == [recorded[0:2], recorded[2:4], recorded[4:5]]
    assert await pages(client, "/v1/events?subject=op1") == [[recorded[0], recorded[5]]]
    assert await pages(client, f"/v1/events?subject=op1&type={TYPE}") == [[recorded[0]]]
    assert await pages(client, "/v1/events?subject=op1&after=1") == [[recorded[5]]]
    assert await pages(client, "/v1/events?subject=nobody") == [[]]


@pytest.mark.parametrize(
    ("query", "pointer"),
    [("after=-1", "/after"), ("after=x", "/after"), ("limit=0", "/limit"), ("limit=1001", "/limit"),
     ("type=survey.opened", "/type"), ("subject=a%00", "/subject"), ("subject=", "/subject"), ("cursor=1", "/cursor"),
     ("after=1&after=2", "/after")],
)  # fmt: skip
async def test_a_bad_parameter_is_told_by_name(client: httpx.AsyncClient, query: str, pointer: str) -> None:
    assert pointers(problem(await client.get(f"/v1/events?{query}"), 422, "invalid")) == [pointer]


async def test_a_stream_has_all_of_it_a_line_an_event(
    client: httpx.AsyncClient, recorded: list[dict[str, Any]]
) -> None:
    response = await client.get("/v1/events?after=1&limit=2", headers={"accept": LINES})
    assert response.headers["content-type"] == LINES
    assert response.content == b"".join(canonical(event) + b"\n" for event in recorded[1:])
    narrowed = await client.get("/v1/events?subject=op1", headers={"accept": LINES})
    assert [json.loads(line) for line in narrowed.content.splitlines()] == [recorded[0], recorded[5]]


async def test_a_stream_of_nothing_is_empty(client: httpx.AsyncClient) -> None:
    response = await client.get("/v1/events", headers={"accept": LINES})
    assert (response.status_code, response.content) == (200, b"")


async def test_a_long_stream_goes_on_from_piece_to_piece(client: httpx.AsyncClient, launched: Make) -> None:
    for _ in range(2):
        await post_batch(client, [launched() for _ in range(600)])
    response = await client.get("/v1/events", headers={"accept": LINES})
    assert [int(json.loads(line)["sequence"]) for line in response.content.splitlines()] == list(range(1, 1_201))


@pytest.mark.parametrize("accept", ["application/json", "text/html", "*/*;q=0"])
async def test_what_cannot_be_given_is_not_acceptable(client: httpx.AsyncClient, accept: str) -> None:
    told = problem(await client.get("/v1/events", headers={"accept": accept}), 406, "not-acceptable")
    assert pointers(told) == ["Accept"]


async def test_one_event_is_its_canonical_bytes_and_never_changes(
    client: httpx.AsyncClient, recorded: list[dict[str, Any]]
) -> None:
    response = await client.get("/v1/events/2")
    assert (response.content, response.headers["content-type"]) == (canonical(recorded[1]), ONE)
    assert "immutable" in response.headers["cache-control"]
    tag = response.headers["etag"]
    assert tag.startswith('"')
    again = await client.get("/v1/events/2", headers={"if-none-match": f'"x", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert (await client.get("/v1/events/1", headers={"if-none-match": tag})).status_code == 200


@pytest.mark.parametrize(
    "sequence", ["0", "7", "01", "x", "-1", "1.0", "9999999999999999", "99999999999999999999", "%00"]
)
async def test_an_event_that_is_not_there_is_not_found(
    client: httpx.AsyncClient, recorded: list[dict[str, Any]], sequence: str
) -> None:
    problem(await client.get(f"/v1/events/{sequence}"), 404, "not-found")


async def test_the_head_moves_on_while_nobody_posts(client: httpx.AsyncClient, launched: Make) -> None:
    empty = (await client.get("/v1/head")).json()
    assert (empty["log"], empty["sequence"]) == ("operations-feed", 0)
    posted = (await post(client, launched())).json()
    first = (await client.get("/v1/head")).json()
    second = (await client.get("/v1/head")).json()
    assert set(first) == {"log", "sequence", "closed_time"}
    assert first["sequence"] == second["sequence"] == 1
    assert empty["closed_time"] < posted["recordedtime"] <= first["closed_time"] < second["closed_time"]


async def test_nothing_is_recorded_at_or_before_a_closed_time(client: httpx.AsyncClient, launched: Make) -> None:
    answers = await asyncio.gather(
        *(post(client, launched()) if number % 2 else client.get("/v1/head") for number in range(60))
    )
    heads = [answer.json() for answer in answers if "closed_time" in answer.json()]
    posted = [answer.json() for answer in answers if "recordedtime" in answer.json()]
    for head in heads:
        assert all(one["sequence"] <= head["sequence"] for one in posted if one["recordedtime"] <= head["closed_time"])


async def test_a_subject_has_a_version_and_a_last_sequence(
    client: httpx.AsyncClient, recorded: list[dict[str, Any]]
) -> None:
    assert (await client.get("/v1/subjects/operation/op1")).json() == {
        "log": "operations-feed", "kind": "operation", "subject": "op1", "version": 2, "sequence": 6,
    }  # fmt: skip
    assert (await client.get("/v1/subjects/operation/op2")).json()["version"] == 1


async def test_a_seizures_subject_has_a_slash_written_either_way(
    client: httpx.AsyncClient, recorded: list[dict[str, Any]], launched: Make
) -> None:
    seizure = launched(subject="op1/r1", type="org.wcoomd.seizure.reported.v1") | {
        "data": {
            "operation": "op1", "report": "r1", "member": "FRA", "seized_on": "2024-01-02", "category": "drugs",
            "seizures": 3,
        }
    }  # fmt: skip
    sequence = (await post(client, seizure)).json()["sequence"]
    for address in ("/v1/subjects/seizure/op1/r1", "/v1/subjects/seizure/op1%2Fr1"):
        assert (await client.get(address)).json() == {
            "log": "operations-feed", "kind": "seizure", "subject": "op1/r1", "version": 1, "sequence": sequence,
        }  # fmt: skip
    assert [one["id"] for one in (await client.get("/v1/events?subject=op1/r1")).json()] == [seizure["id"]]


@pytest.mark.parametrize(
    "address", ["operation/nobody", "survey/op1", "operation/op1/", "operation/a/b/c", "operation/%00"]
)
async def test_a_subject_that_is_not_there_is_not_found(
    client: httpx.AsyncClient, recorded: list[dict[str, Any]], address: str
) -> None:
    problem(await client.get(f"/v1/subjects/{address}"), 404, "not-found")


async def test_types_tell_every_type_with_a_schema_and_an_example(client: httpx.AsyncClient) -> None:
    body = (await client.get("/v1/types")).json()
    assert body["log"] == "operations-feed"
    assert "org.wcoomd.seizure.reported.v1" in [one["type"] for one in body["types"]]
    for one in body["types"]:
        assert one["example"]["type"] == one["type"]
        assert one["schema"]["properties"]["type"] == {"const": one["type"]}
