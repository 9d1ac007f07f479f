"""Where the projector is put together: logs and a clock come from outside, everything else is made here."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from types import TracebackType
from typing import Any, Self

import structlog
from prometheus_client import CollectorRegistry, Gauge

from kpi_projector.answers import Answers
from kpi_projector.api import Api
from kpi_projector.follow import follow
from kpi_projector.heartbeats import Ask, Heartbeats
from kpi_projector.listings import Listings
from kpi_projector.migrate import upgrade
from kpi_projector.moments import Moments
from kpi_projector.openapi import COMPONENTS, STREAM_ANSWER, STREAM_PARAMETERS
from kpi_projector.pages import Pages
from kpi_projector.progress import Progress
from kpi_projector.quarantine import QuarantineApi, SqlQuarantine
from kpi_projector.serving import Serving
from kpi_projector.settings import ProjectorSettings
from kpi_projector.spans import Spans
from kpi_projector.state import SqlState
from kpi_projector.stream import Stream
from kpi_projector.turns import EVERY_TURN, Turns
from wco_common.clock import Clock
from wco_common.ending import end
from wco_common.engine import DatabaseSettings, create_engine
from wco_common.health import Health
from wco_common.log import Log
from wco_common.problem import NotFound, NotReached, PlanNotAdopted, TooManyRequests
from wco_common.service_app import ServiceApp
from wco_common.span_export import NOT_EXPORTED, SpanExport
from wco_events.event_type import LogName

_log = structlog.get_logger(__name__)

_NAME = "kpi-projector"


@asynccontextmanager
async def _nothing() -> AsyncIterator[None]:
    yield


@dataclass(frozen=True)
class Beside:
    """What an instance has beside it: others with which it shares the logs, and services that the logs are of.

    `asks` are for heartbeats; without them what a log says here is what it says itself. `running` has to run for the
    logs to be followed; it is entered once the database is migrated. `schema` is that of the state's tables, where
    there may be several states beside each other, and `serving` says which of them answers.
    """

    turns: Turns = EVERY_TURN
    asks: Mapping[LogName, Ask] = field(default_factory=dict)
    running: Callable[[], AbstractAsyncContextManager[None]] = _nothing
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    schema: str = ""
    serving: Callable[[Progress], Serving] | None = None
    spans: SpanExport = NOT_EXPORTED


class KpiProjector:
    """Follows the logs, folds them, and answers. Entered, it migrates its database and follows; left, it stops."""

    def __init__(
        self,
        logs: Sequence[Log],
        clock: Clock,
        settings: ProjectorSettings,
        database: DatabaseSettings | None = None,
        beside: Beside | None = None,
    ) -> None:
        self._settings = settings
        self._beside = beside = beside or Beside()
        self._logs = logs
        self._database = database or DatabaseSettings()
        self._engine = create_engine(settings.database_url, self._database, beside.schema)
        self.state = SqlState(
            self._engine,
            self._database,
            cells_remembered=settings.cells_remembered,
            totals_known=settings.totals_known,
        )
        self.progress = Progress(logs)
        self.moments = Moments(logs, self.state, self.progress, clock, settings)
        tracing = beside.spans.of(_NAME)
        self._spans = Spans(tracing)
        self.answers = Answers(self.state, settings.stretch, boards=settings.boards, spans=self._spans)
        self._listings = Listings(
            self.answers, self.state, kept=settings.listings, first_stretch=settings.first_stretch
        )
        self._stream = Stream(self.moments, self.answers, settings, self._spans)
        self._running = AsyncExitStack()
        quarantine = SqlQuarantine(self._engine)
        asks = {log.name: beside.asks.get(log.name, log.head) for log in logs}
        self.heartbeats = Heartbeats(asks, self.progress, quarantine, settings.beat_every)
        self.serving = None if beside.serving is None else beside.serving(self.progress)
        registry = beside.registry
        self._measure(registry)
        self.heartbeats.measure(registry)
        self.app = ServiceApp(
            title=_NAME,
            description="The KPIs of the strategic plan, now and at any past moment.",
            registry=registry,
            components=COMPONENTS,
            lifespan=self._lifespan,
            tracing=tracing,
        )
        Api(self.moments, self.answers, Pages(self.moments, self.answers, self._listings, self.state)).add_to(self.app)
        self.app.add_read(
            "/v1/stream",
            self._stream.listen,
            "KPIs as they change",
            STREAM_ANSWER,
            NotFound,
            PlanNotAdopted,
            TooManyRequests,
            NotReached,
            parameters=STREAM_PARAMETERS,
        )
        QuarantineApi(quarantine).add_to(self.app)
        checks = {"fold": self._hindrance, "answers": self._staleness, "state": self._replaced}
        self.app.add_operations(Health(checks, settings.health_timeout, registry, self._tells))

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self._engine.dispose)
            stack.push_async_callback(self.state.aclose)
            await upgrade(self._settings.database_url, self._database, self._beside.schema)
            if await self.state.begin_anew_after_another_fold():
                _log.warning("the state was made by another version of the fold; the logs are folded anew")
            await stack.enter_async_context(self._beside.running())
            for log in self._logs:
                following = asyncio.create_task(
                    follow(
                        log,
                        self.state,
                        self.progress,
                        batch=self._settings.fold_batch,
                        retry=self._settings.retry,
                        turns=self._beside.turns,
                        look_every=self._settings.look_every,
                        fold_every=self._settings.fold_every,
                        spans=self._spans,
                    ),
                    name=f"follow {log.name}",
                )
                stack.push_async_callback(end, following)
            await stack.enter_async_context(self.heartbeats)
            if self.serving is not None:
                await stack.enter_async_context(self.serving)
            stack.push_async_callback(self.progress.stop_closing)
            stack.push_async_callback(self.answers.stop)
            stack.push_async_callback(self._listings.stop)
            stack.push_async_callback(self._stream.stop)
            self._running = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._running.aclose()

    @asynccontextmanager
    async def _lifespan(self, app: Any) -> AsyncIterator[None]:
        async with self:
            yield

    async def _hindrance(self) -> str | None:
        """Say which logs the fold stands still at."""
        stopped = [f"{log}: {reason}" for log, reason in self.progress.stopped.items()]
        return "stands still at " + "; ".join(stopped) if stopped else None

    async def _staleness(self) -> str | None:
        """Say which logs answers are too far behind."""
        return self.heartbeats.hindrance(self._settings.stale_after)

    async def _replaced(self) -> str | None:
        """Say whether another state answers, and how much of it this one has."""
        return None if self.serving is None else self.serving.hindrance()

    def _tells(self) -> dict[str, object]:
        return {"fold": self.heartbeats.tells()}

    def _measure(self, registry: CollectorRegistry) -> None:
        positions = Gauge("wco_kpi_fold_position", "The last sequence folded.", ["log"], registry=registry)
        age = "How long ago the log was closed, and folded up to there."
        settled = Gauge("wco_kpi_fold_settled_age_seconds", age, ["log"], registry=registry)
        turn = Gauge("wco_kpi_fold_turn", "1 where this instance folds the log.", ["log"], registry=registry)
        if self.serving is not None:
            self.serving.measure(registry)
        for log in self._logs:
            turn.labels(log.name).set_function(partial(self._beside.turns.has, log.name))
            positions.labels(log.name).set_function(partial(self._position, log.name))
            settled.labels(log.name).set_function(partial(self._age, log.name))

    def _position(self, log: LogName) -> float:
        return self.progress.positions[log]

    def _age(self, log: LogName) -> float:
        return time.time() - self.progress.settled[log] / 1_000_000
