"""Fill an empty log with the lines of another, as they were recorded."""

from collections.abc import Callable, Iterable
from functools import partial
from itertools import islice
from typing import Any
from uuid import uuid4

import msgspec
from sqlalchemy import Connection, update

from wco_common.canonical import canonical
from wco_common.clock import Clock
from wco_common.decider import Decider, Key, State
from wco_common.engine import DatabaseSettings, create_engine
from wco_common.event import LOG_ATTRIBUTES, Event
from wco_common.instant import Instant, format_instant, parse_instant
from wco_common.log import Head
from wco_common.problem import Problem
from wco_common.rows import add
from wco_common.schema import ENTITY, EVENT, HEAD, SUBJECT
from wco_common.sequencing import Entry, Subject, idempotency_key
from wco_common.statements import lock_head, move_head
from wco_common.trace_context import NO_TRACE
from wco_common.writer import writer
from wco_events.event_type import LogName

Admit = Callable[[dict[str, Any]], Event]
"""Makes an event of its attributes, without those of the log. Raises a Problem when it is none of this log's."""

_INSERTED_AT_ONCE = 2_000


class NotRestored(Exception):
    """The log is not empty, or what was to be restored is not what it would have recorded. It is as it was."""


async def restore(
    log: LogName,
    url: str,
    lines: Iterable[bytes],
    *,
    decider: Decider,
    admit: Admit,
    clock: Clock,
    closed: Instant | None = None,
    database: DatabaseSettings | None = None,
) -> Head:
    """Fill an empty log in a migrated database, and return its head.

    A line is an event's canonical bytes, with or without an end of line. Sequences, recorded times and versions stay.
    The log is closed up to `closed`, without it up to its last event. It gets a new id: that the empty one
    was closed up to some moment does not bind this one.

    All in one transaction: a crash leaves the log empty. Raises NotRestored, naming the line; NotCommitted when the
    database fails; CommitInDoubt when it does so at the very end.
    """
    database = database or DatabaseSettings()
    engine = create_engine(url, database)
    writes = writer(engine, database)
    try:
        return await writes.transact(partial(_restore, log, _Restoring(decider, admit, clock.now()), lines, closed))
    finally:
        await writes.aclose()
        await engine.dispose()


def _restore(
    log: LogName, restoring: "_Restoring", lines: Iterable[bytes], closed: Instant | None, connection: Connection
) -> Head:
    if sequence := lock_head(connection, log).sequence:
        raise NotRestored(f"the log {log} is not empty: it has {sequence} events")
    rest = iter(lines)
    while entries := [restoring.entry(line.rstrip(b"\r\n")) for line in islice(rest, _INSERTED_AT_ONCE)]:
        add(connection, EVENT, entries)
    add(connection, SUBJECT, [(*subject, *last) for subject, last in restoring.versions.items()])
    add(connection, ENTITY, [(*key, canonical(state).decode()) for key, state in restoring.states.items()])
    head = restoring.head(closed)
    connection.execute(update(HEAD).values(log_id=uuid4()))
    move_head(connection, log, head.sequence, head.closed)
    return head


class _Restoring:
    """What the lines restored so far amount to."""

    def __init__(self, decider: Decider, admit: Admit, now: Instant) -> None:
        self._decider = decider
        self._admit = admit
        self._now = now
        self._sequence = 0
        self._recordedtime = 0
        self._keys: set[bytes] = set()
        self.versions: dict[Subject, tuple[int, int]] = {}
        """Version and last sequence."""
        self.states: dict[Key, State] = {}

    def entry(self, line: bytes) -> Entry:
        """Return the row of the next line. Raises NotRestored."""
        self._sequence += 1
        try:
            return self._entry(line)
        except Problem as problem:
            faults = [f"{fault.pointer} {fault.detail}" for fault in problem.faults]
            raise NotRestored(f"line {self._sequence}: {'; '.join(faults) or problem.detail}") from problem
        except (msgspec.DecodeError, LookupError, TypeError, ValueError) as error:
            raise NotRestored(f"line {self._sequence}: {type(error).__name__}: {error}") from error

    def _entry(self, line: bytes) -> Entry:
        attributes = _decode(line)
        recordedtime = parse_instant(attributes["recordedtime"])
        if not self._recordedtime <= recordedtime <= self._now:
            raise ValueError(
                f"was recorded at {format_instant(recordedtime)}, which is before the line above, or still to come"
            )
        event = self._admit({name: value for name, value in attributes.items() if name not in LOG_ATTRIBUTES})
        subject = (event.kind, event.subject)
        version = self.versions.get(subject, (0, 0))[0] + 1
        if event.recorded(self._sequence, recordedtime, version) != line:
            raise ValueError(
                f"is not what the log records at sequence {self._sequence} as version {version} of its subject"
            )
        key = idempotency_key(event)
        if key in self._keys:
            raise ValueError(f"source {event.source} has used the id {event.id} before")
        self._keys.add(key)
        self._recordedtime = recordedtime
        self.versions[subject] = (version, self._sequence)
        states = {one: self.states.get(one) for one in self._decider.concerns(event)}
        self.states |= self._decider.evolve(event, states)
        return Entry(self._sequence, recordedtime, key, event.event_type.type, event.subject, version, *NO_TRACE, line)

    def head(self, closed: Instant | None) -> Head:
        """Return the head after the last line."""
        if closed is not None and not self._recordedtime <= closed <= self._now:
            raise NotRestored(
                f"closed up to {format_instant(closed)}, which is before its last event, or still to come"
            )
        return Head(self._sequence, self._recordedtime if closed is None else closed)


_decode = msgspec.json.Decoder(dict[str, Any]).decode
