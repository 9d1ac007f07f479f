"""All four services in one process on SQLite, asked over HTTP in memory."""

import json
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp

import operations_feed.app
import plan_registry.app
import survey_intake.app
from folding import CATALOGUE
from kpi_projector.app import KpiProjector
from kpi_projector.settings import ProjectorSettings
from wco_common.clock import SystemClock
from wco_common.log_service import LogService
from wco_common.settings import LogSettings
from wco_events.event_type import LogName

SERVICES: dict[LogName, Callable[[LogSettings], LogService]] = {
    "plan-registry": plan_registry.app.service,
    "survey-intake": survey_intake.app.service,
    "operations-feed": operations_feed.app.service,
}


class System:
    """The services, and a client of theirs."""

    def __init__(self, client: httpx.AsyncClient, projector: KpiProjector, logs: dict[LogName, LogService]) -> None:
        self.client = client
        self.projector = projector
        self.logs = logs
        self._posted = 0

    async def post(self, log: LogName, name: str, subject: str, **data: Any) -> str:
        """Post an event, and return its place as `after` takes it."""
        self._posted += 1
        event = {
            "specversion": "1.0",
            "id": f"posted-{self._posted}",
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
        """Adopt the catalogue."""
        plan = json.loads(CATALOGUE.read_bytes())
        return await self.post("plan-registry", "plan.adopted", "sp-2022-2025", **plan)

    async def get(self, path: str, status: int = 200, **query: str) -> Any:
        """Ask the projector, and return the answer's JSON."""
        answer = await self.client.get(f"/kpi-projector/v1/{path}", params=query)
        assert answer.status_code == status, answer.text
        return answer.json()


async def opened(stack: AsyncExitStack, folder: Path, **settings: Any) -> System:
    """Open all four services on the SQLite files of a folder."""
    logs = {
        log: await stack.enter_async_context(
            service(LogSettings(database_url=f"sqlite+aiosqlite:///{folder / log}.sqlite"))
        )
        for log, service in SERVICES.items()
    }
    projector = await stack.enter_async_context(
        KpiProjector(
            [service.log for service in logs.values()],
            SystemClock(leap=5),
            ProjectorSettings(database_url=f"sqlite+aiosqlite:///{folder / 'kpi-projector'}.sqlite", **settings),
        )
    )
    apps: dict[str, ASGIApp] = {log: service.app for log, service in logs.items()}
    apps["kpi-projector"] = projector.app
    front = Starlette(routes=[Mount(f"/{name}", app) for name, app in apps.items()])
    client = await stack.enter_async_context(
        httpx.AsyncClient(transport=httpx.ASGITransport(front), base_url="http://testserver")
    )
    return System(client, projector, logs)
