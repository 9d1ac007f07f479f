"""What only a real server shows: a service started alone, and bodies that are too long on the wire."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn

from integration.log_api.requesting import STRUCTURED, Make
from operations_feed.app import app

PATIENCE = 60
"""Seconds in which an answer comes, on a machine that runs other tests at the same time."""


class Server(uvicorn.Server):
    """A server that says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens."""
        host, port = self.servers[0].sockets[0].getsockname()
        return host, port


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings for a log of this test alone."""
    monkeypatch.setenv("WCO_KPI_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path / 'log.sqlite'}")
    monkeypatch.setenv("WCO_KPI_READINESS_TIMEOUT", str(PATIENCE))


@asynccontextmanager
async def served(grace: int | None = None) -> AsyncIterator[Server]:
    """Start operations-feed as a program of its own, and stop it, with seconds of grace for what it is answering."""
    server = Server(
        uvicorn.Config(app, factory=True, host="127.0.0.1", port=0, log_config=None, timeout_graceful_shutdown=grace)
    )
    started = asyncio.create_task(server.serve())
    await server.listening.wait()
    try:
        yield server
    finally:
        server.should_exit = True
        await started


@pytest.fixture
async def address() -> AsyncIterator[tuple[str, int]]:
    """Where operations-feed listens."""
    async with served() as server:
        yield server.address


async def answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, object]]:
    status = int((await reader.readline()).split()[1])
    length = 0
    while (line := await reader.readline()) not in {b"\r\n", b""}:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return status, json.loads(await reader.readexactly(length))


async def test_a_service_alone_opens_its_log_and_answers(address: tuple[str, int], launched: Make) -> None:
    host, port = address
    async with httpx.AsyncClient(base_url=f"http://{host}:{port}", timeout=PATIENCE) as client:
        posted = await client.post("/v1/events", content=json.dumps(launched()), headers=STRUCTURED)
        assert posted.status_code == 201, posted.text
        head = await client.head("/v1/events")
        assert (head.status_code, head.content) == (200, b"")
        assert (await client.head("/v1/events", headers={"accept": "application/x-ndjson"})).status_code == 200
        assert (await client.get("/readyz")).status_code == 200


async def test_a_body_said_to_be_too_long_is_refused_before_it_is_sent(address: tuple[str, int]) -> None:
    reader, writer = await asyncio.open_connection(*address)
    writer.write(
        b"POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/cloudevents+json\r\n"
        b"Content-Length: 999999999\r\n\r\n"
    )
    status, problem = await answer(reader)
    assert (status, problem["type"]) == (413, "urn:wco-kpi:problem:too-large")
    writer.close()
    await writer.wait_closed()


async def test_a_body_without_an_end_is_refused_while_it_is_being_sent(address: tuple[str, int]) -> None:
    reader, writer = await asyncio.open_connection(*address)
    writer.write(
        b"POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/cloudevents+json\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n"
    )
    answered = asyncio.create_task(answer(reader))
    sent = 0
    while not answered.done():
        writer.write(b"10000\r\n" + b" " * 0x10000 + b"\r\n")
        await writer.drain()
        sent += 0x10000
        assert sent < 64 * 1024 * 1024
    status, problem = await answered
    assert (status, problem["type"]) == (413, "urn:wco-kpi:problem:too-large")
    writer.close()
    await writer.wait_closed()


async def test_who_does_not_come_to_the_end_of_a_body_is_told_that_the_service_stops() -> None:
    async with served(grace=0) as server:
        reader, writer = await asyncio.open_connection(*server.address)
        writer.write(
            b"POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/cloudevents+json\r\n"
            b"Expect: 100-continue\r\nContent-Length: 1000\r\n\r\n"
        )
        assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        writer.write(b'{"specversion": ')
    status, problem = await answer(reader)
    assert (status, problem["type"]) == (503, "urn:wco-kpi:problem:unavailable")
    assert "nothing is recorded" in str(problem["detail"])
    writer.close()
    await writer.wait_closed()


async def test_a_client_that_only_sends_reads_the_refusal_afterwards(address: tuple[str, int], launched: Make) -> None:
    host, port = address
    async with httpx.AsyncClient(base_url=f"http://{host}:{port}", timeout=PATIENCE) as client:
        for _ in range(2):
            refused = await client.post("/v1/events", content=b" " * (20 * 1024 * 1024), headers=STRUCTURED)
            assert refused.status_code == 413
        assert (await client.post("/v1/events", content=json.dumps(launched()), headers=STRUCTURED)).status_code == 201
