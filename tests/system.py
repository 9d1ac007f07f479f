"""All four services in one process on SQLite, asked over HTTP in memory."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

import httpx
from starlette.types import ASGIApp

from dashboard.app import Dashboard, within
from dashboard.settings import DashboardSettings
from folding import CATALOGUE
from histories import History
from kpi_projector.app import Beside, KpiProjector
from kpi_projector.settings import ProjectorSettings
from wco_common.bundle import log_file
from wco_common.clock import Clock, SystemClock
from wco_common.lists.settings import ListsSettings
from wco_common.log_service import LogService
from wco_common.settings import LogSettings, ServiceSettings
from wco_common.span_export import NOT_EXPORTED, SpanExport
from wco_embedded.fill import fill, prepare_empty
from wco_embedded.front import front
from wco_embedded.logs import LOGS
from wco_embedded.serving import Server
from wco_embedded.settings import CommandSettings
from wco_events.event_type import LOG_NAMES, LogName

PATIENCE = 60.0
"""Seconds in which services do what they have to, on a machine that runs other tests at the same time."""

_posted = count(1)
"""No id is used twice, also not by a system that is opened again."""


class System:
    """The services, and a client of theirs."""

    def __init__(
        self, app: ASGIApp, client: httpx.AsyncClient, projector: KpiProjector, logs: dict[LogName, LogService]
    ) -> None:
        self.app = app
        self.client = client
        self.projector = projector
        self.logs = logs

    async def post(self, log: LogName, name: str, subject: str, **data: Any) -> str:
        """Post an event, and return its place as `after` takes it."""
        event = {
            "specversion": "1.0",
            "id": f"posted-{next(_posted)}",
            "source": "urn:example:tests",
            "type": f"org.wcoomd.{name}.v1",
            "subject": subject,
            "data": data,
        }
        answer = await self.client.post(
            f"/{log}/v1/events",
            content=json.dumps(event),
            headers={"content-type": "application/cloudevents+json"},
        )
        assert answer.status_code == 201, answer.text
        return f"{log}:{answer.json()['sequence']}"

    async def adopt(self) -> str:
        """Adopt the catalogue, and return its place once answers have it."""
        plan = json.loads(CATALOGUE.read_bytes())
        return await self.shown(await self.post("plan-registry", "plan.adopted", "sp-2022-2025", **plan))

    async def shown(self, place: str) -> str:
        """Return a place once answers have what stands there."""
        await self.get("plan", after=place)
        return place

    async def get(self, path: str, status: int = 200, **query: str) -> Any:
        """Ask the projector, and return the answer's JSON."""
        answer = await self.client.get(f"/kpi-projector/v1/{path}", params=query)
        assert answer.status_code == status, answer.text
        return answer.json()


async def opened(
    stack: AsyncExitStack,
    folder: Path,
    clock: Clock | None = None,
    spans: SpanExport = NOT_EXPORTED,
    **settings: Any,
) -> System:
    """Open all four services on the SQLite files of a folder, by one clock.

    `settings` are the projector's; `wait` is that of lists too. What is waited for is waited for patiently.
    """
    clock = clock or SystemClock(leap=5)
    settings = {"wait": PATIENCE, "health_timeout": PATIENCE} | settings
    logs = {
        log: await stack.enter_async_context(
            LogService(
                log,
                parts.decider(),
                LogSettings(database_url=database(folder, log), readiness_timeout=PATIENCE),
                clock=clock,
                lists=parts.lists,
                listing=ListsSettings(wait=settings["wait"]),
                spans=spans,
            )
        )
        for log, parts in LOGS.items()
    }
    projector = await stack.enter_async_context(
        KpiProjector(
            [service.log for service in logs.values()],
            clock,
            ProjectorSettings(database_url=database(folder, "kpi-projector"), **settings),
            beside=Beside(spans=spans),
        )
    )
    apps: dict[str, ASGIApp] = {log: service.app for log, service in logs.items()}
    apps["kpi-projector"] = projector.app
    looks = DashboardSettings()
    dashboard = await stack.enter_async_context(
        Dashboard(within(apps, looks), looks, ServiceSettings(readiness_timeout=PATIENCE))
    )
    app = front(apps, dashboard.app, timeout=PATIENCE)
    client = await stack.enter_async_context(
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://testserver")
    )
    return System(app, client, projector, logs)


def database(folder: Path, service: str) -> str:
    """Return the URL of a service's database."""
    return f"sqlite+aiosqlite:///{folder / service}.sqlite"


async def restored(folder: Path, history: History) -> None:
    """Fill the logs in a folder with a history, before they are opened."""
    databases = {log: database(folder, log) for log in LOG_NAMES}
    for log, lines in history.items():
        (folder / log_file(log)).write_bytes(b"".join(line + b"\n" for line in lines))
    await prepare_empty(databases)
    await fill(folder, None, databases)


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[str]:
    """Serve an app on a free port, since a client in memory sees no answer before its end."""
    server = Server(app, CommandSettings())
    with socket.create_server(("127.0.0.1", 0)) as listener:
        serving = asyncio.create_task(server.serve([listener]))
        await server.listening.wait()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.stop()
        await serving
