"""What Kafka has of a log, and whether that is the log's own: a log that has lost events must not record others.

A backup that was put in the place of a log knows nothing of what came after it. Were it to record on, two events would
have one sequence, and who reads the topic would have others than who reads the log.
"""

from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import Connection, select

from wco_common.foreign_record import Foreign, line_of
from wco_common.kafka import KafkaSettings
from wco_common.log import Line
from wco_common.mark import Mark, decode_mark
from wco_common.schema import EVENT, HEAD
from wco_common.statements import lock_head, set_read_only
from wco_common.topic_end import consuming, ending, offsets
from wco_common.topics import events_topic, marks_topic
from wco_events.event_type import LogName


class Published(NamedTuple):
    """What a log's topic ends with, the offsets that it has, and the last mark of the log."""

    line: Line | None
    offsets: range
    mark: Mark | None

    @property
    def sequence(self) -> int:
        """How far the topic has, or had, the log's events."""
        return max(0 if self.line is None else self.line.sequence, 0 if self.mark is None else self.mark.sequence)

    @property
    def complete(self) -> int:
        """The sequence up to which the topic has every event. A topic that was made anew begins anew."""
        if self.line is None or len(self.offsets) < self.line.sequence:
            return 0
        return self.line.sequence


async def published(log: LogName, kafka: KafkaSettings, patience: float) -> Published:
    """Look at the end of a log's topic, and at its marks.

    Of the last records that one counts whose sequence is the highest: a relay that was held up may have repeated some.
    Raises KafkaError, or TimeoutError when for `patience` seconds nothing comes.
    """
    topic, marks = events_topic(log, kafka).name, marks_topic(kafka).name
    async with consuming(kafka) as consumer:
        within = await offsets(consumer, topic)
        lines = await ending(consumer, topic, within, patience, partial(own_line, log))
        among = await offsets(consumer, marks)
        of_log = await ending(consumer, marks, among, patience, partial(_mark_of, log))
    return Published(max(lines, key=lambda line: line.sequence, default=None), within, of_log[-1] if of_log else None)


def own_line(log: LogName, record: Any) -> Line | None:
    """Return the event that a record of aiokafka's carries, None where it is none of the log."""
    try:
        return line_of(log, record)
    except Foreign:
        return None


def guard(connection: Connection, log: LogName, found: Published) -> str | None:
    """Make a log read-only whose topic is not its own, under the lock of its head; return why it is, None if not.

    What was found was looked at before: the log has gone on since, and a topic that is its own is never ahead.
    """
    head = lock_head(connection, log)
    reason = contradiction(connection, head.sequence, found)
    if reason is None or reason == head.read_only:
        return head.read_only
    set_read_only(connection, log, reason)
    return reason


def contradiction(connection: Connection, sequence: int, found: Published) -> str | None:
    """Return why a topic is not that of a log that ends at a sequence, None where nothing speaks against it."""
    log_id = log_id_of(connection)
    if found.mark is not None and found.mark.log_id != log_id:
        return f"its topic is that of another log of this name: its id is {log_id}, the topic's {found.mark.log_id}"
    if found.sequence > sequence:
        return f"it has lost events: it ends at {sequence}, and its topic at {found.sequence}"
    if found.line is not None and body_of(connection, found.line.sequence) != found.line.body:
        return f"its topic has another event at {found.line.sequence}"
    return None


def log_id_of(connection: Connection) -> UUID:
    """Return the id of the log in a database."""
    log_id: UUID = connection.execute(select(HEAD.c.log_id)).scalar_one()
    return log_id


def body_of(connection: Connection, sequence: int) -> bytes | None:
    """Return the bytes of the event at a sequence, None where there is none."""
    body: bytes | None = connection.execute(select(EVENT.c.body).where(EVENT.c.sequence == sequence)).scalar()
    return body


def _mark_of(log: LogName, record: Any) -> Mark | None:
    try:
        mark = decode_mark(record.value)
        _ = mark.closed
    except (msgspec.MsgspecError, TypeError, ValueError):
        return None
    return mark if mark.log == log else None
