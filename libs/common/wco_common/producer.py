"""What writes records to Kafka: one batch at a time, in order, each answered before the next is sent."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from types import TracebackType
from typing import NamedTuple, Self

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from wco_common.kafka import KafkaSettings, connection, started_whole

PARTITION = 0
"""Of every topic here: a log's order is one order, and so is that of the marks."""


class Record(NamedTuple):
    """What is to be written, without its place."""

    key: bytes
    value: bytes
    headers: list[tuple[str, bytes]]


class Written(NamedTuple):
    """What a broker answered for: so many records from `offset` on, or an offset of -1 where it does not say."""

    records: int
    offset: int


class Producer:
    """Kafka's idempotent producer, for batches that each wait for the answer to the one before.

    Not two batches on their way at once: when one fails for good, aiokafka sends the next all the same, and a broker
    that knows nothing of the producer takes it, with a hole before it. After any error here is nothing to be gone on
    with: leave it, look at what the topic has, and make another. Belongs to one event loop.
    """

    def __init__(self, settings: KafkaSettings, batch_bytes: int, patience: float) -> None:
        """A batch has at most so many bytes; `patience`, in seconds, is for an answer, a start and a stop."""
        self._producer = AIOKafkaProducer(
            **connection(settings), enable_idempotence=True, acks="all", max_batch_size=batch_bytes
        )
        self._settings = settings
        self._patience = patience
        self._is_answered = True

    async def write(self, topic: str, records: Iterable[Record]) -> Written:
        """Write as many of some records as make a batch, and return once a broker has answered for them.

        Raises KafkaError, or TimeoutError when there is no answer: whether they were written, the topic knows.
        """
        batch = self._producer.create_batch()
        for key, value, headers in records:
            if batch.append(key=key, value=value, headers=headers, timestamp=None) is None:
                break
        batch.close()
        self._is_answered = False
        async with asyncio.timeout(self._patience):
            answer = await (await self._producer.send_batch(batch, topic, partition=PARTITION))
        self._is_answered = True
        return Written(batch.record_count(), answer.offset)

    async def __aenter__(self) -> Self:
        try:
            async with asyncio.timeout(self._patience):  # it would ask for an id for ever
                await started_whole(self._producer.start(), self._settings)
        except BaseException:
            await self._producer.stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._is_answered:
            with suppress(TimeoutError, KafkaError):
                async with asyncio.timeout(self._patience):
                    await self._producer.stop()
                return
        await self._abandon()

    async def _abandon(self) -> None:
        """End it without an answer. Its own `stop` waits for one, for ever if need be, and its sender tries on."""
        sender = self._producer._sender.sender_task
        while not sender.done():
            sender.cancel()  # at first it waits for what is on its way, then for nothing
            await asyncio.wait([sender], timeout=0)
        await self._producer.client.close()
        self._producer._closed = True
