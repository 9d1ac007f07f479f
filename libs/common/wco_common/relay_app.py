"""A relay put together, and as a program of its own: `uvicorn --factory wco_common.relay_app:app`."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from wco_common.clock import SystemClock
from wco_common.ending import end
from wco_common.engine import DatabaseSettings, create_engine
from wco_common.health import Health
from wco_common.kafka import KafkaSettings
from wco_common.lease import Lease, LeaseSettings
from wco_common.migrate import upgrade
from wco_common.program import program
from wco_common.relay import Relay, RelaySettings
from wco_common.relay_metrics import RelayMetrics
from wco_common.service_app import ServiceApp
from wco_common.settings import LogSettings
from wco_common.span_export import NOT_EXPORTED, SpanExport, exporting
from wco_common.tracing import UNTRACED, Tracing
from wco_common.writer import writer

SETTINGS = (LogSettings, DatabaseSettings, KafkaSettings, RelaySettings, LeaseSettings)
"""All that a relay reads from the environment."""

LEASE_NAME = "relay"
"""What the lease of the relays of a log is called in its database."""


@asynccontextmanager
async def relaying(
    log_settings: LogSettings,
    kafka: KafkaSettings,
    settings: RelaySettings,
    lease_settings: LeaseSettings | None = None,
    database: DatabaseSettings | None = None,
    tracing: Tracing = UNTRACED,
) -> AsyncIterator[Relay]:
    """Have a relay run that publishes a log whenever no other does."""
    database = database or DatabaseSettings()
    await upgrade(log_settings.database_url, settings.log, database)
    engine = create_engine(log_settings.database_url, database)
    writes = writer(engine, database)
    holder = f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}"
    lease = Lease(engine, LEASE_NAME, holder, lease_settings or LeaseSettings())
    relay = Relay(engine, writes, SystemClock(log_settings.clock_leap), lease, kafka, settings, tracing)
    running = asyncio.create_task(relay.run(), name=f"relay {settings.log}")
    try:
        yield relay
    finally:
        await end(running)
        await writes.aclose()
        await engine.dispose()


def relay_app(
    log_settings: LogSettings,
    kafka: KafkaSettings,
    settings: RelaySettings,
    lease_settings: LeaseSettings,
    database: DatabaseSettings | None = None,
    spans: SpanExport = NOT_EXPORTED,
) -> ServiceApp:
    """Return an app that has a relay run while it is served, and says how it is: /livez, /readyz and /metrics."""
    registry = CollectorRegistry()
    tracing = spans.of(f"relay-{settings.log}")
    relays: list[Relay] = []

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with relaying(log_settings, kafka, settings, lease_settings, database, tracing) as relay:
            relays.append(relay)
            metrics = RelayMetrics(settings.log, relay.heartbeat, registry)
            yield
        registry.unregister(metrics)
        relays.clear()

    async def hindrance() -> str | None:
        return relays[0].heartbeat.hindrance(settings.silence) if relays else "is not running"

    app = ServiceApp(
        title=f"relay of {settings.log}",
        description=f"Publishes the log {settings.log} to its Kafka topic.",
        registry=registry,
        components={},
        lifespan=lifespan,
    )
    app.add_operations(Health({"relay": hindrance}, log_settings.readiness_timeout, registry))
    return app


def app() -> FastAPI:
    """Return the app set up from the environment, its relay started and ended by the server that runs it."""
    return program(
        exporting(
            lambda spans: relay_app(LogSettings(), KafkaSettings(), RelaySettings(), LeaseSettings(), spans=spans)
        ),
        SETTINGS,
    )
