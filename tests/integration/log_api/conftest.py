"""A log service in this process, on a SQLite file of its own, and a client of it."""

import itertools
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from integration.log_api.requesting import Make
from operations_feed.decide import OperationsFeedDecider
from wco_common.log_service import LogService
from wco_common.settings import LogSettings


@pytest.fixture
async def service(sqlite_url: str) -> AsyncIterator[LogService]:
    settings = LogSettings(database_url=sqlite_url, readiness_timeout=60)
    async with LogService("operations-feed", OperationsFeedDecider(), settings) as running:
        yield running


@pytest.fixture
async def client(service: LogService) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=service.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://operations-feed.test") as client:
        yield client


@pytest.fixture
def launched() -> Make:
    """Makes events that launch an operation each; what is given replaces attributes, `data` is merged."""
    numbers = itertools.count(1)

    def make(data: dict[str, Any] | None = None, **attributes: Any) -> dict[str, Any]:
        number = next(numbers)
        return {
            "specversion": "1.0",
            "id": f"launch-{number}",
            "source": "/operations",
            "type": "org.wcoomd.operation.launched.v1",
            "subject": f"op{number}",
            "data": {
                "title": f"Operation {number}",
                "starts_on": "2024-01-01",
                "ends_on": "2024-01-31",
                "participants": ["FRA"],
            }
            | (data or {}),
        } | attributes

    return make
