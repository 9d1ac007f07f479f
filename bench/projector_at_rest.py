"""A kpi-projector whose logs have come to their end: a bundle folded into SQLite, then served.

Arguments: the bundle, and a folder for the database.
"""

import asyncio
import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

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

    def __init__(self, name: LogName, sequence: int) -> None:
        self._name = name
        self._head = Head(sequence, wall_time())
        self._moved = asyncio.Event()

    @property
    def name(self) -> LogName:
        """The log's name."""
        return self._name

    async def read(self, after: int, limit: int) -> Sequence[Line]:
        """Return nothing: all is folded."""
        return ()

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


async def fold(bundle: Path, url: str) -> dict[LogName, int]:
    """Fold a bundle into a database, and return how many events each log has."""
    settings = DatabaseSettings()
    await upgrade(url, settings)
    engine = create_engine(url, settings)
    state = SqlState(engine, settings)
    counts: dict[LogName, int] = dict.fromkeys(LOG_NAMES, 0)
    size = sum((bundle / log_file(log)).stat().st_size for log in LOG_NAMES)
    with progress_bar("  folding into SQLite", size) as advance:
        for log in LOG_NAMES:
            with (bundle / log_file(log)).open("rb") as file:
                while lines := [line for _, line in zip(range(BATCH), file, strict=False)]:
                    await state.fold(log, counts[log], [decode_recorded(line) for line in lines])
                    counts[log] += len(lines)
                    advance(sum(map(len, lines)))
    await state.aclose()
    await engine.dispose()
    return counts


def app(url: str, counts: dict[LogName, int]) -> ASGIApp:
    """Return the projector's app."""
    logs = [RestingLog(log, count) for log, count in counts.items()]
    return KpiProjector(logs, SystemClock(leap=5), ProjectorSettings(database_url=url)).app


if __name__ == "__main__":
    database = f"sqlite+aiosqlite:///{Path(sys.argv[2]) / 'kpi-projector.sqlite'}"
    began = time.perf_counter()
    folded = asyncio.run(fold(Path(sys.argv[1]), database))
    rate = sum(folded.values()) / (time.perf_counter() - began)
    print(f"  folded {sum(folded.values()):,} events into SQLite at {rate:,.0f} a second", file=sys.stderr)
    serve(partial(app, database, folded))
