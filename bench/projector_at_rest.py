"""A kpi-projector whose logs have come to their end: a bundle folded into a database, then served.

Arguments: the bundle, and the database's URL.
"""

import asyncio
import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from sqlalchemy import make_url
from starlette.types import ASGIApp

from kpi_projector.app import KpiProjector
from kpi_projector.migrate import upgrade
from kpi_projector.settings import ProjectorSettings
from kpi_projector.state import SqlState
from serving import serve
from wco_common.bundle import log_file
from wco_common.clock import SystemClock, wall_time
from wco_common.engine import DatabaseSettings, create_engine
from wco_common.event import decode_recorded
from wco_common.instant import Instant
from wco_common.log import Head, Line
from wco_embedded.progress import progress_bar
from wco_events.event_type import LOG_NAMES, LogName

BATCH = 1_000


class RestingLog:
    """A log that nobody posts to: only its time goes on, when it is asked to close."""

    def __init__(self, name: LogName, sequence: int, last: bytes) -> None:
        self._name = name
        self._last = Line(sequence, last)
        self._head = Head(sequence, wall_time())
        self._moved = asyncio.Event()

    @property
    def name(self) -> LogName:
        """The log's name."""
        return self._name

    @property
    def sequence(self) -> int:
        """How many events it has."""
        return self._head.sequence

    async def read(self, after: int, limit: int) -> Sequence[Line]:
        """Return the last event, by which a projector knows the log again; all is folded."""
        return [self._last][: self._last.sequence - after]

    async def head(self) -> Head:
        """Return the head."""
        return self._head

    async def close(self, least: Instant = 0) -> Head:
        """Close the time up to now."""
        self._head = Head(self._head.sequence, max(wall_time(), least))
        self._moved.set()
        self._moved = asyncio.Event()
        return self._head

    async def wait(self, head: Head) -> Head:
        """Return when the time has gone on."""
        while self._head == head:
            await self._moved.wait()
        return self._head


async def fold(bundle: Path, url: str) -> list[RestingLog]:
    """Fold a bundle into a database, and return its logs."""
    settings = DatabaseSettings()
    await upgrade(url, settings)
    engine = create_engine(url, settings)
    state = SqlState(engine, settings)
    logs: list[RestingLog] = []
    size = sum((bundle / log_file(log)).stat().st_size for log in LOG_NAMES)
    with progress_bar("  folding", size) as advance:
        for log in LOG_NAMES:
            count, last = 0, b""
            with (bundle / log_file(log)).open("rb") as file:
                while lines := [line for _, line in zip(range(BATCH), file, strict=False)]:
                    await state.fold(log, count, [decode_recorded(line) for line in lines])
                    count, last = count + len(lines), lines[-1].rstrip(b"\n")
                    advance(sum(map(len, lines)))
            logs.append(RestingLog(log, count, last))
    await state.aclose()
    await engine.dispose()
    return logs


def app(url: str, logs: list[RestingLog]) -> ASGIApp:
    """Return the projector's app."""
    # Of one moment is kept what was worked out: who asks about another one than the last asks as the first to do so.
    return KpiProjector(logs, SystemClock(leap=5), ProjectorSettings(database_url=url, boards=1)).app


if __name__ == "__main__":
    database = sys.argv[2]
    began = time.perf_counter()
    folded = asyncio.run(fold(Path(sys.argv[1]), database))
    events = sum(log.sequence for log in folded)
    rate = events / (time.perf_counter() - began)
    kind = make_url(database).get_backend_name()
    print(f"  folded {events:,} events into {kind} at {rate:,.0f} a second", file=sys.stderr)
    serve(partial(app, database, folded))
