"""A log service put together: its log, its door, its addresses."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from types import TracebackType
from typing import Any, Self

from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from wco_common.append import AppendSettings
from wco_common.clock import Clock, ClockLeapt, SystemClock
from wco_common.decider import Decider
from wco_common.engine import DatabaseSettings
from wco_common.health import Health
from wco_common.lists.api import ListsApi
from wco_common.lists.following import measure_lists
from wco_common.lists.moments import ListMoments
from wco_common.lists.opened import Lists, OpenLists, open_lists, upgrade_lists
from wco_common.lists.settings import ListsSettings
from wco_common.log_api import LogApi
from wco_common.log_closing import add_closing
from wco_common.log_metrics import LogMetrics
from wco_common.log_openapi import components
from wco_common.log_routes import add_log_routes
from wco_common.migrate import upgrade
from wco_common.problem import Unavailable
from wco_common.program import program
from wco_common.service_app import ServiceApp
from wco_common.settings import LogSettings
from wco_common.span_export import NOT_EXPORTED, SpanExport, exporting
from wco_common.sql_log import SqlLog, open_log
from wco_events.event_type import LogName
from wco_events.registry import EVENT_TYPES_BY_LOG

SETTINGS = (LogSettings, DatabaseSettings, AppendSettings, ListsSettings)
"""All that a log service reads from the environment."""


class LogService:
    """The service of one log. Entered, it migrates its database and opens the log; left, it closes it.

    `app` answers for it, at the root or mounted under a prefix; run as a program of its own, the app's lifespan
    enters the service. `log` is there while the service is entered.
    """

    def __init__(
        self,
        name: LogName,
        decider: Decider,
        settings: LogSettings,
        *,
        clock: Clock | None = None,
        database: DatabaseSettings | None = None,
        append: AppendSettings | None = None,
        lists: Lists | None = None,
        listing: ListsSettings | None = None,
        spans: SpanExport = NOT_EXPORTED,
    ) -> None:
        """Serve the log of that name, whose rules are the decider's. Without a clock it asks the machine's.

        `lists` are made of it and answered beside it.
        """
        self._name = name
        self._decider = decider
        self._settings = settings
        self._clock = clock or SystemClock(settings.clock_leap)
        self._database = database or DatabaseSettings()
        self._append = append or AppendSettings()
        self._lists = lists
        self._listing = listing or ListsSettings()
        self._tracing = spans.of(name)
        self._log: SqlLog | None = None
        self._open_lists: OpenLists | None = None
        self._running = AsyncExitStack()
        registry = CollectorRegistry()
        self._metrics = LogMetrics(registry)
        self._metrics.watch(self._queue_length, self._closed_age)
        event_types = EVENT_TYPES_BY_LOG[name]
        self.app = ServiceApp(
            title=name,
            description=f"The log {name}: an append-only record of events, posted and read as CloudEvents.",
            registry=registry,
            components=components(name, event_types),
            lifespan=self._lifespan,
            tracing=self._tracing,
        )
        api = LogApi(name, lambda: self.log, event_types, settings.max_body, self._metrics, self._tracing)
        add_log_routes(self.app, api, event_types)
        add_closing(self.app, name, lambda: self.log, settings.clock_leap)
        if lists is not None:
            moments = ListMoments(name, lambda: self.lists, lambda: self.log, self._clock, self._listing.wait)
            ListsApi(moments).add_to(self.app, lists.listings, lists.items)
            measure_lists(registry, lambda: None if self._open_lists is None else self._open_lists.follower)
        health = Health({"log": self._hindrance}, settings.readiness_timeout, registry, self._tells)
        self.app.add_operations(health)

    @property
    def log(self) -> SqlLog:
        """The log. Raises Unavailable when the service is not entered."""
        if self._log is None:
            raise Unavailable(f"{self._name} is not open")
        return self._log

    @property
    def lists(self) -> OpenLists:
        """The lists. Raises Unavailable when the service is not entered."""
        if self._open_lists is None:
            raise Unavailable(f"the lists of {self._name} are not open")
        return self._open_lists

    async def __aenter__(self) -> Self:
        await upgrade(self._settings.database_url, self._name, self._database)
        async with AsyncExitStack() as stack:
            self._log = await stack.enter_async_context(
                open_log(
                    self._name,
                    self._settings.database_url,
                    self._decider,
                    self._clock,
                    database=self._database,
                    settings=self._append,
                    observe=self._metrics.committed,
                    tracing=self._tracing,
                )
            )
            if self._lists is not None:
                url = self._settings.database_url
                await upgrade_lists(url, self._lists, self._database)
                self._open_lists = await stack.enter_async_context(
                    open_lists(self._log, self._log.log_id, url, self._lists, self._database, self._listing)
                )
            self._running = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._running.aclose()
        self._log = self._open_lists = None

    @asynccontextmanager
    async def _lifespan(self, app: Any) -> AsyncIterator[None]:
        async with self:
            yield

    async def _hindrance(self) -> str | None:
        """Look whether the database answers, events may be recorded, and the clock can be trusted."""
        if (reason := await self.log.read_only()) is not None:
            return f"is read-only: {reason}"
        try:
            self._clock.now()
        except ClockLeapt as leapt:
            return str(leapt)
        return None

    def _tells(self) -> dict[str, object]:
        return {} if self._open_lists is None else {"lists": self._open_lists.follower.tells()}

    def _queue_length(self) -> float:
        return 0 if self._log is None else self._log.appender.events_waiting

    def _closed_age(self) -> float:
        return 0 if self._log is None else time.time() - self._log.latest.head.closed / 1_000_000


def alone(service: Callable[[LogSettings, SpanExport], LogService]) -> FastAPI:
    """Return the app of a service that is a program of its own, set up from the environment."""
    return program(exporting(lambda spans: service(LogSettings(), spans).app), SETTINGS)
