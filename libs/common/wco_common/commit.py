"""The transactions of a log: what happens between the lock on its head and COMMIT."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from typing import Any

import msgspec
from sqlalchemy import Connection

from wco_common.canonical import canonical
from wco_common.clock import Clock, ClockLeapt
from wco_common.decider import Decider, Key, State
from wco_common.event import Receipt
from wco_common.instant import Instant
from wco_common.log import Head
from wco_common.problem import Unavailable
from wco_common.rows import Statement, adding, putting, rows_of, rows_of_each, send
from wco_common.schema import ENTITY, EVENT, SUBJECT
from wco_common.sequencing import Entry, Record, Request, Sequencing
from wco_common.statements import ENTRIES, STATES, VERSIONS, lock_head, move_head, moving_head
from wco_events.event_type import LogName

Outcome = list[Receipt] | Exception
"""What became of a request: its receipts, or why it was refused."""


@dataclass(frozen=True, slots=True)
class Group:
    """What one transaction makes of the requests that share it."""

    outcomes: list[Outcome]
    added: list[Entry]
    head: Head


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a group whose commit was in doubt, and the head as it is."""

    recorded: bool
    head: Head


@dataclass(frozen=True, slots=True)
class LogTransactions:
    """The transactions of one log. Each locks the head first, so that they happen one after the other."""

    log: LogName
    decider: Decider
    clock: Clock

    def append(self, connection: Connection, requests: Sequence[Request], close: Instant | None) -> Group:
        """Record what of the requests can be recorded; raise the closed time, if `close` is given to at least that."""
        head, read_only = self._lock(connection)
        recordedtime: Instant | Unavailable
        try:
            now = self.clock.now()
            recordedtime = max(now, head.closed + 1)
        except ClockLeapt as leapt:
            now, recordedtime = head.closed, Unavailable(str(leapt))
        if read_only is not None:
            # Nor is its time closed: events that it may get back were recorded after the closed time that it has.
            close, recordedtime = None, Unavailable(f"{self.log} is read-only: {read_only}")
        record = look_up(connection, requests, head.sequence)
        sequencing = Sequencing(self.log, self.decider, record, recordedtime)
        outcomes = [_outcome(sequencing, request) for request in requests]
        closed = sequencing.added[-1].recorded_at if sequencing.added else head.closed
        if close is not None:
            closed = max(closed, now, close)
        to = Head(record.sequence, closed)
        send(connection, chain(writing(connection, sequencing), self._moving(connection, head, to)))
        return Group(outcomes, sequencing.added, to)

    def settle(self, connection: Connection, group: Group) -> Settled:
        """Look up what there is of a commit in doubt. What is not there will never be.

        The lock waits for a transaction that is still at its end. And the closed time moves on, so that this
        transaction writes: on SQLite it overwrites pages that the other may have left behind a failed sync, from
        which a crash would make a commit.
        """
        head, _ = self._lock(connection)
        entries = _entries(connection, [entry.key for entry in group.added])
        recorded = all(entries.get(entry.key) == entry for entry in group.added)
        to = Head(head.sequence, max(head.closed + 1, group.head.closed))
        send(connection, self._moving(connection, head, to))
        return Settled(recorded, to)

    def _lock(self, connection: Connection) -> tuple[Head, str | None]:
        sequence, closed, read_only = lock_head(connection, self.log)
        return Head(sequence, closed), read_only

    def _moving(self, connection: Connection, head: Head, to: Head) -> Iterator[Statement]:
        if to != head:
            yield moving_head(connection, self.log, to.sequence, to.closed)


def close(connection: Connection, log: LogName, clock: Clock, least: Instant = 0) -> Head:
    """Raise the closed time of a log to the clock, or to `least` where that is later, and return the head after it.

    A log that is read-only stays as it is, and with a clock that has leapt ahead only `least` counts.
    """
    sequence, closed, read_only = lock_head(connection, log)
    if read_only is None:
        with suppress(ClockLeapt):
            least = max(least, clock.now())
        if least > closed:
            closed = least
            move_head(connection, log, sequence, closed)
    return Head(sequence, closed)


def _outcome(sequencing: Sequencing, request: Request) -> Outcome:
    # Whatever a request meets, a defect of a rule too, is its own: its neighbours go on.
    try:
        return sequencing.admit(request)
    except Exception as error:
        return error


def look_up(connection: Connection, requests: Sequence[Request], sequence: int) -> Record:
    """Return what is recorded up to a sequence, as far as some requests concern it."""
    record = Record(sequence, {}, {}, {})
    entries, versions, states = rows_of_each(
        connection,
        [
            (ENTRIES, {(key,) for request in requests for key in request.keys}),
            (VERSIONS, {(event.kind, event.subject) for request in requests for event in request.events}),
            (STATES, {key for request in requests for keys in request.concerns for key in keys}),
        ],
    )
    record.entries = _by_key(entries)
    for kind, subject, version, _ in versions:
        record.versions[kind, subject] = version
    for kind, id_, state in states:
        record.states[kind, id_] = _decode(state)
    return record


def _entries(connection: Connection, keys: Collection[bytes]) -> dict[bytes, Entry]:
    return _by_key(rows_of(connection, ENTRIES, [(key,) for key in keys]))


def _by_key(rows: Iterable[Sequence[Any]]) -> dict[bytes, Entry]:
    return {entry.key: entry for entry in map(Entry._make, rows)}


def writing(connection: Connection, sequencing: Sequencing) -> Iterator[Statement]:
    """Yield what writes all that a commit adds, but for the head."""
    yield from adding(connection, EVENT, sequencing.added)
    subjects = [(*subject, entry.subjectversion, entry.sequence) for subject, entry in sequencing.versions.items()]
    yield from putting(connection, SUBJECT, subjects)
    yield from putting(connection, ENTITY, _entity_rows(sequencing.changed_states()))
    yield from adding(connection, ENTITY, _entity_rows(sequencing.new_states()))


def _entity_rows(states: Iterable[tuple[Key, State]]) -> list[tuple[str, str, str]]:
    return [(*key, canonical(state).decode()) for key, state in states]


_decode = msgspec.json.Decoder(dict[str, Any]).decode
