"""A log service with its lists, in this process, on each kind of database, and a client of it."""

import itertools
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import httpx
import pytest

from folding import CATALOGUE
from settable_clock import SettableClock
from wco_common.lists.settings import ListsSettings
from wco_common.log_service import LogService
from wco_common.settings import LogSettings
from wco_embedded.logs import LOGS
from wco_events.event_type import LogName

Serving = Callable[..., AbstractAsyncContextManager["Lists"]]

PATIENCE = 60.0
_numbers = itertools.count(1)


class Lists:
    """A log service's lists, asked over HTTP."""

    def __init__(self, log: LogName, service: LogService, client: httpx.AsyncClient) -> None:
        self.log = log
        self.service = service
        self.client = client
        self.sequence = 0

    async def post(self, name: str, subject: str, **data: Any) -> None:
        """Post an event."""
        await self.post_at_once((name, subject, data))

    async def post_at_once(self, *events: tuple[str, str, dict[str, Any]]) -> None:
        """Post events that are recorded in one commit."""
        batch = [
            {
                "specversion": "1.0",
                "id": f"posted-{next(_numbers)}",
                "source": "urn:example:tests",
                "type": f"org.wcoomd.{name}.v1",
                "subject": subject,
                "data": data,
            }
            for name, subject, data in events
        ]
        headers = {"content-type": "application/cloudevents-batch+json"}
        answer = await self.client.post("/v1/events", content=json.dumps(batch), headers=headers)
        assert answer.status_code == 201, answer.text
        self.sequence = answer.json()["events"][-1]["sequence"]

    async def answer(self, path: str, **query: str) -> httpx.Response:
        """Ask for a list with all that was posted in it."""
        return await self.client.get(path, params={"after": f"{self.log}:{self.sequence}"} | query)

    async def get(self, path: str, **query: str) -> Any:
        """Ask for a list with all that was posted in it, and return the answer's JSON."""
        answer = await self.answer(path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def pages(self, path: str, name: str, **query: str) -> list[list[dict[str, Any]]]:
        """Return every page of a list, by the links between them, there and back."""
        answer = await self.answer(path, **query)
        pages = [answer.json()[name]]
        while "next" in answer.links:
            answer = await self.client.get(str(answer.url.join(answer.links["next"]["url"])))
            assert answer.status_code == 200, answer.text
            pages.append(answer.json()[name])
        back = [pages[-1]]
        while "prev" in answer.links:
            answer = await self.client.get(str(answer.url.join(answer.links["prev"]["url"])))
            assert answer.status_code == 200, answer.text
            back.insert(0, answer.json()[name])
        assert back == pages, "the way back leads over other pages than the way there"
        return pages


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock("2023-01-01T12:00:00Z")


@pytest.fixture
def serving(database_url: str, clock: SettableClock) -> Serving:
    """Serves a log with its lists in a database, by a clock."""

    @asynccontextmanager
    async def serve(log: LogName, **settings: Any) -> AsyncIterator[Lists]:
        parts = LOGS[log]
        async with (
            LogService(
                log,
                parts.decider(),
                LogSettings(database_url=database_url),
                clock=clock,
                lists=parts.lists,
                listing=ListsSettings(**{"wait": PATIENCE} | settings),
            ) as service,
            httpx.AsyncClient(transport=httpx.ASGITransport(service.app), base_url="http://lists.test") as client,
        ):
            yield Lists(log, service, client)

    return serve


@pytest.fixture
async def registry(serving: Serving) -> AsyncIterator[Lists]:
    """plan-registry, with the catalogue adopted."""
    async with serving("plan-registry") as lists:
        await adopt(lists)
        yield lists


async def adopt(lists: Lists) -> None:
    await lists.post("plan.adopted", "sp-2022-2025", **json.loads(CATALOGUE.read_bytes()))
