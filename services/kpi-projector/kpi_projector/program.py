"""The projector as a program of its own, on Kafka: `uvicorn --factory kpi_projector.program:app`."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from prometheus_client import CollectorRegistry
from starlette.types import ASGIApp

from kpi_projector.app import Beside, KpiProjector
from kpi_projector.folded_log import FoldedLogs
from kpi_projector.quarantine import SqlQuarantine
from kpi_projector.serving import Serving, state_of
from kpi_projector.settings import ProjectorSettings
from kpi_projector.turns import SharedTurns
from wco_common.clock import SystemClock
from wco_common.endable_streams import EndableStreams
from wco_common.engine import DatabaseSettings, create_engine
from wco_common.kafka import KafkaSettings
from wco_common.kafka_log import KafkaLog
from wco_common.kafka_log_metrics import KafkaLogMetrics
from wco_common.lease import LeaseSettings
from wco_common.log_client import LogClient, LogClientSettings, http_client
from wco_common.marks import Marks
from wco_common.program import program
from wco_common.span_export import NOT_EXPORTED, SpanExport, exporting
from wco_events.event_type import LOG_NAMES

SETTINGS = (ProjectorSettings, DatabaseSettings, KafkaSettings, LogClientSettings, LeaseSettings)
"""All that the program reads from the environment."""

FRESHNESS = 0.2
"""Seconds, where nothing else is set: relays close the logs each 0.1 s, so a reader need not, and waits for nobody.

What is asked of a log here comes back by a mark, the next of which comes without it (docs/decisions/0006).
"""

_CONNECTIONS = {"pool_size": 2, "pool_overflow": 2}
"""Of turns and of what is set aside. They are their own: a rush of questions must not cost an instance its turns."""


def projector(
    settings: ProjectorSettings,
    database: DatabaseSettings,
    kafka: KafkaSettings,
    logs: LogClientSettings,
    lease: LeaseSettings,
    spans: SpanExport = NOT_EXPORTED,
) -> KpiProjector:
    """Put together one of several instances that share the logs."""
    if "freshness" not in settings.model_fields_set:
        settings = settings.model_copy(update={"freshness": FRESHNESS})
    registry = CollectorRegistry()
    metrics = KafkaLogMetrics(registry)
    state = state_of(settings)
    few = database.model_copy(update=_CONNECTIONS)
    engine = create_engine(settings.database_url, few, "" if state is None else f"{state.schema}, public")
    quarantine, folded_logs = SqlQuarantine(engine), FoldedLogs(engine)
    marks = Marks(kafka, quarantine, settings.retry)
    turns = SharedTurns(engine, lease, marks.heard, settings.start_wait)
    http = {log: http_client(log, logs) for log in LOG_NAMES}
    clients = {log: LogClient(log, http[log]) for log in LOG_NAMES}
    followed = [
        KafkaLog(log, kafka, marks, clients[log], quarantine, folded_logs.folded_log, metrics, logs.mark_timeout)
        for log in LOG_NAMES
    ]

    @asynccontextmanager
    async def running() -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.push_async_callback(engine.dispose)
            for log in LOG_NAMES:
                await stack.enter_async_context(http[log])
            await stack.enter_async_context(marks)
            for each in followed:
                stack.push_async_callback(each.aclose)
            await stack.enter_async_context(turns)
            yield

    logs_by_name = {log.name: log for log in followed}
    beside = Beside(
        turns,
        {log: clients[log].close for log in LOG_NAMES},
        running,
        registry,
        schema="" if state is None else state.schema,
        serving=None if state is None else partial(Serving, engine, state, logs_by_name, every=settings.beat_every),
        spans=spans,
    )
    return KpiProjector(followed, SystemClock(settings.clock_leap), settings, database, beside)


def app() -> ASGIApp:
    """Return the app set up from the environment, entered and left by the server that runs it."""
    served = program(
        exporting(
            lambda spans: (
                projector(
                    ProjectorSettings(),
                    DatabaseSettings(),
                    KafkaSettings(),
                    LogClientSettings(),
                    LeaseSettings(),
                    spans,
                ).app
            )
        ),
        SETTINGS,
    )
    return EndableStreams(served)
