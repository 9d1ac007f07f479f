"""The relay: publishes a log to its Kafka topic, and closes the topic by marks."""

import asyncio
from functools import partial

import structlog
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from wco_common.commit import LogTransactions
from wco_common.engine import READS_ONCE
from wco_common.event_record import event_record, recorded_line
from wco_common.kafka import KafkaSettings
from wco_common.log import Head
from wco_common.mark import Mark
from wco_common.producer import Producer, Record
from wco_common.schema import EVENT, HEAD
from wco_common.topic_end import consuming, last, offsets
from wco_common.topics import ensure_topics, events_topic, marks_topic
from wco_common.writer import Writer

_log = structlog.get_logger(__name__)


class RelaySettings(BaseSettings):
    """How a relay works. Times in seconds."""

    model_config = SettingsConfigDict(env_prefix="WCO_KPI_RELAY_", frozen=True)

    look_every: float = Field(0.02, gt=0, description="Between two looks at what the log has recorded.")
    close_every: float = Field(0.1, gt=0, description="Between two marks while nothing is recorded.")
    batch_events: int = Field(1_000, ge=1, description="Events that are read and sent together, at most.")
    batch_bytes: int = Field(
        524_288, ge=131_072, description="Bytes that are sent together, at most; Kafka's max_message_bytes is more."
    )
    patience: float = Field(15, gt=0, description="For Kafka to answer; then a new producer is made.")


class Relay:
    """Publishes one log. Belongs to one event loop."""

    def __init__(
        self,
        transactions: LogTransactions,
        engine: AsyncEngine,
        writer: Writer,
        kafka: KafkaSettings,
        settings: RelaySettings,
    ) -> None:
        """Read from an engine; close the log's time by its own transactions over a writer."""
        self._log = transactions.log
        self._transactions = transactions
        self._reading = engine.execution_options(**{READS_ONCE: True})
        self._writer = writer
        self._kafka = kafka
        self._settings = settings
        self._topic = events_topic(self._log, kafka)
        self._marks = marks_topic(kafka)

    async def publish(self) -> None:
        """Publish what the topic does not have, and what is recorded from now on, for ever."""
        await ensure_topics([self._topic, self._marks], self._kafka)
        async with self._reading.connect() as connection:
            log_id = (await connection.execute(select(HEAD.c.log_id))).scalar_one()
        sequence, offset = await self._end()
        async with Producer(self._kafka, self._settings.batch_bytes, self._settings.patience) as producer:
            while True:
                head = await self._close()
                while sequence < head.sequence:
                    records = await self._records(sequence, head.sequence)
                    written = await producer.write(self._topic.name, records)
                    sequence += written.records
                    offset = written.offset + written.records
                mark = Mark.of(self._log, log_id, head, offset)
                await producer.write(self._marks.name, [Record(mark.key(), mark.value(), [])])
                await self._wait(head)

    async def _end(self) -> tuple[int, int]:
        """Return the sequence of the topic's last event, and the offset behind it."""
        async with consuming(self._kafka) as consumer:
            within = await offsets(consumer, self._topic.name)
            line = await last(consumer, self._topic.name, within, self._settings.patience, recorded_line)
        return 0 if line is None else line.sequence, within.stop

    async def _head(self) -> Head:
        async with self._reading.connect() as connection:
            return Head(*(await connection.execute(select(HEAD.c.sequence, HEAD.c.closed))).one())

    async def _close(self) -> Head:
        close = partial(self._transactions.append, requests=[], close=0)
        return (await self._writer.transact(close, self._settings.patience)).head

    async def _records(self, after: int, until: int) -> list[Record]:
        wanted = (
            select(EVENT.c.subject, EVENT.c.body, EVENT.c.traceparent)
            .where(EVENT.c.sequence > after, EVENT.c.sequence <= until)
            .order_by(EVENT.c.sequence)
            .limit(self._settings.batch_events)
        )
        async with self._reading.connect() as connection:
            return [event_record(*row) for row in await connection.execute(wanted)]

    async def _wait(self, head: Head) -> None:
        """Return once the log has moved on, or its time is to be closed again."""
        loop = asyncio.get_running_loop()
        until = loop.time() + self._settings.close_every
        while loop.time() < until and await self._head() == head:  # noqa: ASYNC110: no database tells us
            await asyncio.sleep(self._settings.look_every)
