"""The first of the two seams: where events come from.

A `Log` is read after a position, waited on, and asked to close its time. In one process it is the event table
itself; in the cluster it is a Kafka topic with its marks. Whatever follows a log knows only this.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from wco_common.event import RecordedEvent, decode_recorded
from wco_common.instant import Instant
from wco_common.trace_context import TraceContext
from wco_events.event_type import LogName


@dataclass(frozen=True, slots=True)
class Head:
    """How far a log is: nothing will be recorded at or before `closed` beyond `sequence`."""

    sequence: int
    closed: Instant


@dataclass(slots=True)  # not frozen: that takes four times as long to make, and one is made of each event
class Line:
    """A recorded event as its canonical bytes, with its place and the trace that it came with.

    `event` is what the bytes say, where whoever gave the line has read them.
    """

    sequence: int
    body: bytes
    traceparent: str | None = None
    tracestate: str | None = None
    event: RecordedEvent | None = field(default=None, compare=False, repr=False)

    def read(self) -> RecordedEvent:
        """Return what the bytes say. Raises msgspec.ValidationError when they are no recorded event."""
        return self.event or decode_recorded(self.body)

    @property
    def trace(self) -> TraceContext:
        """The trace as the headers that it came with."""
        return TraceContext(self.traceparent, self.tracestate)


class Log(Protocol):
    """An ordered, dense, append-only sequence of recorded events whose time can be closed."""

    @property
    def name(self) -> LogName:
        """The log's name."""
        ...

    async def read(self, after: int, limit: int) -> Sequence[Line]:
        """Return up to `limit` events after a position, in order, without a gap."""
        ...

    async def head(self) -> Head:
        """Return the log's sequence and closed time as they stand."""
        ...

    async def close(self, least: Instant = 0) -> Head:
        """Raise the closed time to the clock, or to `least` where that is later, and return the head after it.

        It is durable before anybody is told. It is the log itself that says so, also where `head` and `read` hear of it
        late: what the head that is returned does not have was never recorded, or is no more. `least` is a time that
        another log has closed already: a clock that stepped back is behind it, and a moment needs all logs closed (a
        hybrid logical clock's rule).
        """
        ...

    async def wait(self, head: Head) -> Head:
        """Return as soon as the head is beyond the one given, in sequence or in closed time."""
        ...
