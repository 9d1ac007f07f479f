"""What a relay says of itself: how far it is, and when it last was seen to be so."""

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from wco_common.instant import Instant
from wco_common.lease import Standing


class LogHead(NamedTuple):
    """The head of a log as it stands; `read_only` is why nothing may be recorded, None where nothing hinders it."""

    log_id: UUID
    sequence: int
    closed: Instant
    read_only: str | None


@dataclass
class Heartbeat:
    """Written by a relay at every step, read by its metrics and its readiness. Times in seconds, monotonic.

    How far the log is, is looked up beside the publishing: what hangs on Kafka does not know that it lags.
    """

    is_active: bool = False
    """Whether this relay has the lease, and so publishes."""
    beat_at: float = field(default_factory=time.monotonic)
    """When it last was through with all there was to publish, or saw that another publishes."""
    failure: str | None = None
    """Why it published nothing when it last tried, None once it has again."""

    sequence: int = 0
    """Up to where the topic has the log's events, as far as a broker has answered."""
    closed: Instant = 0
    """Up to when the last mark closes the topic."""
    events: int = 0
    marks: int = 0
    """How many it has published."""
    failures: Counter[str] = field(default_factory=Counter)
    """How often it had to begin anew, by the kind of error."""

    looked_at: float = field(default_factory=time.monotonic)
    """When the database last answered."""
    head: int = 0
    """The log's last sequence."""
    read_only: str | None = None
    """Why the log is read-only, None where it is not."""
    lease: Standing | None = None
    """Who has the lease."""

    @property
    def lag(self) -> int:
        """How many events of the log the topic does not have."""
        return max(0, self.head - self.sequence)

    def saw(self, head: LogHead, lease: Standing | None) -> None:
        """Take note of how the database has it."""
        self.looked_at = time.monotonic()
        self.head, self.read_only, self.lease = head.sequence, head.read_only, lease

    def wrote(self, sequence: int, events: int) -> None:
        """Take note that a broker has answered for so many events, up to a sequence."""
        self.sequence = sequence
        self.events += events

    def marked(self, closed: Instant) -> None:
        """Take note of a mark that a broker has answered for."""
        self.closed = closed
        self.marks += 1

    def beat(self) -> None:
        """Take note that there is nothing left to do now."""
        self.beat_at = time.monotonic()
        self.failure = None

    def failed(self, error: BaseException) -> bool:
        """Take note that it has to begin anew, and say whether that is news."""
        kind = type(error).__name__
        self.failures[kind] += 1
        before, self.failure = self.failure, f"{kind}: {error}".splitlines()[0]
        return self.failure != before

    def hindrance(self, silence: float) -> str | None:
        """Return why the log is not published, None where it is, by this relay or by another.

        For so many seconds it may be busy, or wait, without a beat.
        """
        now = time.monotonic()
        if now - self.looked_at > silence:
            return f"cannot read the log's database for {now - self.looked_at:.0f} s"
        if self.read_only is not None:
            return f"publishes nothing of a log that is read-only: {self.read_only}"
        if self.failure is not None:
            return f"publishes nothing: {self.failure}"
        if now - self.beat_at > silence:
            return f"has not been through with {self.lag} events for {now - self.beat_at:.0f} s"
        return None
