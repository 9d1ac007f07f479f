"""The one address in front of all services: `/{service}/…`, and what speaks for all of them."""

from collections.abc import Callable, Mapping
from functools import partial

import httpx
from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from starlette.types import ASGIApp, Receive, Scope, Send

from wco_common.health import Check, Health
from wco_common.problem_answers import answer_problems

HEALTH = ("livez", "readyz")
"""Where what speaks for all of them is asked."""


def front(services: Mapping[str, ASGIApp], dashboard: ASGIApp, timeout: float) -> ASGIApp:
    """Return the app that answers for services by name; what is no service's the dashboard answers.

    It is ready when each service says within `timeout` seconds that it is.
    """
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
        if service is not None:
            await service({**scope, "root_path": f"{root}/{name}"}, receive, send)
        elif not slash and name in HEALTH:
            await app(scope, receive, send)
        else:
            await dashboard(scope, receive, send)

    return lead_on


def speaking_for(checks: Mapping[str, Check], timeout: float) -> FastAPI:
    """Return the app that speaks for services by name: whether all are alive, and whether all are ready."""
    # The services' own registries hold all there is to measure.
    health = Health(checks, timeout, CollectorRegistry())
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    answer_problems(app, lambda problem: None)
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
