"""The same answers from a log on SQLite and on PostgreSQL."""

import json
from collections.abc import AsyncIterator

import httpx
import pytest

from integration.log_api.requesting import post, post_batch, problem
from survey_intake.app import service
from wco_common.settings import LogSettings
from wco_events.registry import EVENT_TYPES_BY_LOG

EXAMPLES = [one.example for one in EVENT_TYPES_BY_LOG["survey-intake"]]
LINES = {"accept": "application/x-ndjson"}


@pytest.fixture
async def client(database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with service(LogSettings(database_url=database_url)) as running:
        transport = httpx.ASGITransport(app=running.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://survey-intake.test") as client:
            yield client


async def test_what_is_posted_is_what_is_read(client: httpx.AsyncClient) -> None:
    answer = (await post_batch(client, EXAMPLES)).json()
    assert answer["recorded"] == len(EXAMPLES)
    page = (await client.get("/v1/events")).json()
    assert [one["id"] for one in page] == [one["id"] for one in EXAMPLES]
    stream = (await client.get("/v1/events?after=2", headers=LINES)).text
    assert [json.loads(line) for line in stream.splitlines()] == page[2:]
    assert (await client.get("/v1/events/3")).json() == page[2]
    only = (await client.get(f"/v1/events?type={page[1]['type']}&subject={page[1]['subject']}")).json()
    assert page[1] in only
    last = answer["events"][-1]
    kind = page[-1]["type"].split(".")[2]
    found = (await client.get(f"/v1/subjects/{kind}/{last['subject']}")).json()
    assert (found["version"], found["sequence"]) == (last["subjectversion"], last["sequence"])
    assert (await client.get("/v1/head")).json()["closed_time"] >= last["recordedtime"]


async def test_what_is_refused_is_refused_alike(client: httpx.AsyncClient) -> None:
    event = EXAMPLES[0]
    assert (await post(client, event, "?dry_run=true")).status_code == 200
    assert (await post(client, event, if_match='"0"')).status_code == 201
    assert (await post(client, event)).status_code == 200
    problem(await post(client, {**event} | {"id": "another"}, if_match='"0"'), 412, "version-mismatch")
    problem(await post(client, {**event} | {"id": "another"}), 409, "conflict")
    problem(await post(client, {**event} | {"subject": "another"}), 409, "id-reused")


async def test_text_that_databases_are_touchy_about_is_recorded(client: httpx.AsyncClient) -> None:
    opened, submitted = EXAMPLES[0], next(one for one in EXAMPLES if "submitted" in one["type"])
    awkward = {**submitted["data"]} | {"comments": "\u0000 \U0001f600 \u0007 '\"\\ %s :x \ufffe"}
    assert (await post(client, {**opened} | {"source": "/" + "long" * 2_000})).status_code == 201
    response = await post(client, {**submitted} | {"data": awkward})
    assert response.status_code == 201, response.text
    assert (await client.get("/v1/events/2")).json()["data"] == awkward
