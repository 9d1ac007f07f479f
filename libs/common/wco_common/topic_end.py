"""What a topic ends with, read back from its end."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from aiokafka import AIOKafkaConsumer, TopicPartition

from wco_common.kafka import KafkaSettings, StrayCancellation, cancelled_by_others, connection, started_whole
from wco_common.producer import PARTITION

T = TypeVar("T")

_AT_FIRST = 64
_TIMES = 16
"""Records that are looked at first, and how many times as many then."""

_HELD_FOR_WHAT_COMES, _HELD = 500, 10
"""Milliseconds for which a broker holds the question for more at a topic's end; no other is answered meanwhile."""


@asynccontextmanager
async def consuming(settings: KafkaSettings, *, follows: bool = False) -> AsyncIterator[AIOKafkaConsumer]:
    """Give a consumer without a group, which reads what is there; or `follows` a topic, and waits for what comes.

    Raises KafkaError or TimeoutError when Kafka cannot be asked.
    """
    consumer = AIOKafkaConsumer(
        **connection(settings),
        enable_auto_commit=False,
        auto_offset_reset="none",
        fetch_max_wait_ms=_HELD_FOR_WHAT_COMES if follows else _HELD,
    )
    try:
        with cancelled_by_others():
            async with asyncio.timeout(settings.request_timeout):
                await started_whole(consumer.start(), settings)
            yield consumer
    finally:
        try:
            with cancelled_by_others():
                await consumer.stop()
        except StrayCancellation:  # of what waited to ask a broker again that was gone; the connections are left open
            await consumer._client.close()


async def offsets(consumer: AIOKafkaConsumer, topic: str) -> range:
    """Return the offsets that a topic has: from its first record to behind its last."""
    partition = TopicPartition(topic, PARTITION)
    first, end = await consumer.beginning_offsets([partition]), await consumer.end_offsets([partition])
    return range(first[partition], end[partition])


async def read(consumer: AIOKafkaConsumer, topic: str, wanted: range, patience: float) -> AsyncIterator[Any]:
    """Yield the records at some offsets of a topic, of which none is past its end.

    Raises KafkaError, or TimeoutError when for so many seconds nothing comes.
    """
    partition = TopicPartition(topic, PARTITION)
    consumer.assign([partition])
    consumer.seek(partition, wanted.start)
    while wanted and (at := await consumer.position(partition)) < wanted.stop:
        came = (await consumer.getmany(partition, timeout_ms=round(patience * 1000))).get(partition, [])
        for record in came:
            if record.offset < wanted.stop:
                yield record
        if not came and await consumer.position(partition) == at:
            raise TimeoutError(f"no record of {topic} came from {at} on, of {wanted.stop}")


async def ending(
    consumer: AIOKafkaConsumer, topic: str, within: range, patience: float, meaning: Callable[[Any], T | None]
) -> list[T]:
    """Return what the last records mean, of those at some offsets: of some of them, in order, until one means anything.

    Raises as `read`.
    """
    stop, count = within.stop, _AT_FIRST
    found: list[T] = []
    while stop > within.start and not found:
        start = max(within.start, stop - count)
        async for record in read(consumer, topic, range(start, stop), patience):
            if (meant := meaning(record)) is not None:
                found.append(meant)
        stop, count = start, count * _TIMES
    return found
