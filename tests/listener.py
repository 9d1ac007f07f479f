"""Whoever listens to the stream, over a real socket."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx

PATIENCE = 60
"""Seconds that a listener waits for what has to come; far more than it takes."""


class Listener:
    """What a listener reads, line by line; `events` are (id, data) in order."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self.comments = 0
        self._lines = response.aiter_lines()

    async def next(self) -> tuple[str, dict[str, Any]] | None:
        """Return the next event's id and data, or None where a comment comes first. Raises at the end."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(PATIENCE):
            while line := await anext(self._lines):
                name, _, value = line.partition(": ")
                fields[name] = value
        if "data" not in fields:
            self.comments += 1
            return None
        assert fields["event"] == "kpi"
        return fields["id"], json.loads(fields["data"])

    async def until(self, holds: Callable[[dict[str, Any]], bool]) -> tuple[str, dict[str, Any]]:
        """Return the first event whose data are looked for, whatever comes before."""
        while True:
            event = await self.next()
            if event is not None and holds(event[1]):
                return event


@asynccontextmanager
async def listening(address: str, last: str | None = None, **query: str) -> AsyncIterator[Listener]:
    headers = {} if last is None else {"last-event-id": last}
    async with (
        httpx.AsyncClient(base_url=address, timeout=PATIENCE) as client,
        client.stream("GET", "/kpi-projector/v1/stream", params=query, headers=headers) as response,
    ):
        assert response.status_code == 200
        yield Listener(response)
