"""What a client takes an answer to a post for: recorded, refused, not recorded, or nobody knows."""

import json

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from chaos.posting import Said, post
from scenario import posted

EVENT = posted("assistance.delivered", "one")


class Log:
    """A log that has one answer."""

    def __init__(self, status: int, body: dict[str, object]) -> None:
        self.heard: list[object] = []
        self._answer: Response = JSONResponse(body, status)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        self.heard.append((request.headers["content-type"], request.url.query, await request.json()))
        await self._answer(scope, receive, send)


def client(log: Log) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(log), base_url="http://log.test")


@pytest.mark.parametrize(
    ("status", "problem", "said"),
    [
        (409, "conflict", "refused"),
        (422, "invalid", "refused"),
        (429, "too-many-requests", "not recorded"),
        (503, "unavailable", "not recorded"),
        (503, "commit-unknown", "nobody knows"),
    ],
)
async def test_a_problem_says_what_may_be_sent_again(status: int, problem: str, said: Said) -> None:
    log = Log(status, {"type": f"urn:wco-kpi:problem:{problem}"})
    async with client(log) as asking:
        assert await post(asking, "operations-feed", [EVENT], batch=False) == (said, [], problem)


async def test_one_event_is_sent_by_itself_and_several_as_a_batch() -> None:
    single, batch = Log(201, {"sequence": 1}), Log(201, {"events": [{"sequence": 1}, {"sequence": 2}]})
    async with client(single) as asking:
        told = await post(asking, "operations-feed", [EVENT], batch=False, dry_run=True)
        assert told == ("recorded", [{"sequence": 1}], "")
    async with client(batch) as asking:
        told = await post(asking, "operations-feed", [EVENT, EVENT], batch=True)
        assert told == ("recorded", [{"sequence": 1}, {"sequence": 2}], "")

    event = json.loads(json.dumps(EVENT.attributes))
    assert single.heard == [("application/cloudevents+json", "dry_run=true", event)]
    assert batch.heard == [("application/cloudevents-batch+json", "", [event, event])]


async def test_what_reaches_nobody_is_not_recorded() -> None:
    async with httpx.AsyncClient(base_url="http://127.0.0.1:9", trust_env=False) as asking:
        assert (await post(asking, "operations-feed", [EVENT], batch=False)).said == "not recorded"
