"""What a commit adds to a log: requests judged one after the other, each on what those before it left. Pure."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import NamedTuple, Self

import msgspec

from wco_common.canonical import canonical
from wco_common.decider import Decider, Key, State, later_than_tomorrow
from wco_common.event import Event, Receipt
from wco_common.instant import Instant, utc_day
from wco_common.problem import Conflict, IdReused, Invalid, Unavailable, VersionMismatch
from wco_common.trace_context import TraceContext
from wco_events.event_type import LogName
from wco_events.fault import Fault

Subject = tuple[str, str]
"""(kind, subject)."""


def idempotency_key(event: Event) -> bytes:
    """Return the key under which an event can be recorded once: a digest of (source, id)."""
    return sha256(canonical([event.source, event.id])).digest()


class Request(msgspec.Struct, frozen=True):
    """Events to be recorded together or not at all, with what can be worked out about them beforehand.

    `batch` says whether faults are to name the event's place among them.
    """

    events: Sequence[Event]
    batch: bool
    if_match: int | None
    dry_run: bool
    trace: TraceContext
    keys: Sequence[bytes]
    concerns: Sequence[Collection[Key]]

    @classmethod
    def of(
        cls,
        events: Sequence[Event],
        decider: Decider,
        batch: bool,
        if_match: int | None,
        *,
        dry_run: bool,
        trace: TraceContext,
    ) -> Self:
        """Return a request, with its events' idempotency keys and what they concern."""
        return cls(
            events,
            batch,
            if_match,
            dry_run,
            trace,
            [idempotency_key(event) for event in events],
            [decider.concerns(event) for event in events],
        )


class Entry(NamedTuple):
    """A recorded event: its row in the event table."""

    sequence: int
    recorded_at: Instant
    key: bytes
    type: str
    subject: str
    subjectversion: int
    traceparent: str | None
    tracestate: str | None
    body: bytes

    def holds(self, event: Event) -> bool:
        """Say whether it is this event that was recorded here: recorded again, it gives the same bytes."""
        return event.recorded(self.sequence, self.recorded_at, self.subjectversion) == self.body


@dataclass(slots=True)
class Record:
    """What is recorded, as far as some requests concern it: entries by idempotency key, versions, states."""

    sequence: int
    entries: dict[bytes, Entry]
    versions: dict[Subject, int]
    states: dict[Key, State]


class Sequencing:
    """Gives the events of one commit their places.

    `added`, `versions` and `states` are what is to be written; `recordedtime` is that of the whole commit, or why
    nothing may be recorded.
    """

    def __init__(self, log: LogName, decider: Decider, record: Record, recordedtime: Instant | Unavailable) -> None:
        self._log = log
        self._decider = decider
        self._record = record
        self._recordedtime = recordedtime
        self._there = frozenset(record.states)
        self.added: list[Entry] = []
        self.versions: dict[Subject, Entry] = {}
        self.states: dict[Key, State] = {}

    def new_states(self) -> Iterator[tuple[Key, State]]:
        """Yield the states of which there were none."""
        return (one for one in self.states.items() if one[0] not in self._there)

    def changed_states(self) -> Iterator[tuple[Key, State]]:
        """Yield the states that are to be put in the place of others."""
        return (one for one in self.states.items() if one[0] in self._there)

    def admit(self, request: Request) -> list[Receipt]:
        """Place the events of a request and return their receipts, or raise a Problem and leave all as it was."""
        recordedtime = self._time_for(request)
        draft = Record(self._record.sequence, {}, {}, {})
        added: dict[Subject, Entry] = {}
        receipts: list[Receipt] = []
        for index, event in enumerate(request.events):
            place = index if request.batch else None
            key = request.keys[index]
            entry = draft.entries.get(key) or self._record.entries.get(key)
            if entry is not None:
                if not entry.holds(event):
                    raise _reused(event, entry, place)
                receipts.append(self._receipt(event, entry, duplicate=True))
                continue
            subject = (event.kind, event.subject)
            version = draft.versions.get(subject) or self._record.versions.get(subject, 0)
            if request.if_match is not None and request.if_match != version:
                raise _mismatch(subject, version, request.if_match)
            states = {
                one: draft.states[one] if one in draft.states else self._record.states.get(one)
                for one in request.concerns[index]
            }
            if faults := self._decider.decide(event, states):
                raise Conflict(
                    "nothing is recorded: the event contradicts what is recorded",
                    [replace(fault, index=place) for fault in faults],
                )
            draft.states |= self._decider.evolve(event, states)
            draft.sequence += 1
            draft.versions[subject] = version = version + 1
            draft.entries[key] = added[subject] = entry = Entry(
                draft.sequence,
                recordedtime,
                key,
                event.event_type.type,
                event.subject,
                version,
                *request.trace,
                event.recorded(draft.sequence, recordedtime, version),
            )
            receipts.append(self._receipt(event, entry, duplicate=False))
        if not request.dry_run:
            self._keep(draft, added)
        return receipts

    def _time_for(self, request: Request) -> Instant:
        """Return the recorded time for a request's new events, once they are seen not to be dated after it."""
        new = [index for index, key in enumerate(request.keys) if key not in self._record.entries]
        if not new:
            return 0
        if isinstance(self._recordedtime, Unavailable):
            raise Unavailable(self._recordedtime.detail)
        today = utc_day(self._recordedtime)
        faults = [
            replace(fault, index=index if request.batch else None)
            for index in new
            for fault in later_than_tomorrow(request.events[index], today)
        ]
        if faults:
            raise Invalid("nothing is recorded: what has happened is dated later than tomorrow", faults)
        return self._recordedtime

    def _keep(self, draft: Record, added: dict[Subject, Entry]) -> None:
        self._record.sequence = draft.sequence
        self._record.entries |= draft.entries
        self._record.versions |= draft.versions
        self._record.states |= draft.states
        self.added += draft.entries.values()
        self.versions |= added
        self.states |= draft.states

    def _receipt(self, event: Event, entry: Entry, *, duplicate: bool) -> Receipt:
        return Receipt(
            self._log,
            entry.sequence,
            entry.recorded_at,
            event.source,
            event.id,
            event.subject,
            entry.subjectversion,
            duplicate,
        )


def _reused(event: Event, entry: Entry, place: int | None) -> IdReused:
    return IdReused(
        f"nothing is recorded: source {event.source} has used the id {event.id} for another event",
        [Fault("/id", f"was used by the same source for event {entry.sequence}, whose content is another", place)],
    )


def _mismatch(subject: Subject, version: int, expected: int) -> VersionMismatch:
    kind, name = subject
    there = f"is at version {version}" if version else "does not exist yet"
    return VersionMismatch(
        f"nothing is recorded: {kind} {name} {there}",
        [Fault("If-Match", f"names version {expected}, but {kind} {name} {there}")],
    )
