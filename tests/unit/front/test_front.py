"""The one address in front of the services: what it passes on, and how streams behind it end."""

import asyncio
from collections.abc import Mapping

import httpx
import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wco_embedded.front import EndableStreams, front


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the prefix and the path that have come here."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": f"{scope['root_path']} {scope['path']}".encode()})


@pytest.mark.parametrize("path", ["/plan-registry/v1/head", "/plan-registry/", "/plan-registry/v1/internal/close"])
async def test_a_request_to_a_service_reaches_it_under_its_prefix(path: str) -> None:
    async with asking({"plan-registry": echo}) as client:
        assert (await client.post(path)).text == f"/plan-registry {path}"


@pytest.mark.parametrize(
    "path",
    ["/", "/plan-registry", "/elsewhere/v1", "/livez/", "/plan-registry/internal/close",
     "/plan-registry/%69nternal/close"],
)  # fmt: skip
async def test_what_is_no_service_s_and_what_services_say_to_each_other_is_the_dashboard_s_to_answer(path: str) -> None:
    async with asking({"plan-registry": echo}) as client:
        assert (await client.post(path)).text == "the dashboard"


async def test_whether_all_are_alive_and_ready_is_said_in_front() -> None:
    async with asking({"plan-registry": ready}) as client:
        assert (await client.get("/livez")).json() == {"status": "alive"}
        assert (await client.get("/readyz")).json() == {"status": "ready", "checks": ["plan-registry"]}


def asking(services: Mapping[str, ASGIApp]) -> httpx.AsyncClient:
    app = front(services, dashboard, 5)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://front.test")


async def dashboard(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"the dashboard"})


async def ready(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"{}"})


class Listener:
    """Listens to a stream that goes on for ever, and notes what it is sent."""

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.begun = asyncio.Event()

    async def listen(self, app: ASGIApp, method: str = "GET") -> None:
        await app({"type": "http", "method": method}, self._receive, self._send)

    async def _receive(self) -> Message:
        raise NotImplementedError

    async def _send(self, message: Message) -> None:
        self.sent.append(message)
        self.begun.set()


async def for_ever(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
    if scope["method"] == "GET":
        await asyncio.Event().wait()
    await send({"type": "http.response.body", "body": b""})


END = {"type": "http.response.body", "body": b"", "more_body": False}


async def test_a_stream_that_is_open_comes_to_its_end_when_streams_are_ended() -> None:
    streams, listener = EndableStreams(for_ever), Listener()
    async with asyncio.timeout(10):
        listening = asyncio.create_task(listener.listen(streams))
        await listener.begun.wait()
        streams.end()
        await listening
    assert listener.sent[1:] == [END]


async def test_a_stream_that_begins_after_that_comes_to_its_end_at_once() -> None:
    streams, listener = EndableStreams(for_ever), Listener()
    streams.end()
    async with asyncio.timeout(10):
        await listener.listen(streams)
    assert listener.sent[1:] == [END]


async def test_only_the_headers_of_a_stream_end_by_themselves_after_that_too() -> None:
    streams, listener = EndableStreams(for_ever), Listener()
    streams.end()
    async with asyncio.timeout(10):
        await listener.listen(streams, "HEAD")
        await asyncio.sleep(0)
    assert [message["type"] for message in listener.sent] == ["http.response.start", "http.response.body"]
