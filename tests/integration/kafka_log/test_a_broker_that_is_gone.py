"""What becomes of a log's reader when its broker is gone for a while."""

import asyncio

import pytest
from aiokafka.errors import KafkaError

from broker import Broker
from integration.kafka_log.conftest import Topic
from wco_common.kafka import KafkaSettings
from wco_common.kafka_log import KafkaLog
from wco_common.log import Line
from wco_common.problem import Unavailable

pytestmark = pytest.mark.timeout(300)  # with two starts of the broker


@pytest.fixture
def kafka_settings(broker: Broker) -> KafkaSettings:
    """Settings of the test's own broker, which has only just begun."""
    return KafkaSettings(bootstrap_servers=broker.part.address, request_timeout=60)


async def reading_on(log: KafkaLog, after: int) -> list[Line] | BaseException:
    """What a task of its own reads of a log, or is told; it is not cancelled by anybody here."""
    reading = asyncio.create_task(log.read(after, 10))
    (told,) = await asyncio.gather(reading, return_exceptions=True)
    return told if isinstance(told, BaseException) else list(told)


async def read_at_last(log: KafkaLog, after: int) -> list[Line] | BaseException:
    """What is read of a log once its broker answers in time."""
    async with asyncio.timeout(60):
        while isinstance(read := await reading_on(log, after), (KafkaError, TimeoutError, Unavailable)):
            """It had no patience."""
    return read


async def test_who_reads_is_told_that_the_broker_is_gone_and_is_never_cancelled(broker: Broker, topic: Topic) -> None:
    await topic.publisher.publish(await topic.events(10))
    await topic.mark()
    topic.kafka = topic.kafka.model_copy(update={"request_timeout": 2})
    log = await topic.followed()
    assert await read_at_last(log, 0) == await topic.events(0)
    # A mark has come of an event that has not: the broker dies between them.
    lines = await topic.events(1)
    topic.publisher.offset += 1
    await topic.mark()
    while (await log.head()).sequence < 11:
        await log.wait(await log.head())

    await broker.kill()
    for _ in range(3):
        assert isinstance(await reading_on(log, 10), (KafkaError, TimeoutError))

    await broker.start()
    assert await read_at_last(log, 10) == lines[10:]
