"""Relays as programs of their own: killed at any moment, stopped and going on, one at work and another standing by."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from accounts import LOG, noted
from integration.relay.conftest import PATIENCE, Topics, hold, sequences, until
from wco_cluster.part import free_port
from wco_common.kafka import KafkaSettings
from wco_common.sql_log import SqlLog

LEASE_SECONDS = 3


class Program:
    """A relay that runs as a program."""

    def __init__(self, process: Process, port: int) -> None:
        self.process = process
        self._client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=PATIENCE)

    async def metrics(self) -> dict[str, float]:
        """Its metrics by name."""
        return {sample.name: sample.value for sample in await self._samples()}

    async def holder(self) -> str:
        """Who it says has the lease, once it has seen that somebody has."""
        holders: list[str] = []

        async def is_seen() -> bool:
            holders[:] = [sample.labels["holder"] for sample in await self._samples() if "holder" in sample.labels]
            return bool(holders)

        await self.becomes(is_seen)
        (holder,) = holders
        return holder

    async def _samples(self) -> list[Sample]:
        families = text_string_to_metric_families((await self._client.get("/metrics")).text)
        return [sample for family in families for sample in family.samples]

    async def status(self, address: str = "/readyz") -> int | None:
        """The status of an answer, None without one."""
        try:
            return (await self._client.get(address)).status_code
        except httpx.TransportError:
            return None

    async def becomes(self, what: Callable[[], Awaitable[bool]]) -> None:
        async def is_so() -> bool:
            assert self.process.returncode is None, "it ended"
            return await what()

        await until(is_so)

    async def is_active(self) -> bool:
        return await self.status() == 200 and (await self.metrics())["wco_kpi_relay_active"] == 1

    async def stands_by(self) -> bool:
        return await self.status() == 200 and (await self.metrics())["wco_kpi_relay_active"] == 0

    async def end(self, by: signal.Signals) -> int:
        """End it by a signal, if it runs, and return its exit status."""
        if self.process.returncode is None:
            self.process.send_signal(by)
        await self._client.aclose()
        async with asyncio.timeout(PATIENCE):
            return await self.process.wait()


Start = Callable[[], Awaitable[Program]]


@pytest.fixture
async def start(log_url: str, kafka_settings: KafkaSettings, tmp_path: Path) -> AsyncIterator[Start]:
    """Starts a relay as it is started in earnest; what still runs at the end of the test is killed."""
    programs: list[Program] = []
    environment = os.environ | {
        "WCO_KPI_DATABASE_URL": log_url,
        "WCO_KPI_KAFKA_BOOTSTRAP_SERVERS": kafka_settings.bootstrap_servers,
        "WCO_KPI_KAFKA_TOPIC_PREFIX": kafka_settings.topic_prefix,
        "WCO_KPI_RELAY_LOG": LOG,
        "WCO_KPI_LEASE_SECONDS": str(LEASE_SECONDS),
    }

    async def start() -> Program:
        port = free_port()
        served = ("--factory", "wco_common.relay_app:app", "--host", "127.0.0.1", "--port", str(port))
        with (tmp_path / f"relay-{len(programs)}.log").open("wb") as output:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "uvicorn", *served, env=environment, stdout=output, stderr=output
            )
        programs.append(Program(process, port))
        return programs[-1]

    yield start
    for program in programs:
        await program.end(signal.SIGKILL)


@asynccontextmanager
async def posting(log: SqlLog) -> AsyncIterator[None]:
    """Have events recorded all the while, some hundred a second."""

    async def post() -> None:
        while True:
            await log.appender.append([noted("n"), noted("m")])
            await asyncio.sleep(0.01)

    task = asyncio.create_task(post())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def published(topics: Topics, more_than: int) -> int:
    """Wait until the topic has more records than so many, and return how many."""

    async def is_there() -> bool:
        return len(await topics.events()) > more_than

    await until(is_there)
    return len(await topics.events())


async def all_published(log: SqlLog, topics: Topics, *, stopped: int = 0) -> None:
    """Wait for all that was recorded, and see that the topic has it and marks were true."""
    await topics.marked((await log.close()).sequence)
    await hold(log, topics, stopped=stopped)


async def test_a_relay_that_is_killed_again_and_again_leaves_every_event_in_order(
    log: SqlLog, start: Start, topics: Topics
) -> None:
    async with posting(log):
        count = 0
        for _ in range(3):
            program = await start()
            count = await published(topics, count + 50)
            assert await program.end(signal.SIGKILL) == -signal.SIGKILL
    await start()
    await all_published(log, topics)


async def test_one_publishes_and_another_takes_over_when_it_is_killed(
    log: SqlLog, start: Start, topics: Topics
) -> None:
    first = await start()
    await first.becomes(first.is_active)
    second = await start()
    await second.becomes(second.stands_by)
    holders = [await program.holder() for program in (first, second)]
    assert holders[0] == holders[1]
    async with posting(log):
        count = await published(topics, 0)
        await first.end(signal.SIGKILL)
        await second.becomes(second.is_active)
        await published(topics, count + 50)
    await all_published(log, topics)

    async def says_so() -> bool:
        lag = (await second.metrics()).get("wco_kpi_relay_lag_events")
        return lag == 0 and await second.holder() != holders[0]

    await second.becomes(says_so)  # it looks once a second


async def test_a_relay_that_is_told_to_end_hands_over_at_once(log: SqlLog, start: Start, topics: Topics) -> None:
    first = await start()
    await first.becomes(first.is_active)
    second = await start()
    await second.becomes(second.stands_by)
    async with posting(log):
        await published(topics, 0)
        assert await first.end(signal.SIGTERM) == -signal.SIGTERM  # which uvicorn passes on once all is closed
        await second.becomes(second.is_active)
    await all_published(log, topics)
    # Both knew where they were: nothing was sent twice.
    assert sequences(await topics.events()) == list(range(1, (await log.head()).sequence + 1))


async def test_a_relay_that_was_stopped_past_its_lease_stands_by_when_it_goes_on(
    log: SqlLog, start: Start, topics: Topics
) -> None:
    first = await start()
    await first.becomes(first.is_active)
    second = await start()
    await second.becomes(second.stands_by)
    async with posting(log):
        count = await published(topics, 0)
        first.process.send_signal(signal.SIGSTOP)
        await second.becomes(second.is_active)
        count = await published(topics, count + 50)
        first.process.send_signal(signal.SIGCONT)
        await first.becomes(first.stands_by)
        await published(topics, count + 50)

        async def one_is_at_work() -> bool:
            return [await first.is_active(), await second.is_active()].count(True) == 1

        # The second, unless it has come to stand still for longer than its lease itself.
        await until(one_is_at_work)
    await all_published(log, topics, stopped=2)
