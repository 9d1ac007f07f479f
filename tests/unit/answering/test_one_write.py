"""Answers go out in one piece, and whole."""

import asyncio
from typing import Any

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from wco_common.answering import OneWriteProtocol

REQUEST = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"
LAST = b"GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n"


class Wire(asyncio.Transport):
    """What is written, piece by piece, up to the close."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[bytes] = []
        self.closed = asyncio.Event()
        self.written = asyncio.Event()

    def write(self, data: Any) -> None:
        assert not self.closed.is_set()
        self.pieces.append(bytes(data))
        self.written.set()

    def close(self) -> None:
        self.closed.set()

    def is_closing(self) -> bool:
        return self.closed.is_set()

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"10")]})
    await send({"type": "http.response.body", "body": b"01234", "more_body": True})
    await send({"type": "http.response.body", "body": b"56789"})


@pytest.fixture
async def wire() -> tuple[Wire, OneWriteProtocol]:
    config = uvicorn.Config(answer, http=OneWriteProtocol, lifespan="off", access_log=False, log_config=None)
    config.load()
    protocol = OneWriteProtocol(config, ServerState(), {})
    transport = Wire()
    protocol.connection_made(transport)
    return transport, protocol


async def test_an_answer_is_one_piece(wire: tuple[Wire, OneWriteProtocol]) -> None:
    transport, protocol = wire
    protocol.data_received(REQUEST)
    await transport.written.wait()
    [piece] = transport.pieces
    assert piece.startswith(b"HTTP/1.1 200 OK\r\n")
    assert piece.endswith(b"\r\n\r\n0123456789")
    assert not transport.is_closing()


async def test_the_last_answer_of_a_connection_is_written_before_it_is_closed(
    wire: tuple[Wire, OneWriteProtocol],
) -> None:
    transport, protocol = wire
    protocol.data_received(LAST)
    await transport.closed.wait()
    assert b"".join(transport.pieces).endswith(b"0123456789")
