"""All services in one process, on SQLite files in one directory."""

import asyncio
import socket
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass

import uvloop
from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp

from dashboard.app import Dashboard, within
from dashboard.settings import DashboardSettings
from kpi_projector.app import Beside, KpiProjector
from kpi_projector.settings import ProjectorSettings
from wco_common.bundle import read_manifest
from wco_common.clock import SystemClock
from wco_common.collector import spare_what_stays
from wco_common.settings import LogSettings, ServiceSettings
from wco_common.span_export import OtelSettings, span_export
from wco_common.sql_log import SqlLog
from wco_embedded.announce import announce
from wco_embedded.beginning import Beginning, demonstration
from wco_embedded.catalogue import adopt
from wco_embedded.directory import DEMONSTRATION, DataDirectory
from wco_embedded.environment import log_for_a_person, look_through_environment
from wco_embedded.fill import fill, prepare_empty
from wco_embedded.front import front
from wco_embedded.logs import LOGS
from wco_embedded.port import HOST
from wco_embedded.progress import progress_bar
from wco_embedded.refusal import Refusal
from wco_embedded.services import PROJECTOR
from wco_embedded.serving import Server, Signals
from wco_embedded.settings import CommandSettings
from wco_events.event_type import LOG_NAMES


@dataclass(frozen=True, slots=True)
class _Running:
    """What runs in the process."""

    logs: list[SqlLog]
    projector: KpiProjector
    app: ASGIApp
    plan: str | None


def serve(directory: DataDirectory, listener: socket.socket, beginning: Beginning) -> None:
    """Serve at a socket until Ctrl-C or SIGTERM."""
    look_through_environment()
    log_for_a_person()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        try:
            runner.run(_until_stopped(directory, listener, beginning))
        except (SQLAlchemyError, CommandError) as error:
            reason = str(error).partition("\n")[0]
            raise Refusal(f"the databases in {directory.path} cannot be used: {reason}") from None


async def _until_stopped(directory: DataDirectory, listener: socket.socket, beginning: Beginning) -> None:
    async with AsyncExitStack() as stack:
        starting = asyncio.create_task(_start(directory, beginning, stack))
        with Signals(starting.cancel) as signals, suppress(asyncio.CancelledError):
            running = await starting
            spare_what_stays()
            server = Server(running.app, CommandSettings())
            signals.stop = server.stop
            async with asyncio.TaskGroup() as tasks:
                announcing = tasks.create_task(_announce(running, server, listener, directory))
                await server.serve([listener])
                announcing.cancel()


async def _start(directory: DataDirectory, beginning: Beginning, stack: AsyncExitStack) -> _Running:
    """Open every service; `stack` closes them, the last opened first."""
    await _begin(directory, beginning.demo)
    settings = ServiceSettings()
    spans = span_export(OtelSettings(), settings.spans_timeout)
    stack.push_async_callback(spans.aclose)
    log_settings = {log: LogSettings(database_url=directory.url(log)) for log in LOGS}
    services = [await stack.enter_async_context(parts.service(log_settings[log], spans)) for log, parts in LOGS.items()]
    logs = [service.log for service in services]
    plan = await adopt(logs[0], beginning.plan)
    clock = SystemClock(log_settings["plan-registry"].clock_leap)
    projector = await stack.enter_async_context(
        KpiProjector(logs, clock, ProjectorSettings(database_url=directory.url(PROJECTOR)), beside=Beside(spans=spans))
    )
    apps: dict[str, ASGIApp] = {log.name: service.app for log, service in zip(logs, services, strict=True)}
    apps[PROJECTOR] = projector.app
    looks = DashboardSettings()
    dashboard = await stack.enter_async_context(Dashboard(within(apps, looks), looks, settings))
    return _Running(logs, projector, front(apps, dashboard.app, 2 * settings.readiness_timeout), plan)


async def _begin(directory: DataDirectory, demo: bool) -> None:
    """Put the demonstration into a directory that is new, or whose demonstration was broken off."""
    if demo and (directory.is_new or directory.restoring):
        folder = demonstration()
        databases = {log: directory.url(log) for log in LOG_NAMES}
        with directory.filling(DEMONSTRATION):
            await prepare_empty(databases)
            await fill(folder, read_manifest(folder), databases)
    elif directory.restoring:
        directory.empty()


async def _announce(running: _Running, server: Server, listener: socket.socket, directory: DataDirectory) -> None:
    """Say where it answers, once it does and all that is recorded is folded."""
    await server.listening.wait()
    await _caught_up(running)
    announce(f"http://{HOST}:{listener.getsockname()[1]}", directory.path, running.plan)


async def _caught_up(running: _Running) -> None:
    """Return when the fold has what the logs had on entry, or stands still, which /readyz explains."""
    progress = running.projector.progress
    heads = {log.name: (await log.head()).sequence for log in running.logs}
    folded = sum(progress.positions.values())
    with progress_bar("Folding", sum(heads.values()) - folded) as advance:
        while not progress.stopped and any(progress.positions[log] < heads[log] for log in heads):
            await progress.moved()
            advance(sum(progress.positions.values()) - folded)
            folded = sum(progress.positions.values())
