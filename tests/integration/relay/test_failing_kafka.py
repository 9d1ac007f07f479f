"""What a relay does when its broker is gone, does not answer, or takes nothing from its producer any more."""

import asyncio
import signal
from functools import partial

import pytest
from aiokafka import AIOKafkaProducer

from accounts import noted
from broker import Broker
from integration.relay.conftest import PATIENCE, Relaying, Topics, hold, until
from wco_common.kafka import KafkaSettings, connection
from wco_common.relay import Relay
from wco_common.sql_log import SqlLog


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


@pytest.fixture
def topics(kafka_settings: KafkaSettings) -> Topics:
    """They are looked at when the broker is there, and with patience."""
    return Topics(kafka_settings.model_copy(update={"request_timeout": PATIENCE}))


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
            return relay.heartbeat.failures.total() > 0 and await is_hindered(relay) and relay.heartbeat.lag == 10

        await until(lags_in_view)
        await broker.start()
        await log.appender.append([noted("after")])
        await topics.marked(12)

        async def is_well() -> bool:
            return not await is_hindered(relay)

        await until(is_well)
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
    broker: Broker, log: SqlLog, relaying: Relaying, topics: Topics
) -> None:
    async with relaying() as relay:
        await log.appender.append([noted("before")])
        await topics.marked(1)
        (first,) = await topics.events()
        # Whoever writes with the same id and a later epoch is what fences a producer.
        id_, epoch = broker.producer_of(topics.of_events.name)
        other = AIOKafkaProducer(**connection(topics.settings), enable_idempotence=True)
        other._txn_manager.set_pid_and_epoch(id_, epoch + 1)
        async with other:
            await other.send_and_wait(topics.of_events.name, first.value, key=first.key)
        await log.appender.append([noted("after")])
        await fails(relay, "ProducerFenced")
        await topics.marked(2)

        async def has_gone_on() -> bool:
            return relay.heartbeat.failure is None

        await until(has_gone_on)  # the mark is there to be read before the relay knows of it
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
