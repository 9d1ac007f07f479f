"""A log as Kafka carries it: its topic, and the topic of marks that says how far that is.

What the topic lacks, the log itself is asked for; what in it is no event of the log is put into quarantine. Where one
stands is known by the sequence alone.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

import structlog
from aiokafka.errors import KafkaError

from wco_common.clock import wall_time
from wco_common.foreign_record import Foreign, ForeignRecord, line_of
from wco_common.instant import Instant
from wco_common.kafka import KafkaSettings, cancelled_by_others
from wco_common.kafka_log_metrics import KafkaLogMetrics
from wco_common.log import Head, Line
from wco_common.log_client import LogClient
from wco_common.mark import Mark
from wco_common.marks import Marks, Quarantine
from wco_common.problem import Unavailable
from wco_common.topic_reader import TopicReader
from wco_common.topics import events_topic
from wco_events.event_type import LogName

_log = structlog.get_logger(__name__)

REMEMBERED = 20_000
"""Events of which it is known that a repeat is one; a relay that takes over sends again what was on its way."""


FoldedLog = Callable[[LogName, UUID], Awaitable[UUID]]
"""Says which log of a name is folded, by its id; while nothing of it is, it is the one that is given."""


class KafkaLog:
    """A `Log` whose events are in a topic. Belongs to one event loop.

    Unavailable is raised for whatever hinders it, Kafka's errors excepted; its message says what is to be seen to.
    """

    def __init__(
        self,
        name: LogName,
        settings: KafkaSettings,
        marks: Marks,
        client: LogClient,
        quarantine: Quarantine,
        folded_log: FoldedLog,
        metrics: KafkaLogMetrics,
        mark_timeout: float,
    ) -> None:
        """`mark_timeout`, in seconds, is how long a close may take to come back by way of the marks."""
        self._name = name
        self._marks = marks
        self._client = client
        self._quarantine = quarantine
        self._folded_log = folded_log
        self._metrics = metrics
        self._mark_timeout = mark_timeout
        self._log_id: UUID | None = None
        self._topic = TopicReader(events_topic(name, settings).name, settings, self._sequence_of)

        # Whoever reads holds the lock. The reader stands behind the event `at`, nobody knows where if that is -1.
        self._reading = asyncio.Lock()
        self._at = -1
        self._may_go_back = False
        """Whether it stands where it does by a search, and may have to go back to an earlier place."""
        self._bodies: deque[int] = deque(maxlen=REMEMBERED)
        """Hashes of the last events up to `at`, in order."""

    @property
    def name(self) -> LogName:
        """The log's name."""
        return self._name

    async def head(self) -> Head:
        """Return the log's sequence and closed time, as the last mark has them; without one, nothing is known."""
        mark = await self._mark()
        return Head(0, 0) if mark is None else mark.head

    async def close(self, least: Instant = 0) -> Head:
        """Have the log close its time, and return the head once the marks say so.

        A log that cannot be asked is closed all the same as long as a relay publishes it: its next mark is waited for.
        """
        closed, why = max(least, wall_time()), "its relay or Kafka stands still"
        try:
            closed = (await self._client.close(least)).closed
        except Unavailable as error:
            why = str(error)
        try:
            async with asyncio.timeout(self._mark_timeout):
                head = await self.head()
                while head.closed < closed:
                    head = await self.wait(head)
        except TimeoutError:
            raise Unavailable(
                f"no mark of {self._name} has come in {self._mark_timeout:g} s that closes it: {why}"
            ) from None
        return head

    async def wait(self, head: Head) -> Head:
        """Return as soon as a mark is beyond the head given, in sequence or in closed time."""
        while True:
            moved = self._marks.moved
            now = await self.head()
            if now.sequence > head.sequence or now.closed > head.closed:
                return now
            await moved.wait()

    async def read(self, after: int, limit: int) -> Sequence[Line]:
        """Return up to `limit` events after a position, in order, without a gap, of those that the marks speak of."""
        mark = await self._mark()
        if mark is None or after >= mark.sequence:
            return []
        async with self._reading:
            try:
                with cancelled_by_others():
                    return await self._read(after, limit, mark)
            except BaseException as error:
                self._at = -1
                if isinstance(error, KafkaError):
                    await self._topic.aclose()
                raise

    async def aclose(self) -> None:
        """Leave Kafka."""
        async with self._reading:
            await self._topic.aclose()

    async def _mark(self) -> Mark | None:
        """Return the last mark. Raises Unavailable when it is of another log than the one that is folded."""
        mark = await self._marks.last(self._name)
        if mark is not None and mark.log_id != self._log_id:
            self._log_id = await self._folded_log(self._name, mark.log_id)
            if self._log_id != mark.log_id:
                raise Unavailable(
                    f"the marks of {self._name} are of the log {mark.log_id}, but folded is the log {self._log_id}: "
                    "another has taken its place"
                )
        return mark

    async def _read(self, after: int, limit: int, mark: Mark) -> list[Line]:
        if self._at != after:
            await self._topic.go_behind(after, mark.offset)
            self._at, self._may_go_back = after, after > 0
            self._bodies.clear()
        lines: list[Line] = []
        while self._at < mark.sequence and len(lines) < limit:
            records = await self._topic.take(min(limit - len(lines), mark.sequence - self._at), mark.offset)
            if not records and not await self._goes_back(mark.offset):
                # The mark says that all up to its sequence were there.
                await self._fill(lines, mark.sequence, limit)
                break
            for record in records:
                line = await self._new_line(record)
                if line is None:
                    continue
                if line.sequence == self._at + 1 and len(lines) < limit:
                    self._take(lines, line)
                    continue
                if line.sequence > self._at + 1 and await self._goes_back(record.offset):
                    break
                if len(lines) == limit or not await self._add(lines, line, record, limit):
                    self._topic.go_to(record.offset)
                    return lines
        return lines

    async def _goes_back(self, offset: int) -> bool:
        """Say whether what is missing before an offset may be at an earlier place, which is stood at now."""
        self._may_go_back = self._may_go_back and await self._topic.go_back_behind(self._at, offset)
        return self._may_go_back

    async def _new_line(self, record: Any) -> Line | None:
        """Return the event that a record carries, None if it is foreign or was read before."""
        try:
            line = line_of(self._name, record)
        except Foreign as foreign:
            await self._set_aside(record, str(foreign))
            return None
        if line.sequence > self._at:
            return line
        if self._is_another(line):
            await self._set_aside(record, f"is another event than the one that was read as {line.sequence} before")
        else:
            self._metrics.repeated.labels(self._name).inc()
        return None

    async def _add(self, lines: list[Line], line: Line, record: Any, limit: int) -> bool:
        """Add an event, and what is missing before it. False: its record has to be read again."""
        if line.sequence > self._at + 1:
            try:
                if [line.body] != [known.body for known in await self._client.lines(line.sequence - 1, 1)]:
                    await self._set_aside(record, f"is not the event that the log has as {line.sequence}")
                    return True
            except Unavailable as error:
                if lines:
                    return False
                raise self._missing(self._at + 1, error) from None
            await self._fill(lines, line.sequence - 1, limit)
            if line.sequence > self._at + 1 or len(lines) == limit:
                return False
        self._take(lines, line)
        return True

    async def _fill(self, lines: list[Line], until: int, limit: int) -> None:
        """Add events that the topic lacks, as many as there is room for. Raises Unavailable if not one can be had."""
        first = self._at + 1
        try:
            for line in await self._client.lines(self._at, min(limit - len(lines), until - self._at)):
                if line.sequence != self._at + 1:
                    break
                self._take(lines, line)
        except Unavailable as error:
            if not lines:
                raise self._missing(first, error) from None
        if found := self._at + 1 - first:
            _log.warning(
                "events are missing from a topic; the log was asked", log=self._name, first=first, events=found
            )
            self._metrics.missing.labels(self._name).inc(found)
        elif not lines:
            raise self._missing(first, "the log does not have it either")

    def _missing(self, sequence: int, why: object) -> Unavailable:
        return Unavailable(f"event {sequence} is missing from the topic of {self._name}, and {why}")

    def _take(self, lines: list[Line], line: Line) -> None:
        lines.append(line)
        self._at = line.sequence
        self._bodies.append(hash(line.body))

    def _is_another(self, line: Line) -> bool:
        """Say whether an event is known not to be the one that was read at its place."""
        back = self._at - line.sequence
        return back < len(self._bodies) and self._bodies[-1 - back] != hash(line.body)

    async def _set_aside(self, record: Any, reason: str) -> None:
        await self._quarantine.put(ForeignRecord.of(record, reason))
        _log.warning("a record is no event of its log", log=self._name, offset=record.offset, reason=reason)
        self._metrics.foreign.labels(self._name).inc()

    def _sequence_of(self, record: Any) -> int | None:
        try:
            return line_of(self._name, record).sequence
        except Foreign:
            return None
