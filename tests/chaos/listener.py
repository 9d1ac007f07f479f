"""A listener: hears of each KPI as it changes, and goes on behind the last that it has heard when it is cut off."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

import httpx

from chaos.findings import Findings
from chaos.reader import PERIODS, Projector

SILENCE = 6.0
"""Seconds after which it takes a stream for broken: a comment comes each two, as the cluster is set up."""
TRY_AGAIN = 0.2
"""Seconds until it connects anew."""

Key = tuple[str, str]
"""A period, and a KPI's id."""


class Listener:
    """Knows of each KPI what the stream has said last."""

    def __init__(self, projectors: Sequence[Projector], findings: Findings) -> None:
        """Listen to one of the projectors after the other, each time that it is cut off."""
        self._projectors = projectors
        self._findings = findings
        self.kpis: dict[Key, Any] = {}
        self.heard = 0
        self.resumed = 0
        self._last = ""
        self.moved = asyncio.Event()
        """Is set when something was heard."""

    async def run(self) -> None:
        """Listen for ever."""
        for projector in itertools.cycle(self._projectors):
            try:
                await self._listen(projector)
            except (httpx.TransportError, TimeoutError):
                """It was cut off."""
            self.resumed += bool(self._last)
            await asyncio.sleep(TRY_AGAIN)

    async def _listen(self, projector: Projector) -> None:
        headers = {"last-event-id": self._last} if self._last else {}
        address = f"{projector.base}/v1/stream"
        async with projector.client.stream("GET", address, headers=headers, timeout=SILENCE) as answer:
            if answer.status_code not in {200, 503, 504}:
                self._findings.wrong(
                    f"the stream answers {answer.status_code} after {self._last}: {await answer.aread()!r}"
                )
            if answer.status_code == 200:
                if not self._last:
                    await self._begin(projector)
                async for name, told in _events(answer):
                    self._hear(name, told)

    async def _begin(self, projector: Projector) -> None:
        """Learn how things stand, while a stream that says what changes is open."""
        for period in PERIODS:
            answer = await projector.client.get(f"{projector.base}/v1/scorecard", params={"period": period})
            if answer.status_code != 200:
                raise TimeoutError
            self.kpis |= standing(period, answer.json())

    def _hear(self, name: str, told: dict[str, Any]) -> None:
        self.kpis[told["period"], told["kpi"]["id"]] = told["kpi"]
        self._last = name
        self.heard += 1
        self.moved.set()


def standing(period: str, scorecard: dict[str, Any]) -> dict[Key, Any]:
    """Return how each KPI stands, by a scorecard."""
    return {(period, kpi["id"]): kpi for kpi in scorecard["kpis"]}


async def _events(answer: httpx.Response) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    """Yield each event's id and data. One that is cut off in the middle is none."""
    fields: dict[str, str] = {}
    async for line in answer.aiter_lines():
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        else:
            if "data" in fields:
                yield fields["id"], json.loads(fields["data"])
            fields = {}
