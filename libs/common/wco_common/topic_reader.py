"""Reading a log's topic on from any of its events: where one stands is found, not remembered."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from wco_common.kafka import KafkaSettings
from wco_common.producer import PARTITION
from wco_common.topic_end import consuming, offsets

_LOOKED_AT = 64
"""Records looked at in one go for one that has a sequence, and at first for an earlier place."""

_TIMES = 16
"""How many times as many are looked at then."""

Sequence = Callable[[Any], int | None]
"""Says which sequence a record of aiokafka's has, None where it has none."""


class TopicReader:
    """Reads the topic of one log. Only one task may use it at a time. Raises KafkaError or TimeoutError."""

    def __init__(self, topic: str, settings: KafkaSettings, sequence_of: Sequence) -> None:
        self._partition = TopicPartition(topic, PARTITION)
        self._settings = settings
        self._sequence_of = sequence_of
        self._open = AsyncExitStack()
        self._consumer: AIOKafkaConsumer | None = None

    async def go_behind(self, sequence: int, stop: int) -> None:
        """Stand where a sequence is passed: behind a record that has it, or has less, and before one that has more.

        What is not below `stop` is not looked at. Sequences rise by one from record to record, but for repeats, by
        which one may be passed at several places. Records that have none are passed by, or stood before.
        """
        consumer = await self._consuming()
        there = await offsets(consumer, self._partition.topic)
        high = max(there.start, min(stop, there.stop)) if sequence else there.start
        consumer.seek(self._partition, await self._passed(consumer, sequence, there.start, high))

    async def go_back_behind(self, sequence: int, offset: int) -> bool:
        """Stand where a sequence is passed at an earlier place than an offset; False where none was found.

        A repeat may have led to the later one, behind which events are not that are before it.
        """
        consumer = await self._consuming()
        start = (await offsets(consumer, self._partition.topic)).start
        stop, number = offset, _LOOKED_AT
        while stop > start:
            begin = max(start, stop - number)
            consumer.seek(self._partition, begin)
            while records := await self.take(number, stop):
                for record in records:
                    if (found := self._sequence_of(record)) is not None and found > sequence:
                        consumer.seek(self._partition, await self._passed(consumer, sequence, start, record.offset))
                        return True
            stop, number = begin, number * _TIMES
        return False

    async def take(self, number: int, stop: int) -> list[Any]:
        """Return the next records below an offset, so many at most; none when there are no more of them.

        Raises TimeoutError when a broker that answers does not send what it has.
        """
        consumer = await self._consuming()
        while (at := await consumer.position(self._partition)) < stop:
            wanted = min(number, stop - at)
            patience = round(self._settings.request_timeout * 1000)
            came = (await consumer.getmany(self._partition, timeout_ms=patience, max_records=wanted)).get(
                self._partition, []
            )
            below = [record for record in came if record.offset < stop]
            if len(below) < len(came):
                consumer.seek(self._partition, stop)
            if below:
                return below
            if not came and await consumer.position(self._partition) == at:
                if (await offsets(consumer, self._partition.topic)).stop <= at:
                    break  # nothing was to be had
                raise TimeoutError(f"no record of {self._partition.topic} came from {at} on")
        return []

    def go_to(self, offset: int) -> None:
        """Take a record that was taken before next."""
        if self._consumer is not None:
            self._consumer.seek(self._partition, offset)

    async def aclose(self) -> None:
        """Leave the broker. It is asked again when it is needed again."""
        self._consumer = None
        await self._open.aclose()

    async def _consuming(self) -> AIOKafkaConsumer:
        if self._consumer is None:
            consumer = await self._open.enter_async_context(consuming(self._settings, follows=True))
            consumer.assign([self._partition])
            self._consumer = consumer
        return self._consumer

    async def _passed(self, consumer: AIOKafkaConsumer, sequence: int, low: int, high: int) -> int:
        """Return the offset at which a sequence is passed, of those from `low` up to `high`."""
        while low < high:
            middle = (low + high) // 2
            offset, found = await self._first_from(consumer, middle, high)
            if found is None or found > sequence:
                high = middle
            else:
                low = offset + 1
        return low

    async def _first_from(self, consumer: AIOKafkaConsumer, start: int, stop: int) -> tuple[int, int | None]:
        """Return the offset and sequence of the first record from an offset on that has one; None: there is none."""
        consumer.seek(self._partition, start)
        while records := await self.take(_LOOKED_AT, stop):
            for record in records:
                if (sequence := self._sequence_of(record)) is not None:
                    return record.offset, sequence
        return stop, None
