"""What a relay does when its broker is gone, does not answer, or takes nothing from its producer any more."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.record.memory_records import MemoryRecords

from accounts import noted
from integration.relay.conftest import Relaying, Topics, hold, until
from parts import SETTINGS
from wco_cluster.kafka import kafka as kafka_part
from wco_cluster.part import Running, started
from wco_common.kafka import KafkaSettings, connection
from wco_common.relay import Relay
from wco_common.sql_log import SqlLog


class Broker:
    """A broker of the test's own, which can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.part = kafka_part(folder, SETTINGS)
        self._running: Running | None = None

    async def start(self) -> None:
        self._running = await started(self.part, SETTINGS)

    async def kill(self) -> None:
        if self._running is not None:
            await self._running.kill()
            self._running = None

    def signal(self, number: signal.Signals) -> None:
        assert self._running is not None
        os.kill(self._running.pid, number)

    def producer_of(self, topic: str) -> tuple[int, int]:
        """The id and epoch of the producer of a topic's last batch."""
        records = MemoryRecords((self.folder / "data" / f"{topic}-0" / f"{0:020}.log").read_bytes())
        last = None
        while (batch := records.next_batch()) is not None:
            last = batch
        assert last is not None
        return last.producer_id, last.producer_epoch


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Broker]:
    broker = Broker(tmp_path / "kafka")
    await broker.start()
    yield broker
    await broker.kill()


async def fails(relay: Relay, error: str) -> None:
    """Wait until a relay has begun anew because of an error."""

    async def has_failed() -> bool:
        return relay.heartbeat.failures[error] > 0

    await until(has_failed)


async def is_hindered(relay: Relay) -> bool:
    return relay.heartbeat.hindrance(1) is not None


pytestmark = pytest.mark.timeout(300)  # with a start of the broker, or two


@pytest.fixture
def kafka_settings(broker: Broker) -> KafkaSettings:
    """Settings of the test's own broker."""
    return KafkaSettings(bootstrap_servers=broker.part.address, request_timeout=5)


async def test_a_broker_that_was_killed_gets_what_was_recorded_meanwhile(
    broker: Broker, log: SqlLog, relaying: Relaying, topics: Topics
) -> None:
    async with relaying(patience=3) as relay:
        await log.appender.append([noted("before")])
        await topics.marked(1)
        await broker.kill()
        for number in range(10):
            await log.appender.append([noted(f"meanwhile{number}")])

        async def lags_in_view() -> bool:
            return await is_hindered(relay) and relay.heartbeat.lag == 10

        await until(lags_in_view)
        await broker.start()
        await log.appender.append([noted("after")])
        await topics.marked(12)

        async def is_well() -> bool:
            return not await is_hindered(relay)

        await until(is_well)
        assert relay.heartbeat.failures.total() > 0
    await hold(log, topics)


async def test_a_relay_whose_broker_is_gone_ends_and_leaves_nothing_behind(
    broker: Broker, log: SqlLog, relaying: Relaying, topics: Topics
) -> None:
    before = asyncio.all_tasks()
    async with relaying(patience=60) as relay:
        await log.appender.append([noted("before")])
        await topics.marked(1)
        await broker.kill()
        await log.appender.append([noted("never sent")])
        await until(partial(is_hindered, relay))
    assert asyncio.all_tasks() == before


async def test_a_relay_that_is_fenced_makes_itself_a_new_producer(
    broker: Broker, log: SqlLog, relaying: Relaying, topics: Topics, kafka_settings: KafkaSettings
) -> None:
    async with relaying() as relay:
        await log.appender.append([noted("before")])
        await topics.marked(1)
        (first,) = await topics.events()
        # Whoever writes with the same id and a later epoch is what fences a producer.
        id_, epoch = broker.producer_of(topics.of_events.name)
        other = AIOKafkaProducer(**connection(kafka_settings), enable_idempotence=True)
        other._txn_manager.set_pid_and_epoch(id_, epoch + 1)
        async with other:
            await other.send_and_wait(topics.of_events.name, first.value, key=first.key)
        await log.appender.append([noted("after")])
        await fails(relay, "ProducerFenced")
        await topics.marked(2)
        assert relay.heartbeat.failure is None
    await hold(log, topics)


async def test_a_relay_whose_broker_does_not_answer_in_time_begins_anew(
    broker: Broker, log: SqlLog, relaying: Relaying, topics: Topics
) -> None:
    async with relaying(patience=1) as relay:
        await log.appender.append([noted("before")])
        await topics.marked(1)
        # What the relay sends is taken by the kernel, and a producer would wait for an answer for ever.
        broker.signal(signal.SIGSTOP)
        await log.appender.append([noted("after")])
        await fails(relay, "TimeoutError")
        broker.signal(signal.SIGCONT)
        await topics.marked(2)
    await hold(log, topics)
