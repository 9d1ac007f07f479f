"""Where the dashboard is put together, and as a program of its own: `uvicorn --factory dashboard.app:app`."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from types import TracebackType
from typing import Any, Self

import httpx
from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from dashboard.compare import ComparePage
from dashboard.desk import desk
from dashboard.enter import EnterPage, FormPage, RecordedPage
from dashboard.event import EventPage, Events
from dashboard.event_types import EventTypes
from dashboard.evidence import EvidencePage
from dashboard.exports import Exports
from dashboard.history import HistoryPage
from dashboard.kpi import KpiPage
from dashboard.pages import VERSION, Pages
from dashboard.problem_page import ProblemPage
from dashboard.projector import PROJECTOR, Projector
from dashboard.scorecard import ScorecardPage
from dashboard.services import Services
from dashboard.services_page import ServicesPage
from dashboard.settings import DashboardSettings, ServiceAddressSettings
from dashboard.shell import Shells
from dashboard.spreadsheet_templates import SpreadsheetTemplates
from wco_common.health import Health
from wco_common.program import program
from wco_common.service_app import ServiceApp
from wco_common.settings import ServiceSettings
from wco_events.event_type import LOG_NAMES

SETTINGS = (DashboardSettings, ServiceAddressSettings)
"""All that the program reads from the environment, beside what every service does."""

_WORTH_COMPRESSING = 1_000
"""Bytes."""
_FOR_EVER = "public, max-age=31536000, immutable"


class _App(ServiceApp):
    """Its answers are compressed where the client takes that: they are large, and phones are far away."""

    def build_middleware_stack(self) -> ASGIApp:
        return GZipMiddleware(super().build_middleware_stack(), minimum_size=_WORTH_COMPRESSING, compresslevel=6)


class _Files(StaticFiles):
    """Files at addresses that have the version in them, and so never change."""

    async def get_response(self, path: str, scope: Any) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = _FOR_EVER
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


class Dashboard:
    """The pages. `app` answers with them; left, it asks the services nothing more."""

    def __init__(
        self, clients: Mapping[str, httpx.AsyncClient], settings: DashboardSettings, service: ServiceSettings
    ) -> None:
        """Ask the services over a client each, by name, whose base is the service's own address."""
        self._services = Services(clients, settings.answers)
        pages = Pages(settings.plan_language)
        projector = Projector(self._services)
        shells = Shells(self._services, projector, settings.notice_timeout)
        registry = CollectorRegistry()
        self.app = _App(
            title="dashboard",
            description="The page that people look at.",
            registry=registry,
            components={},
            lifespan=self._lifespan,
            tell=ProblemPage(pages, shells).tell,
        )
        events = Events(self._services)
        types = EventTypes(self._services)
        form = FormPage(pages, shells, self._services, types, events, settings)
        for path, page in (
            *Exports(pages, shells, self._services, settings.export_rows).addresses(),
            ("/", ScorecardPage(pages, shells, projector)),
            ("/compare", ComparePage(pages, shells, projector, events)),
            *desk(pages, shells, self._services),
            ("/services", ServicesPage(pages, shells)),
            ("/enter", EnterPage(pages, shells, types)),
            ("/enter/{type}", form),
            ("/enter/templates/{file}", SpreadsheetTemplates(pages)),
            ("/recorded/{log}/{sequence:int}", RecordedPage(pages, shells, projector, events)),
            ("/kpis/{id}", KpiPage(pages, shells, projector)),
            ("/kpis/{id}/history", HistoryPage(pages, shells, projector, events, settings)),
            ("/kpis/{id}/evidence", EvidencePage(pages, shells, projector)),
            ("/events/{log}/{sequence:int}", EventPage(pages, shells, events)),
        ):
            self._add_page(path, page)
        self._add_page("/enter/{type}", form, "POST")
        self.app.mount(f"/static/{VERSION}", _Files(packages=[("dashboard", "static")]))
        checks = {name: partial(self._services.ready, name) for name in clients}
        self.app.add_health(Health(checks, service.readiness_timeout, registry))

    def _add_page(self, path: str, page: Any, *methods: str) -> None:
        async def endpoint(request: Request) -> Response:
            response: Response = await page(request)
            return response

        self.app.add_api_route(
            path, endpoint, methods=[*(methods or ("GET", "HEAD"))], include_in_schema=False, response_class=Response
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._services.aclose()

    @asynccontextmanager
    async def _lifespan(self, app: Any) -> AsyncIterator[None]:
        async with self:
            yield


def within(services: Mapping[str, ASGIApp], settings: DashboardSettings) -> dict[str, httpx.AsyncClient]:
    """Return clients of services that run in this process."""
    return {
        name: httpx.AsyncClient(
            transport=httpx.ASGITransport(service, raise_app_exceptions=False),
            base_url=f"http://{name}/",
            timeout=settings.answer_timeout,
        )
        for name, service in services.items()
    }


def _over_addresses(where: ServiceAddressSettings, settings: DashboardSettings) -> dict[str, httpx.AsyncClient]:
    return {
        name: httpx.AsyncClient(
            base_url=getattr(where, name.replace("-", "_")),
            timeout=httpx.Timeout(settings.answer_timeout, connect=where.connect_timeout),
            limits=httpx.Limits(max_connections=where.connections),
            trust_env=False,  # the services are neighbours: no proxy stands between
        )
        for name in (*LOG_NAMES, PROJECTOR)
    }


def app() -> FastAPI:
    """Return the app set up from the environment."""

    def put_together() -> FastAPI:
        settings = DashboardSettings()
        return Dashboard(_over_addresses(ServiceAddressSettings(), settings), settings, ServiceSettings()).app

    return program(put_together, SETTINGS)
