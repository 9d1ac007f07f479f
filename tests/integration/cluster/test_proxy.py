"""What stands in front of the services passes on what it gets as it gets it, once, and says when nobody is there."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

import httpx
import pytest

from parts import SETTINGS
from wco_cluster.part import free_port, started
from wco_cluster.proxy import ProxySettings, proxy

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


class Service:
    """A service of the tests' own, which keeps the heads of the requests that it gets."""

    def __init__(self, answer: Answer) -> None:
        self.heads: list[bytes] = []
        self._answer = answer

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heads.append(await reader.readuntil(b"\r\n\r\n"))
        await self._answer(writer)
        writer.close()


async def nothing(writer: asyncio.StreamWriter) -> None:
    """Break off."""


@asynccontextmanager
async def passing_to(
    folder: Path, service: Service, name: Literal["plan_registry", "dashboard"] = "plan_registry"
) -> AsyncIterator[httpx.AsyncClient]:
    """Have a proxy run in front of one service alone, and give a client of its."""
    server = await asyncio.start_server(service.take, "127.0.0.1", 0)
    async with server:
        here = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        nowhere = f"127.0.0.1:{free_port()}"
        settings = ProxySettings(
            host="127.0.0.1",
            port=free_port(),
            plan_registry=here if name == "plan_registry" else nowhere,
            survey_intake=nowhere,
            front=nowhere,
            dashboard=here if name == "dashboard" else nowhere,
            connect_timeout=60,
        )
        running = await started(proxy(folder, settings), SETTINGS)
        async with httpx.AsyncClient(base_url=f"http://{running.part.address}", timeout=60) as client:
            yield client
        assert await running.stop(SETTINGS.stop_timeout) == 0


async def test_a_request_reaches_its_service_without_the_prefix_and_otherwise_as_it_was(tmp_path: Path) -> None:
    async def ok(writer: asyncio.StreamWriter) -> None:
        writer.write(b'HTTP/1.1 200 OK\r\nETag: "1"\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok')
        await writer.drain()

    service = Service(ok)
    async with passing_to(tmp_path, service) as client:
        answer = await client.get("/plan-registry/v1/subjects/a/b%2Fc?type=%2B;x&type=y", headers={"ce-id": "a%20b"})

    assert (answer.status_code, answer.content, answer.headers["etag"]) == (200, b"ok", '"1"')
    assert answer.headers.keys() == {"etag", "content-length", "date"}
    (head,) = service.heads
    line, *headers = head.rstrip().split(b"\r\n")
    assert line == b"GET /v1/subjects/a/b%2Fc?type=%2B;x&type=y HTTP/1.1"
    assert b"Ce-Id: a%20b" in headers
    assert {header.partition(b":")[0].lower() for header in headers} == {
        b"host", b"user-agent", b"accept", b"accept-encoding", b"ce-id"
    }  # fmt: skip


async def test_a_form_reaches_the_dashboard_with_what_the_browser_says_of_where_it_comes_from(tmp_path: Path) -> None:
    async def recorded(writer: asyncio.StreamWriter) -> None:
        writer.write(
            b"HTTP/1.1 303 See Other\r\nLocation: ../recorded/x/1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )
        await writer.drain()

    service = Service(recorded)
    async with passing_to(tmp_path, service, "dashboard") as client:
        here = str(client.base_url).rstrip("/")
        told = {"origin": here, "sec-fetch-site": "same-origin"}
        answer = await client.post("/enter/survey.closed", data={"/subject": "a b"}, headers=told)

    assert (answer.status_code, answer.headers["location"]) == (303, "../recorded/x/1")
    (head,) = service.heads
    line, *headers = head.rstrip().split(b"\r\n")
    assert line == b"POST /enter/survey.closed HTTP/1.1"
    assert {
        f"Host: {here.removeprefix('http://')}".encode(),
        f"Origin: {here}".encode(),
        b"Sec-Fetch-Site: same-origin",
        b"Content-Type: application/x-www-form-urlencoded",
    } <= {*headers}


async def test_a_stream_goes_through_as_it_comes(tmp_path: Path) -> None:
    heard = asyncio.Event()

    async def stream(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nConnection: close\r\n\r\nfirst\n")
        await writer.drain()
        await heard.wait()
        writer.write(b"second\n")
        await writer.drain()

    async with passing_to(tmp_path, Service(stream)) as client, client.stream("GET", "/plan-registry/x") as answer:
        lines = answer.aiter_lines()
        assert await anext(lines) == "first"
        heard.set()
        assert await anext(lines) == "second"


async def test_a_post_that_a_service_broke_off_is_sent_once_and_may_have_been_recorded(tmp_path: Path) -> None:
    service = Service(nothing)
    async with passing_to(tmp_path, service) as client:
        answer = await client.post("/plan-registry/v1/events", content=b"{}")

    assert (answer.status_code, answer.json()["type"]) == (503, "urn:wco-kpi:problem:commit-unknown")
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(service.heads) == 1


async def test_the_proxy_says_of_itself_that_it_is_alive_while_nobody_behind_it_is(tmp_path: Path) -> None:
    async with passing_to(tmp_path, Service(nothing)) as client:
        own, all_of_them = await client.get("/proxy/livez"), await client.get("/livez")

    assert (own.status_code, all_of_them.status_code) == (204, 503)


@pytest.mark.parametrize("path", ["/survey-intake/v1/events", "/"])
async def test_what_reaches_nobody_is_unavailable_for_now(tmp_path: Path, path: str) -> None:
    async with passing_to(tmp_path, Service(nothing)) as client:
        answer = await client.post(path, content=b"{}")

    assert (answer.status_code, answer.json()["type"]) == (503, "urn:wco-kpi:problem:unavailable")
    assert (answer.headers["content-type"], answer.headers["retry-after"]) == ("application/problem+json", "1")


async def test_what_services_ask_each_other_is_not_passed_on(tmp_path: Path) -> None:
    service = Service(nothing)
    async with passing_to(tmp_path, service) as client:
        await client.post("/plan-registry/internal/close")

    assert service.heads == []


async def test_nothing_that_a_client_sent_is_in_what_the_proxy_says(tmp_path: Path) -> None:
    async with passing_to(tmp_path, Service(nothing)) as client:
        await client.post("/plan-registry/v1/events?note=secret", content=b"secret", headers={"x": "secret"})

    assert "secret" not in (tmp_path / "proxy.log").read_text()
