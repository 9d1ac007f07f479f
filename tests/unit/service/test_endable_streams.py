"""Event streams come to their end when they are to, and when the process is told to stop."""

import asyncio
import os
import signal
from types import FrameType

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wco_common.endable_streams import EndableStreams


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
    if scope["type"] == "lifespan":
        await receive()
        return
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


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_to_stop_ends_streams_and_reaches_whoever_was_told_before(number: signal.Signals) -> None:
    told = []

    def tell(number: int, frame: FrameType | None) -> None:
        told.append(number)

    before = signal.signal(number, tell)
    try:
        streams, listener, stopped = EndableStreams(for_ever), Listener(), asyncio.Event()

        async def receive() -> Message:
            await stopped.wait()
            return {"type": "lifespan.shutdown"}

        async with asyncio.timeout(10):
            living = asyncio.create_task(streams({"type": "lifespan"}, receive, listener._send))
            listening = asyncio.create_task(listener.listen(streams))
            await listener.begun.wait()
            os.kill(os.getpid(), number)
            await listening
            stopped.set()
            await living
        assert listener.sent[1:] == [END]
        assert told == [number]
        assert signal.getsignal(number) is tell
    finally:
        signal.signal(number, before)
