"""The relay: publishes a log to its Kafka topic, and closes the topic by marks.

How events stay in order, whoever else publishes them. A relay sends a batch only when it has seen that the topic has
all before it: at its start it has read the event before the batch in the topic, and later a broker has answered for
the batch before. So wherever a record is in the topic, all events before it are before it too, at least once; and that
holds for two relays at once as for one. What a second one adds are repeats, which readers pass over. The lease is
there to spare them, and for the marks: it has to hold most of the time, not always. A relay that was stopped for
minutes between its last look at the lease and a batch may send that batch, and no more.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import TypeVar
from uuid import UUID

import structlog
from opentelemetry.trace import SpanKind
from pydantic import Field
from pydantic_settings import SettingsConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from wco_common.clock import Clock
from wco_common.commit import close
from wco_common.engine import asking, reading_once
from wco_common.event_record import event_record, trace_of
from wco_common.heartbeat import Heartbeat, LogHead
from wco_common.kafka import KafkaSettings
from wco_common.lease import Lease, LeaseLost
from wco_common.log import Head
from wco_common.mark import Mark
from wco_common.producer import Producer, Record, Written
from wco_common.published import Published, guard, published
from wco_common.schema import EVENT, HEAD
from wco_common.settings import PREFIX, Settings
from wco_common.topics import Topic, ensure_topics, events_topic, marks_topic
from wco_common.trace_context import TraceContext, context_of
from wco_common.tracing import UNTRACED, Tracing
from wco_common.writer import Work, Writer
from wco_events.event_type import LogName

_log = structlog.get_logger(__name__)

T = TypeVar("T")


class RelaySettings(Settings):
    """How a relay works. Times in seconds."""

    model_config = SettingsConfigDict(env_prefix=f"{PREFIX}RELAY_")

    log: LogName = Field(description="The log that it publishes.")
    look_every: float = Field(0.02, gt=0, description="Between two looks at what the log has recorded.")
    close_every: float = Field(0.1, gt=0, description="Between two marks while nothing is recorded.")
    batch_events: int = Field(1_000, ge=1, description="Events that are read together, at most.")
    batch_bytes: int = Field(
        524_288,
        ge=131_072,
        description="Bytes that are sent together, at most; no more than Kafka's max_message_bytes.",
    )
    patience: float = Field(15, gt=0, description="For Kafka, or the database, to answer; then it begins anew.")
    retry: float = Field(1, gt=0, description="Until it tries again what failed, or a log that is read-only.")
    silence: float = Field(5, gt=0, description="For which it may be busy before /readyz says so.")


class Relay:
    """Publishes one log, whenever it has the lease. Belongs to one event loop."""

    def __init__(
        self,
        engine: AsyncEngine,
        writer: Writer,
        clock: Clock,
        lease: Lease,
        kafka: KafkaSettings,
        settings: RelaySettings,
        tracing: Tracing = UNTRACED,
    ) -> None:
        """Read from an engine; close the log's time, by a clock, over a writer that nobody else uses."""
        self._log = settings.log
        self._reading = reading_once(engine)
        self._writer = writer
        self._clock = clock
        self._lease = lease
        self._kafka = kafka
        self._settings = settings
        self._tracing = tracing
        self._topic = events_topic(self._log, kafka)
        self._marks = marks_topic(kafka)
        self.heartbeat = Heartbeat()

    async def run(self) -> None:
        """Publish for ever: what the topic does not have, and what is recorded from now on."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._watch(), name=f"watch {self._log}")
            group.create_task(self._relay(), name=f"relay {self._log}")

    async def _watch(self) -> None:
        """See how far the log is and who has the lease, whatever becomes of the publishing."""
        was_read = True
        while True:
            try:
                async with asyncio.timeout(self._settings.patience):
                    async with self._reading.connect() as connection:
                        head = await self._head(connection)
                    self.heartbeat.saw(head, await self._lease.standing())
                was_read = True
            except Exception as error:
                if was_read:
                    _log.warning("the log's database cannot be read", log=self._log, error=type(error).__name__)
                was_read = False
            await asyncio.sleep(self._settings.retry)

    async def _relay(self) -> None:
        while True:
            try:
                await self._lease.taken(self.heartbeat.beat)
                async with self._lease.kept():
                    self.heartbeat.is_active = True
                    _log.info("the relay publishes", log=self._log, holder=self._lease.holder)
                    await self._publish()
            except* LeaseLost as lost:
                _log.warning("the relay stands by", log=self._log, reason=str(lost.exceptions[0]))
            except* Exception as failed:
                # What the producer knows is no more to be relied on: it is made anew, and the topic looked at.
                for error in failed.exceptions:
                    if self.heartbeat.failed(error):
                        _log.warning("the relay begins anew", log=self._log, exc_info=error)
            self.heartbeat.is_active = False
            await asyncio.sleep(self._settings.retry)

    async def _publish(self) -> None:
        """Publish as long as nothing fails: each time that something is not as expected, the topic is looked at."""
        await ensure_topics([self._topic, self._marks], self._kafka)
        said: str | None = None
        while True:
            async with asking(self._reading) as connection:
                head = await self._head(connection)
            reason = head.read_only
            # What was looked at while somebody heals the log would be no more true.
            if reason is None:
                found = await published(self._log, self._kafka, self._settings.patience)
                reason = await self._transact(partial(guard, log=self._log, found=found))
            if reason is not None:
                if reason != said:
                    _log.error("the log is read-only", log=self._log, reason=reason)
                said = reason
                await asyncio.sleep(self._settings.retry)
                continue
            if found.mark is not None:
                # A backup whose events are all there may have been closed less far than readers were told.
                await self._transact(partial(close, log=self._log, clock=self._clock, least=found.mark.closed))
            producing = Producer(self._kafka, self._settings.batch_bytes, self._settings.patience)
            # One connection all the while: to look at the log then costs one question and its answer.
            async with producing as producer, self._connected() as connection:
                await self._follow(producer, connection, found, head.log_id)

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[AsyncConnection]:
        connection = self._reading.connect()
        async with asyncio.timeout(self._settings.patience):
            await connection.start()
        try:
            yield connection
        finally:
            await connection.close()

    async def _follow(self, producer: Producer, connection: AsyncConnection, found: Published, log_id: UUID) -> None:
        """Publish what the topic lacks and what comes. Return when the log, or the topic, is not what it was."""
        now = asyncio.get_running_loop().time
        sequence, offset = found.complete, found.offsets.stop
        marked: Mark | None = None
        closed_at = -self._settings.close_every
        while True:
            began = now()
            if began - closed_at >= self._settings.close_every:
                await self._transact(partial(close, log=self._log, clock=self._clock))
                closed_at = began
            head = await self._head(connection)
            if head.log_id != log_id or head.sequence < sequence or head.read_only is not None:
                return
            while sequence < head.sequence:
                records = await self._records(connection, sequence, head.sequence)
                with self._tracing.work(
                    f"publish {self._log}",
                    map(context_of, map(trace_of, records)),
                    kind=SpanKind.PRODUCER,
                    log=self._log,
                    first=sequence + 1,
                    events=len(records),
                ):
                    written = await self._write(producer, self._topic, records)
                if written.offset != offset:
                    # Another has written meanwhile, or the topic was made anew; or the broker did not say where.
                    _log.warning("the topic is not as it was left", log=self._log, expected=offset, at=written.offset)
                    return
                sequence += written.records
                offset += written.records
                self.heartbeat.wrote(sequence, written.records)
            mark = Mark.of(self._log, log_id, Head(head.sequence, head.closed), offset)
            if mark != marked:
                await self._write(producer, self._marks, [Record(mark.key(), mark.value(), [])])
                marked = mark
                self.heartbeat.marked(head.closed)
            self.heartbeat.beat()
            await asyncio.sleep(max(0, began + self._settings.look_every - now()))

    async def _write(self, producer: Producer, topic: Topic, records: Sequence[Record]) -> Written:
        self._lease.check()
        return await producer.write(topic.name, records)

    async def _transact(self, work: Work[T]) -> T:
        return await self._writer.transact(work, self._settings.patience)

    async def _head(self, connection: AsyncConnection) -> LogHead:
        async with asyncio.timeout(self._settings.patience):
            return LogHead(*(await connection.execute(_HEAD)).one())

    async def _records(self, connection: AsyncConnection, after: int, until: int) -> list[Record]:
        """Return the records of the next events after a sequence, without a gap. Raises LookupError when one is not."""
        wanted = _EVENTS.where(EVENT.c.sequence > after, EVENT.c.sequence <= until)
        async with asyncio.timeout(self._settings.patience):
            rows = (await connection.execute(wanted.limit(self._settings.batch_events))).all()
        if not rows or rows[-1].sequence != after + len(rows):
            raise LookupError(f"the log lacks events between {after} and {until}")
        return [event_record(subject, body, TraceContext(*trace)) for _, subject, body, *trace in rows]


_HEAD = select(HEAD.c.log_id, HEAD.c.sequence, HEAD.c.closed, HEAD.c.read_only)
_EVENTS = select(EVENT.c.sequence, EVENT.c.subject, EVENT.c.body, EVENT.c.traceparent, EVENT.c.tracestate).order_by(
    EVENT.c.sequence
)
