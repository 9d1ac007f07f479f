"""POST /v1/events: the answers of the outside contract, section 2."""

import json
from typing import Any

import httpx
import pytest

from integration.log_api.requesting import STRUCTURED, Make, pointers, post, post_batch, problem
from wco_events.registry import EVENT_TYPES_BY_LOG


async def head(client: httpx.AsyncClient) -> int:
    return int((await client.get("/v1/head")).json()["sequence"])


async def test_an_event_is_recorded_and_answered_with_its_place(client: httpx.AsyncClient, launched: Make) -> None:
    event = launched()
    response = await post(client, event)
    assert response.status_code == 201
    assert response.headers["content-type"] == "application/json"
    assert response.headers["location"] == "events/1"
    answer = response.json()
    recordedtime = answer.pop("recordedtime")
    assert answer == {
        "log": "operations-feed",
        "sequence": 1,
        "source": "/operations",
        "id": event["id"],
        "subject": event["subject"],
        "subjectversion": 1,
        "duplicate": False,
    }
    recorded = (await client.get(str(response.url.join(response.headers["location"])))).json()
    assert recorded == event | {
        "datacontenttype": "application/json",
        "sequence": "0000000000000001",
        "recordedtime": recordedtime,
        "subjectversion": 1,
    }


async def test_the_same_event_again_gets_the_first_answer(client: httpx.AsyncClient, launched: Make) -> None:
    event = launched()
    first = await post(client, event)
    await post(client, launched())
    spelt_otherwise = dict(reversed(event.items())) | {"datacontenttype": "application/json", "time": None}
    again = await post(client, spelt_otherwise)
    assert again.status_code == 200
    assert again.json() == first.json() | {"duplicate": True}
    assert await head(client) == 2


async def test_a_duplicate_is_one_before_its_if_match_is_looked_at(client: httpx.AsyncClient, launched: Make) -> None:
    event = launched()
    await post(client, event)
    assert (await post(client, event, if_match='"7"')).status_code == 200


async def test_an_id_used_for_another_event_is_a_conflict(client: httpx.AsyncClient, launched: Make) -> None:
    event = launched()
    await post(client, event)
    problem(await post(client, event | {"time": "2024-01-01T00:00:00Z"}), 409, "id-reused")
    assert await head(client) == 1


async def test_an_event_that_contradicts_the_record_is_a_conflict(client: httpx.AsyncClient, launched: Make) -> None:
    await post(client, launched(subject="op"))
    problem(await post(client, launched(subject="op")), 409, "conflict")
    assert await head(client) == 1


async def test_if_match_holds_an_event_to_its_subjects_version(client: httpx.AsyncClient, launched: Make) -> None:
    event = launched(subject="op")
    problem(await post(client, event, if_match='"1"'), 412, "version-mismatch")
    assert (await post(client, event, if_match='"0"')).status_code == 201
    revised = launched({"reason": "It was longer"}, subject="op", type="org.wcoomd.operation.revised.v1")
    problem(await post(client, revised, if_match='"0"'), 412, "version-mismatch")
    problem(await post(client, revised, if_match='"2"'), 412, "version-mismatch")
    problem(await post(client, revised, if_match=f'"{10**30}"'), 412, "version-mismatch")
    response = await post(client, revised, if_match='"1"')
    assert response.json()["subjectversion"] == 2


@pytest.mark.parametrize("if_match", ["*", '"1", "2"', 'W/"1"', "1", '"01"', '"-1"', '""', '"x"'])
async def test_if_match_of_another_form_is_invalid(client: httpx.AsyncClient, launched: Make, if_match: str) -> None:
    assert pointers(problem(await post(client, launched(), if_match=if_match), 422, "invalid")) == ["If-Match"]


async def test_if_match_goes_with_no_batch(client: httpx.AsyncClient, launched: Make) -> None:
    assert pointers(problem(await post_batch(client, [launched()], if_match='"0"'), 422, "invalid")) == ["If-Match"]


async def test_a_batch_is_recorded_whole_and_answered_in_order(client: httpx.AsyncClient, launched: Make) -> None:
    first, second, third = launched(), launched(), launched()
    await post(client, second)
    response = await post_batch(client, [first, second, third, first])
    assert response.status_code == 201
    assert "location" not in response.headers
    answer = response.json()
    assert {name: answer[name] for name in ("log", "recorded", "duplicates")} == {
        "log": "operations-feed", "recorded": 2, "duplicates": 2,
    }  # fmt: skip
    assert [(one["sequence"], one["id"], one["duplicate"]) for one in answer["events"]] == [
        (2, first["id"], False), (1, second["id"], True), (3, third["id"], False), (2, first["id"], True),
    ]  # fmt: skip
    again = await post_batch(client, [first, second])
    assert again.status_code == 200
    assert (again.json()["recorded"], again.json()["duplicates"]) == (0, 2)


async def test_an_empty_batch_records_nothing(client: httpx.AsyncClient) -> None:
    response = await post_batch(client, [])
    assert response.status_code == 200
    assert response.json() == {"log": "operations-feed", "recorded": 0, "duplicates": 0, "events": []}


async def test_later_events_of_a_batch_see_the_earlier_ones(client: httpx.AsyncClient, launched: Make) -> None:
    cancelled = launched(subject="op", type="org.wcoomd.operation.cancelled.v1") | {"data": {"reason": "No ships"}}
    problem(await post_batch(client, [cancelled, launched(subject="op")]), 409, "conflict")
    assert await head(client) == 0
    assert (await post_batch(client, [launched(subject="op"), cancelled])).status_code == 201


async def test_a_batch_is_all_or_nothing(client: httpx.AsyncClient, launched: Make) -> None:
    body = problem(
        await post_batch(client, [launched(), launched(subject="op"), launched(subject="op")]), 409, "conflict"
    )
    assert {error["index"] for error in body["errors"]} == {2}
    body = problem(await post_batch(client, [launched(), launched(id=""), launched(source="")]), 422, "invalid")
    assert [(error["index"], error["pointer"]) for error in body["errors"]] == [(1, "/id"), (2, "/source")]
    assert await head(client) == 0


async def test_a_dry_run_checks_all_and_records_nothing(client: httpx.AsyncClient, launched: Make) -> None:
    event = launched(subject="op")
    response = await post(client, event, "?dry_run=true")
    assert response.status_code == 200
    assert "location" not in response.headers
    answer = response.json()
    assert (answer["dry_run"], answer["duplicate"], answer["sequence"], answer["subjectversion"]) == (True, False, 1, 1)
    batch = await post_batch(client, [event, launched()], "?dry_run=true")
    assert batch.status_code == 200
    assert (batch.json()["dry_run"], batch.json()["recorded"]) == (True, 2)
    assert await head(client) == 0
    await post(client, event)
    assert (await post(client, event, "?dry_run=true")).json()["duplicate"] is True
    problem(await post(client, launched(subject="op"), "?dry_run=true"), 409, "conflict")
    problem(await post(client, launched(), "?dry_run=true", if_match='"3"'), 412, "version-mismatch")
    assert (await post(client, launched(), "?dry_run=false")).status_code == 201


@pytest.mark.parametrize("query", ["?dry_run=1", "?dry_run=", "?dry_run=true&dry_run=true", "?dryrun=true"])
async def test_a_query_that_is_not_known_is_invalid(client: httpx.AsyncClient, launched: Make, query: str) -> None:
    body = problem(await post(client, launched(), query), 422, "invalid")
    assert pointers(body) == ["/" + query[1:].partition("=")[0]]
    assert await head(client) == 0


async def test_all_faults_of_a_request_are_told_at_once(client: httpx.AsyncClient, launched: Make) -> None:
    event = launched({"title": "", "colour": "red"}, id="", sequence="1")
    body = problem(await post(client, event, "?dry=1", if_match="*"), 422, "invalid")
    assert sorted(pointers(body)) == ["/data/colour", "/data/title", "/dry", "/id", "/sequence", "If-Match"]


@pytest.mark.parametrize(
    ("content_type", "body", "status", "slug", "pointer"),
    [
        ("application/cloudevents+json", b"{", 400, "not-json", ""),
        ("application/cloudevents+json", b"", 400, "not-json", ""),
        ("application/cloudevents+json", b'{"id": "\xff"}', 400, "not-json", ""),
        ("application/cloudevents+json", b"[" * 100_000, 422, "invalid", ""),
        ("application/cloudevents+json", b"[]", 422, "invalid", ""),
        ("application/cloudevents-batch+json", b"{}", 422, "invalid", ""),
        ("application/cloudevents-batch+json", json.dumps([{}] * 1_001).encode(), 413, "too-large", ""),
        ("application/cloudevents+json", b" " * (16 * 1024 * 1024 + 1), 413, "too-large", ""),
        ("application/json", b"{}", 415, "not-cloudevent", "Content-Type"),
        ("text/plain", b"{}", 415, "not-cloudevent", "Content-Type"),
        ("application/cloudevents+xml", b"<event/>", 415, "not-cloudevent", "Content-Type"),
    ],
)  # fmt: skip
async def test_what_is_no_event_is_refused(
    client: httpx.AsyncClient, content_type: str, body: bytes, status: int, slug: str, pointer: str
) -> None:
    told = problem(await client.post("/v1/events", content=body, headers={"content-type": content_type}), status, slug)
    assert pointers(told) == [pointer]


async def test_a_lone_surrogate_in_a_key_is_told_in_an_answer_that_is_json(client: httpx.AsyncClient) -> None:
    response = await client.post("/v1/events", content=b'{"\\ud800": 1}', headers=STRUCTURED)
    assert "/\N{REPLACEMENT CHARACTER}" in pointers(problem(response, 422, "invalid"))


async def test_a_body_of_unknown_length_is_read_no_further_than_it_may_be_long(client: httpx.AsyncClient) -> None:
    sent = 0

    async def endless() -> Any:
        nonlocal sent
        while True:
            sent += 1
            yield b" " * 1024 * 1024

    problem(await client.post("/v1/events", content=endless(), headers=STRUCTURED), 413, "too-large")
    assert sent == 17


async def test_the_examples_of_the_event_types_are_a_history_that_the_log_takes(client: httpx.AsyncClient) -> None:
    examples = [one.example for one in EVENT_TYPES_BY_LOG["operations-feed"]]
    response = await post_batch(client, examples)
    assert response.status_code == 201, response.text
    assert response.json()["recorded"] == len(examples)
