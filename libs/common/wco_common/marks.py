"""Following the topic of marks: the last of each log, and when there is a newer one."""

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Any, Protocol, Self

import msgspec
import structlog
from aiokafka import TopicPartition

from wco_common.ending import end
from wco_common.foreign_record import ForeignRecord
from wco_common.kafka import KafkaSettings
from wco_common.mark import Mark, decode_mark
from wco_common.problem import Unavailable
from wco_common.producer import PARTITION
from wco_common.topic_end import consuming, offsets
from wco_common.topics import TopicRefused, ensure_topics, events_topic, marks_topic
from wco_events.event_type import LOG_NAMES, LogName

_log = structlog.get_logger(__name__)

_LOOK_UP = 1_000
"""Milliseconds that are waited for a mark in one go; one that comes ends it."""


class Quarantine(Protocol):
    """Where foreign records are kept in view."""

    async def put(self, record: ForeignRecord) -> None:
        """Keep a record, once however often it is read."""
        ...


class Marks:
    """The marks of all logs. Entered, it follows them; left, it stops. Belongs to one event loop."""

    def __init__(self, settings: KafkaSettings, quarantine: Quarantine, retry: float) -> None:
        """What Kafka or the quarantine cannot do now is tried again every `retry` seconds."""
        self._settings = settings
        self._quarantine = quarantine
        self._retry = retry
        self._last: dict[LogName, Mark] = {}
        self._heard = False
        self._why: str | None = None
        self._moved = asyncio.Event()
        self._following: asyncio.Task[None] | None = None

    @property
    def moved(self) -> asyncio.Event:
        """Is set when something has changed since one has taken it."""
        return self._moved

    async def last(self, log: LogName) -> Mark | None:
        """Return the newest mark of a log, None where there is none.

        Raises Unavailable while not all that there were at the start are read.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(self._settings.request_timeout):
                while not self._heard and self._why is None:
                    await self._moved.wait()
        if not self._heard:
            raise Unavailable(f"the marks of the logs cannot be read: {self._why or 'Kafka does not answer'}")
        return self._last.get(log)

    async def heard(self) -> None:
        """Return once all are read that there were at the start."""
        while not self._heard:
            await self._moved.wait()

    async def __aenter__(self) -> Self:
        self._following = asyncio.create_task(self._follow(), name="follow the marks")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._following is not None:
            await end(self._following)

    async def _follow(self) -> None:
        while True:
            try:
                await self._read()
            except Exception as error:
                why = str(error) if isinstance(error, TopicRefused) else type(error).__name__
                if why != self._why:
                    _log.exception("the marks of the logs cannot be read now", retry=self._retry)
                self._why = why
                self._wake()
                await asyncio.sleep(self._retry)

    async def _read(self) -> None:
        """Read all marks, and those that come, for ever."""
        topic = marks_topic(self._settings)
        await ensure_topics([topic, *(events_topic(log, self._settings) for log in LOG_NAMES)], self._settings)
        partition = TopicPartition(topic.name, PARTITION)
        async with consuming(self._settings, follows=True) as consumer:
            consumer.assign(
                [partition]
            )  # first: of another topic than it reads a consumer learns a tenth of a second later
            there = await offsets(consumer, topic.name)
            consumer.seek(partition, there.start)
            while True:
                if await consumer.position(partition) >= there.stop and (not self._heard or self._why):
                    self._heard, self._why = True, None
                    self._wake()
                came = await consumer.getmany(partition, timeout_ms=_LOOK_UP)
                for record in came.get(partition, []):
                    await self._take(record)

    async def _take(self, record: Any) -> None:
        try:
            mark = decode_mark(record.value)
            reason = "" if record.key == mark.key() else "does not have the log's name as its key"
            _ = mark.closed
        except (msgspec.MsgspecError, TypeError, ValueError) as error:
            reason = f"is no mark: {error}"
        if reason:
            _log.warning("a record in the topic of marks is no mark", offset=record.offset, reason=reason)
            await self._quarantine.put(ForeignRecord.of(record, reason))
            return
        known = self._last.get(mark.log)
        # A relay that was held up says what was true, and what is known better by now.
        if known is None or known.log_id != mark.log_id or mark.closed >= known.closed:
            self._last[mark.log] = mark
            self._wake()

    def _wake(self) -> None:
        self._moved.set()
        self._moved = asyncio.Event()
