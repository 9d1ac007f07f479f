"""How these tests speak to a log, and what they look for in its refusals."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import httpx

Make = Callable[..., dict[str, Any]]
"""Makes an event of its own at each call."""

STRUCTURED = {"content-type": "application/cloudevents+json"}
BATCHED = {"content-type": "application/cloudevents-batch+json"}


async def post(client: httpx.AsyncClient, event: Any, query: str = "", **headers: str) -> httpx.Response:
    sent = STRUCTURED | {name.replace("_", "-"): value for name, value in headers.items()}
    return await client.post(f"/v1/events{query}", content=json.dumps(event), headers=sent)


async def post_batch(client: httpx.AsyncClient, events: Any, query: str = "", **headers: str) -> httpx.Response:
    return await post(client, events, query, content_type=BATCHED["content-type"], **headers)


def problem(response: httpx.Response, status: int, slug: str) -> Mapping[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body: Mapping[str, Any] = response.json()
    assert (body["type"], body["status"]) == (f"urn:wco-kpi:problem:{slug}", status)
    assert body["errors"]
    return body


def pointers(body: Mapping[str, Any]) -> list[str]:
    return [error["pointer"] for error in body["errors"]]
