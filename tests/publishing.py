"""Topics as a test wants them: a publisher that carries a log into them, and whatever else may come to be there."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from uuid import UUID, uuid4

from wco_common.event import decode_recorded
from wco_common.event_record import event_record
from wco_common.foreign_record import ForeignRecord
from wco_common.kafka import KafkaSettings
from wco_common.log import Head, Line
from wco_common.mark import Mark
from wco_common.producer import Producer, Record
from wco_common.sql_log import SqlLog
from wco_common.topics import ensure_topics, events_topic, marks_topic
from wco_events.event_type import LOG_NAMES, LogName

PATIENCE = 60.0
"""Seconds in which something happens that has to, on a machine that runs other tests at the same time."""


class Publisher:
    """Writes records and marks of one log. It closes no log and looks at nothing that the topic has."""

    def __init__(self, log: LogName, log_id: UUID, settings: KafkaSettings, producer: Producer) -> None:
        self._log = log
        self._topic = events_topic(log, settings).name
        self._marks = marks_topic(settings).name
        self._producer = producer
        self.log_id = log_id
        self.offset = 0
        """Behind the last record that was written."""

    async def write(self, records: Iterable[Record]) -> None:
        """Write records, whatever they are."""
        rest = list(records)
        while rest:
            written = await self._producer.write(self._topic, rest)
            self.offset = written.offset + written.records
            rest = rest[written.records :]

    async def publish(self, lines: Iterable[Line]) -> None:
        """Write events as a relay does."""
        await self.write(record_of(line) for line in lines)

    async def mark(self, head: Head) -> None:
        """Say that all up to a head is there."""
        mark = Mark.of(self._log, self.log_id, head, self.offset)
        await self.write_mark(Record(mark.key(), mark.value(), []))

    async def write_mark(self, record: Record) -> None:
        """Write a record to the topic of marks, whatever it is."""
        await self._producer.write(self._marks, [record])

    async def carry(self, log: SqlLog) -> None:
        """Publish all of a log, and each of its heads, for ever."""
        sequence, head = 0, Head(0, -1)
        while True:
            head = await log.wait(head)
            while lines := await log.read(sequence, 1_000):
                await self.publish(lines)
                sequence = lines[-1].sequence
            await self.mark(head)


def record_of(line: Line) -> Record:
    """The record of an event, as a relay writes it."""
    return event_record(decode_recorded(line.body).subject, line.body, line.trace)


@asynccontextmanager
async def publisher(log: LogName, settings: KafkaSettings, log_id: UUID | None = None) -> AsyncIterator[Publisher]:
    """Give a publisher of a log, with the topics that there have to be."""
    await ensure_topics([marks_topic(settings), *(events_topic(name, settings) for name in LOG_NAMES)], settings)
    async with Producer(settings, batch_bytes=524_288, patience=PATIENCE) as producer:
        yield Publisher(log, log_id or uuid4(), settings, producer)


@asynccontextmanager
async def carried(log: SqlLog, settings: KafkaSettings) -> AsyncIterator[None]:
    """Have a log carried into its topics meanwhile."""
    async with publisher(log.name, settings, log.log_id) as carrying:
        task = asyncio.create_task(carrying.carry(log))
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


class KeptInMemory:
    """What whoever folds a log keeps beside the fold. It has folded something of the first log that it hears of."""

    def __init__(self) -> None:
        self.quarantine: list[ForeignRecord] = []
        self.folds_nothing = False
        self._known: UUID | None = None

    async def put(self, record: ForeignRecord) -> None:
        self.quarantine.append(record)

    async def folded_log(self, log: LogName, seen: UUID) -> UUID:
        if self._known is None or self.folds_nothing:
            self._known = seen
        return self._known
