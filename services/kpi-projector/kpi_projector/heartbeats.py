"""Heartbeats: how far the logs themselves are, asked for at every beat, and so how far behind the fold is.

What the fold has heard of a log says nothing of that: where nothing more is heard, there is no lag to be seen.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from types import TracebackType
from typing import Self

import structlog
from prometheus_client import CollectorRegistry, Gauge
from sqlalchemy.exc import SQLAlchemyError

from kpi_projector.progress import Progress
from kpi_projector.quarantine import SqlQuarantine
from wco_common.ending import end
from wco_common.instant import format_instant
from wco_common.log import Head
from wco_common.problem import Problem
from wco_events.event_type import LogName

_log = structlog.get_logger(__name__)

Ask = Callable[[], Awaitable[Head]]
"""Asks a log itself for its head."""

_SECOND = 1_000_000


class Heartbeats:
    """What the logs say of themselves. Entered, it asks them at every beat; left, it stops."""

    def __init__(
        self, asks: Mapping[LogName, Ask], progress: Progress, quarantine: SqlQuarantine, every: float
    ) -> None:
        """Ask the logs every so many seconds."""
        self._asks = asks
        self._progress = progress
        self._quarantine = quarantine
        self._every = every
        self._heads = {log: Head(0, 0) for log in asks}
        self._heard = dict.fromkeys(asks, time.monotonic())
        self._silent: dict[LogName, str] = {}
        self._set_aside: dict[str, int] = {}
        self._beating: asyncio.Task[None] | None = None

    @property
    def set_aside(self) -> int:
        """How many records are in quarantine."""
        return sum(self._set_aside.values())

    def lag_events(self, log: LogName) -> int:
        """Return how many events of a log are not folded, as of the last beat."""
        return max(0, self._heads[log].sequence - self._progress.positions[log])

    def lag_seconds(self, log: LogName) -> float:
        """Return how much of the time that a log had closed at the last beat is not in answers yet."""
        return max(0, self._heads[log].closed - self._progress.settled[log]) / _SECOND

    def silence(self, log: LogName) -> float:
        """Return for how many seconds a log has not said how far it is."""
        return time.monotonic() - self._heard[log]

    @property
    def holds_back(self) -> LogName | None:
        """The log that answers wait for: the one least settled, where that is behind what another is settled to."""
        settled = {log: self._progress.settled[log] for log in self._asks}
        last = min(settled, key=lambda log: settled[log])
        return last if settled[last] < max(settled.values()) else None

    def hindrance(self, most: float) -> str | None:
        """Return why answers are older than so many seconds, None where they are not."""
        behind = {log: lag for log in self._asks if (lag := self.lag_seconds(log)) > most}
        if not behind:
            return None
        return "is behind: " + "; ".join(
            f"{log} by {self.lag_events(log)} events and {lag:.0f} s" for log, lag in behind.items()
        )

    def tells(self) -> dict[str, object]:
        """Return what /readyz says of the fold."""
        return {
            "now": format_instant(self._progress.now),
            "held_back_by": self.holds_back,
            "logs": {
                log: {
                    "position": self._progress.positions[log],
                    "lag_events": self.lag_events(log),
                    "lag_seconds": self.lag_seconds(log),
                    "silent_seconds": round(self.silence(log), 3),
                }
                for log in self._asks
            },
            "quarantine": self.set_aside,
        }

    def measure(self, registry: CollectorRegistry) -> None:
        """Put all of it among the metrics."""
        events = Gauge("wco_kpi_fold_lag_events", "Events that are not folded.", ["log"], registry=registry)
        seconds = Gauge(
            "wco_kpi_fold_lag_seconds",
            "How much of the time that the log has closed is not in answers.",
            ["log"],
            registry=registry,
        )
        silence = Gauge(
            "wco_kpi_log_silence_seconds", "How long ago the log said how far it is.", ["log"], registry=registry
        )
        holds = Gauge(
            "wco_kpi_fold_holds_back", "1 for the log that answers of all logs wait for.", ["log"], registry=registry
        )
        for log in self._asks:
            events.labels(log).set_function(partial(self.lag_events, log))
            seconds.labels(log).set_function(partial(self.lag_seconds, log))
            silence.labels(log).set_function(partial(self.silence, log))
            holds.labels(log).set_function(partial(self._is_held_by, log))
        size = Gauge("wco_kpi_quarantine_records", "Records that are no events of their logs.", registry=registry)
        size.set_function(lambda: self.set_aside)

    async def __aenter__(self) -> Self:
        self._beating = asyncio.create_task(self._beat(), name="ask the logs")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._beating is not None:
            await end(self._beating)

    def _is_held_by(self, log: LogName) -> int:
        return int(self.holds_back == log)

    async def _beat(self) -> None:
        while True:
            await asyncio.gather(self._count(), *(self._ask(log) for log in self._asks))
            await asyncio.sleep(self._every)

    async def _ask(self, log: LogName) -> None:
        try:
            self._heads[log] = await self._asks[log]()
        except (Problem, SQLAlchemyError, OSError) as error:
            # Its message once, until it answers again.
            if (why := type(error).__name__) != self._silent.get(log):
                _log.warning("a log does not say how far it is", log=log, error=why, detail=str(error))
            self._silent[log] = why
        else:
            self._heard[log] = time.monotonic()
            self._silent.pop(log, None)

    async def _count(self) -> None:
        with suppress(SQLAlchemyError, OSError):
            self._set_aside = await self._quarantine.sizes()
