"""Who may listen to the stream of section 5: as many at once as the setting says, and nobody who asks wrongly."""

import asyncio
import base64
import json
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx

from listener import PATIENCE
from system import System, opened, served


def encoded(identity: dict[str, Any]) -> str:
    """An id as the stream writes them, but saying what this one says."""
    return base64.urlsafe_b64encode(json.dumps(identity).encode()).decode().rstrip("=")


def moment(time: int, *positions: int) -> dict[str, Any]:
    return {"time": time, "positions": positions or (1, 0, 0)}


async def test_of_many_who_come_at_once_as_many_listen_as_may(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        system = await opened(stack, tmp_path, listeners=3)
        await system.adopt()
        address = await stack.enter_async_context(served(system.app))
        async with AsyncExitStack() as open_streams:
            answers = await asyncio.gather(*(opening(open_streams, address) for _ in range(12)))
            assert sorted(answer.status_code for answer in answers) == [200] * 3 + [429] * 9
            assert {answer.headers.get("retry-after") for answer in answers} == {None, "5"}
        await until_admitted(stack, address)


async def test_who_listens_no_longer_or_never_did_takes_no_place(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        system = await opened(stack, tmp_path, listeners=1)
        await system.adopt()
        address = await stack.enter_async_context(served(system.app))
        for _ in range(3):
            await system.get("stream", 404, period="1999")
            await system.get("stream", 422, since="yesterday")
            assert (await system.client.head("/kpi-projector/v1/stream")).status_code == 200
        for _ in range(3):
            async with AsyncExitStack() as once:
                await until_admitted(once, address)


async def opening(stack: AsyncExitStack, address: str) -> httpx.Response:
    client = await stack.enter_async_context(httpx.AsyncClient(base_url=address, timeout=PATIENCE))
    return await stack.enter_async_context(client.stream("GET", "/kpi-projector/v1/stream"))


async def until_admitted(stack: AsyncExitStack, address: str) -> None:
    """Come again until there is a place: the service notices a while later that a listener is gone."""
    async with asyncio.timeout(PATIENCE):
        while (await opening(stack, address)).status_code != 200:
            pass


async def test_what_is_asked_wrongly_is_refused_before_the_stream_begins(system: System) -> None:
    problem = await system.get("stream", 404)
    assert problem["type"] == "urn:wco-kpi:problem:plan-not-adopted"
    await system.adopt()
    assert (await system.get("stream", 404, period="1999"))["type"] == "urn:wco-kpi:problem:not-found"
    assert (await system.get("stream", 422, since="yesterday"))["errors"][0]["pointer"] == "/since"
    assert (await system.get("stream", 422, as_of="2024-01-01"))["errors"][0]["pointer"] == "/as_of"


async def test_a_bad_last_event_id_is_refused(system: System) -> None:
    await system.adopt()
    for last in [
        "1",
        "e30",
        "%%%",
        "é",
        encoded({"since": moment(1), "until": moment(2), "period": "2022-23", "place": 0}),
        encoded({"since": moment(10**15), "until": moment(2**53 - 1), "period": "2022-23", "place": 0}),
        encoded({"since": moment(10**15), "until": moment(10**400), "period": "2022-23", "place": 0}),
        encoded({"since": moment(10**15, 0, 0, 0), "until": moment(10**15, 0, 0, 0), "period": "2022-23", "place": 0}),
        encoded({"since": moment(10**15), "until": moment(10**15, 10**9, 0, 0), "period": "2022-23", "place": 0}),
    ]:
        answer = await system.client.get("/kpi-projector/v1/stream", headers={b"last-event-id": last.encode("latin-1")})
        assert answer.status_code == 422, last
        assert [error["pointer"] for error in answer.json()["errors"]] == ["Last-Event-ID"]


async def test_a_head_request_ends(system: System) -> None:
    await system.adopt()
    answer = await system.client.head("/kpi-projector/v1/stream")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"].startswith("text/event-stream")
