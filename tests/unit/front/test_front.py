"""The one address in front of the services: what it passes on."""

from collections.abc import Mapping

import httpx
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from wco_embedded.front import front


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
