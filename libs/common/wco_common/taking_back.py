"""Taking events that a log has lost back from its topic, as they were recorded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest
from typing import Any

import msgspec
from sqlalchemy import Connection, select, update

from wco_common.commit import look_up, writing
from wco_common.decider import Decider
from wco_common.event import LOG_ATTRIBUTES
from wco_common.instant import Instant, parse_instant
from wco_common.log import Line
from wco_common.mark import Mark
from wco_common.problem import Problem
from wco_common.published import body_of
from wco_common.restore import Admit
from wco_common.rows import send
from wco_common.schema import EVENT, HEAD
from wco_common.sequencing import Request, Sequencing
from wco_common.statements import LockedHead, lock_head, move_head
from wco_events.event_type import LogName


class NotHealed(Exception):
    """The log cannot be healed like this, or need not be. It is read-only as before. The message is a sentence."""


@dataclass(frozen=True, slots=True)
class TakingBack:
    """The transactions by which a log gets events back.

    They are admitted, judged and given their places as when they were recorded, one commit of then after the other,
    at the time of then; and what comes of it has to be what the topic has, to the byte.
    """

    log: LogName
    decider: Decider
    admit: Admit
    mark: Mark | None
    """The last that the topic was closed by."""

    def take(self, connection: Connection, lines: Sequence[Line]) -> int:
        """Record some lines that follow on the log, in order, and return how many. What it has has to be the same.

        Raises NotHealed, and then nothing is recorded.
        """
        head = self._lock(connection)
        if not head.sequence and self.mark is not None:
            # An empty log becomes the one that it gets its events from: that there is another begins with an event.
            connection.execute(update(HEAD).values(log_id=self.mark.log_id))
        for line in lines:
            if line.sequence <= head.sequence and body_of(connection, line.sequence) != line.body:
                raise NotHealed(f"the topic has another event at {line.sequence} than the log")
        new = [line for line in lines if line.sequence > head.sequence]
        recorded = connection.execute(select(EVENT.c.recorded_at).where(EVENT.c.sequence == head.sequence))
        sequence, time, closed = head.sequence, recorded.scalar() or 0, head.closed
        for recordedtime, some in groupby(map(_read, new), key=lambda one: one[2]):
            if recordedtime < time:
                raise NotHealed(f"event {sequence + 1} of the topic was recorded before the one above it")
            sequence = self._record(connection, sequence, recordedtime, [(line, event) for line, event, _ in some])
            time, closed = recordedtime, max(closed, recordedtime)
        move_head(connection, self.log, sequence, closed)
        return len(new)

    def _record(
        self, connection: Connection, sequence: int, recordedtime: Instant, some: Iterable[tuple[Line, dict[str, Any]]]
    ) -> int:
        """Record the events of one commit of then after a sequence, and return the last one's."""
        lines, requests = [], []
        for line, attributes in some:
            lines.append(line)
            requests.append(self._request(line, attributes))
        record = look_up(connection, requests, sequence)
        sequencing = Sequencing(self.log, self.decider, record, recordedtime)
        for line, request in zip(lines, requests, strict=True):
            try:
                sequencing.admit(request)
            except Problem as problem:
                raise _not_recordable(line, problem) from problem
        for line, entry in zip_longest(lines, sequencing.added):
            if entry is None or entry.body != line.body:  # where it is a duplicate, there is none
                raise NotHealed(f"event {line.sequence} of the topic is not what the log records there")
        send(connection, writing(connection, sequencing))
        return record.sequence

    def _request(self, line: Line, attributes: dict[str, Any]) -> Request:
        own = {name: value for name, value in attributes.items() if name not in LOG_ATTRIBUTES}
        try:
            event = self.admit(own)
        except Problem as problem:
            raise _not_recordable(line, problem) from problem
        return Request.of([event], self.decider, False, None, dry_run=False, trace=line.trace)

    def _lock(self, connection: Connection) -> LockedHead:
        head = lock_head(connection, self.log)
        if head.read_only is None:
            raise NotHealed(f"{self.log} was healed meanwhile")
        return head


def _read(line: Line) -> tuple[Line, dict[str, Any], Instant]:
    try:
        attributes = _decode(line.body)
        return line, attributes, parse_instant(attributes["recordedtime"])
    except (msgspec.MsgspecError, LookupError, TypeError, ValueError) as error:
        raise NotHealed(f"event {line.sequence} of the topic is no recorded event: {error}") from error


def _not_recordable(line: Line, problem: Problem) -> NotHealed:
    faults = "; ".join(f"{fault.pointer} {fault.detail}" for fault in problem.faults) or problem.detail
    return NotHealed(f"event {line.sequence} of the topic is none that the log would record: {faults}")


_decode = msgspec.json.Decoder(dict[str, Any]).decode
