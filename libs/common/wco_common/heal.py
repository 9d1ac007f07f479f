"""Healing a log that is read-only: its topic gives back what it has lost, or is emptied for it.

Both may be broken off at any time and begun again: until all is done, the log stays read-only, and its relay waits.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import NamedTuple, TypeVar
from uuid import UUID

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.records_to_delete import RecordsToDelete
from sqlalchemy import Connection

from wco_common.decider import Decider
from wco_common.engine import DatabaseSettings, create_engine
from wco_common.kafka import KafkaSettings, connection, started_whole
from wco_common.log import Head, Line
from wco_common.mark import Mark
from wco_common.producer import PARTITION, Producer, Record
from wco_common.published import Published, contradiction, guard, log_id_of, own_line, published
from wco_common.relay import RelaySettings
from wco_common.restore import Admit
from wco_common.statements import lock_head, move_head, set_read_only
from wco_common.taking_back import NotHealed, TakingBack
from wco_common.topic_end import consuming, read
from wco_common.topics import ensure_topics, events_topic, marks_topic
from wco_common.writer import Work, Writer, writer
from wco_events.event_type import LogName

T = TypeVar("T")

_TAKEN_AT_ONCE = 1_000
"""Events that the log gets back in one transaction."""


class Healed(NamedTuple):
    """What became of a log: its head, and how many events it got back."""

    head: Head
    events: int


class Healing:
    """Heals one log. It is only for a log that is read-only, or should be."""

    def __init__(self, writes: Writer, kafka: KafkaSettings, settings: RelaySettings, found: Published) -> None:
        """Take what `healing` has found."""
        self._log = settings.log
        self._writer = writes
        self._kafka = kafka
        self._settings = settings
        self._found = found

    async def take_back(self, decider: Decider, admit: Admit) -> Healed:
        """Take what the log has lost back from its topic: events keep their sequences, times and traces.

        They have to be what the log would have recorded, to the byte, and none may be missing. An empty log gets all
        that the topic has, and the id of the log that it is from.
        Raises NotHealed; NotCommitted, CommitInDoubt when the database fails; KafkaError, TimeoutError when Kafka does.
        """
        mark = self._found.mark
        log_id, sequence = await self._transact(partial(_identity, log=self._log))
        if mark is not None and mark.log_id != log_id and sequence:
            raise NotHealed(
                f"the topic of {self._log} is that of another log, and has nothing that this one has lost: "
                "it can be emptied, and this log be published anew"
            )
        taking = TakingBack(self._log, decider, admit, mark)
        events = 0
        lines: list[Line] = []
        async for line in self._lines(sequence):
            lines.append(line)
            if len(lines) == _TAKEN_AT_ONCE:
                events += await self._transact(partial(taking.take, lines=lines))
                lines = []
        events += await self._transact(partial(taking.take, lines=lines))
        return Healed(await self._transact(partial(_reopen, log=self._log, found=self._found)), events)

    async def empty_topic(self) -> Healed:
        """Empty the topic, for the log to be published anew: what is there and not in the log is lost for ever.

        Raises NotCommitted, CommitInDoubt when the database fails; KafkaError, TimeoutError when Kafka does.
        """
        log_id, _ = await self._transact(partial(_identity, log=self._log))
        topic = TopicPartition(events_topic(self._log, self._kafka).name, PARTITION)
        end = self._found.offsets.stop
        admin = AIOKafkaAdminClient(**connection(self._kafka))
        try:
            await started_whole(admin.start(), self._kafka)
            await admin.delete_records({topic: RecordsToDelete(before_offset=end)})
        finally:
            await admin.close()
        # A crash here leaves an empty topic with the other log's mark: this one stays read-only.
        mark = Mark.of(self._log, log_id, Head(0, 0), end)
        async with Producer(self._kafka, self._settings.batch_bytes, self._settings.patience) as producer:
            await producer.write(marks_topic(self._kafka).name, [Record(mark.key(), mark.value(), [])])
        empty = Published(None, range(end, end), mark)
        return Healed(await self._transact(partial(_reopen, log=self._log, found=empty)), 0)

    async def _lines(self, sequence: int) -> AsyncIterator[Line]:
        """Yield the topic's events from a sequence on. Raises NotHealed where one is missing."""
        last = 0
        topic = events_topic(self._log, self._kafka).name
        async with consuming(self._kafka) as consumer:
            async for record in read(consumer, topic, self._found.offsets, self._settings.patience):
                line = own_line(self._log, record)
                if line is None or line.sequence <= last:
                    continue
                if line.sequence > last + 1:
                    raise NotHealed(f"the topic of {self._log} lacks the events from {last + 1} to {line.sequence - 1}")
                last = line.sequence
                if last >= sequence:
                    yield line

    async def _transact(self, work: Work[T]) -> T:
        return await self._writer.transact(work, self._settings.patience)


@asynccontextmanager
async def healing(
    url: str, kafka: KafkaSettings, settings: RelaySettings, database: DatabaseSettings | None = None
) -> AsyncIterator[Healing]:
    """Look at a log, in a migrated database, and at its topic; give what heals it, the log being read-only meanwhile.

    Raises NotHealed where there is nothing to heal; also as what it gives.
    """
    database = database or DatabaseSettings()
    engine = create_engine(url, database)
    writes = writer(engine, database)
    try:
        await ensure_topics([events_topic(settings.log, kafka), marks_topic(kafka)], kafka)
        found = await published(settings.log, kafka, settings.patience)
        reason = await writes.transact(partial(guard, log=settings.log, found=found), settings.patience)
        if reason is None:
            raise NotHealed(f"there is nothing to heal: {settings.log} is not read-only, and its topic is its own")
        yield Healing(writes, kafka, settings, found)
    finally:
        await writes.aclose()
        await engine.dispose()


def _identity(connection: Connection, log: LogName) -> tuple[UUID, int]:
    return log_id_of(connection), lock_head(connection, log).sequence


def _reopen(connection: Connection, log: LogName, found: Published) -> Head:
    """Let a log record again, if nothing speaks against it any more, and after all that was promised of its topic."""
    head = lock_head(connection, log)
    if reason := contradiction(connection, head.sequence, found):
        raise NotHealed(f"{log} stays read-only: {reason}")
    closed = max(head.closed, 0 if found.mark is None else found.mark.closed)
    move_head(connection, log, head.sequence, closed)
    set_read_only(connection, log, None)
    return Head(head.sequence, closed)
