"""`wco-kpi cluster`: PostgreSQL, Kafka, every service as a program of its own, and one address in front of them."""

import asyncio
from collections.abc import Coroutine, Mapping
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any

import httpx
import uvloop

from wco_cluster.databases import prepare, usable
from wco_cluster.environment import look_through_environment
from wco_cluster.kafka import kafka
from wco_cluster.part import PartFailed, free_port
from wco_cluster.postgres import postgres, postgres_url
from wco_cluster.programs import Via, databases, directly, programs
from wco_cluster.settings import ClusterSettings, ReaderSettings
from wco_cluster.supervising import Supervisor
from wco_embedded.announce import announce
from wco_embedded.beginning import Beginning
from wco_embedded.directory import held
from wco_embedded.environment import log_for_a_person
from wco_embedded.port import HOST, bound
from wco_embedded.progress import progress_bar
from wco_embedded.refusal import Refusal
from wco_embedded.services import PROJECTOR
from wco_embedded.serving import Signals
from wco_events.event_type import LOG_NAMES

_POSTGRES, _KAFKA = "postgres", "kafka"


def run(port: int, data_dir: Path, beginning: Beginning) -> None:
    """Have a cluster run until Ctrl-C or SIGTERM, with all that it keeps in a folder. Raises Refusal."""
    look_through_environment()
    # The lock comes first: what a second start is to be told is that there is a first.
    with held(data_dir, {_POSTGRES}, "cluster") as folder:
        with bound(port):
            """It is free; who listens at it is the proxy, later."""
        settings, common = ClusterSettings(), {"WCO_KPI_LOG_LEVEL": log_for_a_person().log_level}
        try:
            cluster = Cluster(folder, settings, port or free_port(), common)
            with usable(str(folder / _POSTGRES)), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(cluster.until_stopped(beginning))
        except PartFailed as failed:
            raise Refusal(f"{failed}") from None


class Cluster:
    """The parts in a folder, in the order in which they need each other."""

    def __init__(
        self, folder: Path, settings: ClusterSettings, port: int, common: Mapping[str, str], via: Via = directly
    ) -> None:
        """Prepare them, which blocks for some seconds the first time. `common` is told to all, `port` is the proxy's.

        Services reach PostgreSQL on ways of their own, `postgres/{service}`, and Kafka on one. Raises Refusal,
        PartFailed.
        """
        self._folder = folder
        self._settings = settings
        self._postgres = postgres(folder / _POSTGRES, settings)
        at = free_port()
        reached_at = via(_KAFKA, at)
        self._kafka = kafka(folder / _KAFKA, settings, at, reached_at=reached_at)
        self._server = postgres_url(folder / _POSTGRES, self._postgres.port)
        self._databases = databases(self._server, via)
        self.programs = programs(folder, self._databases, f"{HOST}:{reached_at}", port, common)
        self.address = f"http://{HOST}:{port}"
        self.supervisor = Supervisor(settings, folder / "parts.json")

    async def until_stopped(self, beginning: Beginning) -> None:
        """Start all, say where it answers, and stop all in order, however it ends."""
        running: asyncio.Task[None] | None = None
        with Signals(lambda: running and running.cancel()):
            async with AsyncExitStack() as stack:
                running = asyncio.create_task(self._run(stack, beginning))
                with suppress(asyncio.CancelledError):
                    await running

    async def start(self, stack: AsyncExitStack, beginning: Beginning) -> str | None:
        """Start all, to be stopped in order with the stack; return the id of the adopted plan once all is folded."""
        stack.push_async_callback(self.supervisor.stop, self._postgres, self._kafka)
        plan: str | None
        plan, _ = await _side_by_side(self._databases_prepared(beginning), self.supervisor.start(self._kafka))
        stack.push_async_callback(self.supervisor.stop, *self.programs.services)
        await _side_by_side(*map(self.supervisor.start, self.programs.services))
        stack.push_async_callback(self.supervisor.stop, self.programs.proxy)
        await self.supervisor.start(self.programs.proxy)
        # It ends its streams first, while there is somebody to pass on that they end.
        streaming = [part for part in self.programs.services if part.name == PROJECTOR]
        stack.push_async_callback(self.supervisor.stop, *streaming)
        await self._caught_up()
        return plan

    async def _run(self, stack: AsyncExitStack, beginning: Beginning) -> None:
        plan = await self.start(stack, beginning)
        announce(self.address, self._folder, plan)
        await self.supervisor.keep()

    async def _databases_prepared(self, beginning: Beginning) -> str | None:
        await self.supervisor.start(self._postgres)
        return await prepare(self._server, self._databases, beginning, ReaderSettings())

    async def _caught_up(self) -> None:
        """Return when the fold has what the logs have now, or has not come to it in time, which /readyz explains."""
        with suppress(TimeoutError), progress_bar("Folding", None):
            async with (
                asyncio.timeout(self._settings.start_timeout),
                httpx.AsyncClient(
                    base_url=self.address, timeout=self._settings.start_timeout, trust_env=False
                ) as client,
            ):
                for log in LOG_NAMES:
                    while not await _is_folded(client, log):  # noqa: ASYNC110
                        await asyncio.sleep(self._settings.look_every)


async def _is_folded(client: httpx.AsyncClient, log: str) -> bool:
    """Say whether all of a log is in the answers. It waits for that as long as the projector does."""
    try:
        head = await client.get(f"/{log}/v1/head")
        if not head.is_success or not (sequence := head.json()["sequence"]):
            return head.is_success
        answer = await client.get(f"/{PROJECTOR}/v1/plan", params={"after": f"{log}:{sequence}"})
    except httpx.HTTPError:
        return False
    return answer.is_success or answer.status_code == httpx.codes.NOT_FOUND  # that no plan is adopted is an answer


async def _side_by_side(*work: Coroutine[Any, Any, Any]) -> list[Any]:
    """Return the results of all, or raise what the first raises that fails, once all have ended."""
    tasks = [asyncio.create_task(one) for one in work]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
