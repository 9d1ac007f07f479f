"""The CloudEvents Python SDK, unchanged, is a client in all three modes and reads back what was recorded."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from cloudevents.core.bindings.http import (
    HTTPMessage,
    from_structured_event,
    to_binary_event,
    to_structured_event,
)
from cloudevents.core.v1.event import CloudEvent

from integration.log_api.requesting import Make


@pytest.fixture
def event(launched: Make) -> CloudEvent:
    attributes = launched({"title": "Opération « Été » 50 %"}, source="/opérations/%C3%A9".replace("é", "e"))
    data = attributes.pop("data")
    attributes |= {"time": datetime(2024, 6, 26, 12, 0, tzinfo=UTC), "note": 'un "mot" à 50 % 😀'}
    return CloudEvent(attributes, data)


async def send(client: httpx.AsyncClient, message: HTTPMessage) -> httpx.Response:
    return await client.post("/v1/events", content=message.body, headers=message.headers)


async def recorded(client: httpx.AsyncClient, sequence: int) -> dict[str, Any]:
    response = await client.get(f"/v1/events/{sequence}")
    read = from_structured_event(HTTPMessage(dict(response.headers), response.content))
    attributes = read.get_attributes()
    for name in ("sequence", "recordedtime", "subjectversion"):
        del attributes[name]
    return attributes | {"data": read.get_data()}


@pytest.mark.parametrize("to_message", [to_structured_event, to_binary_event])
async def test_what_the_sdk_sends_is_what_it_reads_back(
    client: httpx.AsyncClient, event: CloudEvent, to_message: Any
) -> None:
    response = await send(client, to_message(event))
    assert response.status_code == 201, response.text
    assert await recorded(client, 1) == event.get_attributes() | {
        "data": event.get_data(),
        "datacontenttype": "application/json",
    }


async def test_one_event_in_both_modes_is_a_duplicate(client: httpx.AsyncClient, event: CloudEvent) -> None:
    assert (await send(client, to_structured_event(event))).status_code == 201
    assert (await send(client, to_binary_event(event))).json()["duplicate"] is True


async def test_structured_events_of_the_sdk_make_a_batch(client: httpx.AsyncClient, launched: Make) -> None:
    events = [launched(), launched()]
    bodies = [to_structured_event(CloudEvent(one, one.pop("data"))).body for one in events]
    response = await client.post(
        "/v1/events",
        content=b"[" + b",".join(bodies) + b"]",
        headers={"content-type": "application/cloudevents-batch+json"},
    )
    assert (response.status_code, response.json()["recorded"]) == (201, 2)
