"""The one address in front of all services: `/{service}/…`, and what speaks for all of them."""

import asyncio
import html
from collections.abc import Callable, Mapping
from functools import partial

import httpx
from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wco_common.health import Check, Health
from wco_common.problem_answers import answer_problems
from wco_common.query import read_query
from wco_embedded.services import PROJECTOR

SUMMARIES = {
    "plan-registry": "The strategic plan, its implementation plans and actions, Members, baselines",
    "survey-intake": "Surveys of Members, and what they answered",
    "operations-feed": "Operations and seizures, partnerships, capacity building, experts",
    PROJECTOR: "The KPIs, now and at any past moment",
}

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>wco-kpi</title>
<style>body {{ font: 1rem/1.5 system-ui, sans-serif; margin: 3rem auto; max-width: 42rem; padding: 0 1rem }}</style>
<h1>KPIs of the WCO Strategic Plan</h1>
<h2>To read</h2>
<p><a href="kpi-projector/v1/plan">The plan in force</a>, with its periods and KPIs</p>
<form action="kpi-projector/v1/scorecard">
<p><label>The scorecard of <input name="period" value="sp-2022-2025" required></label> <button>Show it</button></p>
</form>
<h2>To record</h2>
<p>Event types, with an example of each, of <a href="plan-registry/v1/types">plan-registry</a>,
<a href="survey-intake/v1/types">survey-intake</a>, <a href="operations-feed/v1/types">operations-feed</a></p>
<h2>The services</h2>
<ul>
{services}
</ul>
<p>All of them: <a href="livez">alive?</a> <a href="readyz">ready?</a></p>
</html>
"""
_SERVICE = """<li><p><strong>{name}</strong><br>{summary}<br>
<a href="{name}/docs">documentation</a>, <a href="{name}/openapi.json">OpenAPI</a>, <a href="{name}/readyz">ready?</a>,
<a href="{name}/metrics">metrics</a></p></li>"""


def front(services: Mapping[str, ASGIApp], timeout: float) -> ASGIApp:
    """Return the app that answers for services by name. It is ready when each says within `timeout` seconds it is."""
    app = speaking_for(
        {
            name: readiness(partial(httpx.AsyncClient, transport=httpx.ASGITransport(service), base_url="http://here"))
            for name, service in services.items()
        },
        timeout,
    )

    async def lead_on(scope: Scope, receive: Receive, send: Send) -> None:
        # As a mount does; but for a request to a service nothing that speaks for all of them stands in between.
        root = scope.get("root_path", "")
        name, slash, rest = scope.get("path", "").removeprefix(f"{root}/").partition("/")
        # What is under internal/ services say to each other, and here they need no address for that.
        service = services.get(name) if slash and not rest.startswith("internal/") else None
        if service is None:
            await app(scope, receive, send)
        else:
            await service({**scope, "root_path": f"{root}/{name}"}, receive, send)

    return lead_on


def speaking_for(checks: Mapping[str, Check], timeout: float) -> FastAPI:
    """Return the app that speaks for services by name: what there is, whether it is alive, and whether it is ready."""
    # The services' own registries hold all there is to measure.
    health = Health(checks, timeout, CollectorRegistry())
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    answer_problems(app, lambda problem: None)
    page = _PAGE.format(
        services="\n".join(_SERVICE.format(name=name, summary=html.escape(SUMMARIES[name])) for name in checks)
    )

    async def index(request: Request) -> Response:
        read_query(request, {})
        return HTMLResponse(page)

    app.add_route("/", index, methods=["GET"])
    app.add_route("/livez", health.livez, methods=["GET"])
    app.add_route("/readyz", health.readyz, methods=["GET"])
    return app


def readiness(client: Callable[[], httpx.AsyncClient]) -> Check:
    """Return the check that asks a service itself, by a client of its own each time."""

    async def check() -> str | None:
        async with client() as asking:
            answer = await asking.get("/readyz")
        return None if answer.status_code == 200 else str(answer.json()["detail"])

    return check


class EndableStreams:
    """An app whose event streams, which have no end of their own, can be ended, so that its server can stop."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._streams: set[asyncio.Task[None]] = set()
        self._ending = False

    def end(self) -> None:
        """End the streams that are open, as if each had come to its end, and every one that begins from now on."""
        self._ending = True
        for stream in self._streams:
            stream.cancel()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        task = asyncio.current_task()

        async def noting_streams(message: Message) -> None:
            await send(message)
            if task is not None and message["type"] == "http.response.start" and _is_stream(scope, message):
                self._streams.add(task)
                if self._ending:
                    task.cancel()

        try:
            await self._app(scope, receive, noting_streams)
        except asyncio.CancelledError:
            if task not in self._streams:
                raise
            task.uncancel()
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self._streams.discard(task)


def _is_stream(scope: Scope, start: Message) -> bool:
    # The answer to HEAD has the same headers, and ends by itself.
    return scope["method"] != "HEAD" and any(
        name == b"content-type" and value.startswith(b"text/event-stream") for name, value in start["headers"]
    )
