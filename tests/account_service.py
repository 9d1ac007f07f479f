"""The service of a log of accounts, for whoever asks a log over HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from prometheus_client import CollectorRegistry

from accounts import EVENT_TYPES
from wco_common.log_api import LogApi
from wco_common.log_closing import add_closing
from wco_common.log_metrics import LogMetrics
from wco_common.service_app import ServiceApp
from wco_common.sql_log import SqlLog

ADDRESS = "http://accounts.test"


@asynccontextmanager
async def asked(log: SqlLog, *, ahead: float = 5) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client, in memory, of the service of a log."""
    registry = CollectorRegistry()
    app = ServiceApp(title="accounts", description="", registry=registry, components={}, lifespan=_nothing)
    api = LogApi(log.name, lambda: log, list(EVENT_TYPES.values()), 1_000_000, LogMetrics(registry))
    app.add_read("/v1/events", api.get_events, "Read the log in order", {})
    add_closing(app, log.name, lambda: log, ahead)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ADDRESS) as client:
        yield client


@asynccontextmanager
async def _nothing(app: Any) -> AsyncIterator[None]:
    yield
