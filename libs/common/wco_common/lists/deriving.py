"""What events make of rows: pure, and the same in whatever batches they come.

An event gives rows their content; a row adds to totals, which are rows too, and these may add to further ones. A row
that changes adds the difference, so a correction or a retraction needs nothing of its own.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from wco_common.event import RecordedEvent
from wco_common.instant import Instant, parse_instant
from wco_common.lists.table import Key, ListTable, Row, Version
from wco_events.event_type import PREFIX, SUFFIX

Change = Callable[[Row], Row | None]
"""Makes a row's new content of the one before, which is empty where there was none. None takes the row away.

It raises KeyError or TypeError where the event cannot follow on what is recorded.
"""

Gives = Callable[[RecordedEvent], Iterable[tuple[Key, Change]]]
"""The rows that an event gives content to, none twice."""

Addition = tuple[str, Key, Mapping[str, int]]
"""The table and key of a total, and what is added to its fields."""

Unfolded = tuple[str, Key, Row]
"""The table and key of a row, and what it says."""


@dataclass(frozen=True)
class Derived:
    """Where the rows of a table come from: `gives` by the event's name, or what rows of other tables add or unfold.

    `adds` names totals that a row adds to, `unfolds` rows that are told by this one alone. Tables stand in an order
    in which each has effects only on later ones.
    """

    table: ListTable
    gives: Mapping[str, Gives] = field(default_factory=dict)
    adds: Callable[[Key, Row], Iterable[Addition]] | None = None
    unfolds: Callable[[Key, Row], Iterable[Unfolded]] | None = None


class Derivation:
    """A run of events of one log, being made into versions of rows.

    For each table in order: `wanted` names the rows that it needs, `derive` takes them as they are before the run,
    and returns what becomes of them.
    """

    def __init__(self, tables: Iterable[Derived], events: Iterable[RecordedEvent]) -> None:
        self._changes: dict[str, dict[Key, dict[int, list[Change]]]] = defaultdict(dict)
        self._recorded_at: dict[int, Instant] = {}
        given = [(each.table.name, each.gives) for each in tables]
        for event in events:
            name = event_name(event)
            sequence = int(event.sequence)
            self._recorded_at[sequence] = parse_instant(event.recordedtime)
            for table, gives in given:
                for key, change in gives[name](event) if name in gives else ():
                    self._change(table, key, sequence, change)

    def _change(self, table: str, key: Key, sequence: int, change: Change) -> None:
        self._changes[table].setdefault(key, {}).setdefault(sequence, []).append(change)

    def wanted(self, table: ListTable) -> list[Key]:
        """Return the keys of the rows whose versions before the run `derive` needs."""
        return list(self._changes[table.name])

    def derive(self, derived: Derived, before: Mapping[Key, Version]) -> dict[Key, list[Version]]:
        """Return the new versions of each row that changes, in order."""
        result: dict[Key, list[Version]] = {}
        has_effects = derived.adds is not None or derived.unfolds is not None
        for key, by_sequence in self._changes[derived.table.name].items():
            row = before[key].row if key in before else None
            effects = _Effects(derived, key, row) if has_effects else None
            versions = result[key] = []
            for sequence in sorted(by_sequence):
                for change in by_sequence[sequence]:
                    row = change(row or {})
                versions.append(Version(key, row, sequence, self._recorded_at[sequence]))
                if effects is not None:
                    was, effects = effects, _Effects(derived, key, row)
                    for table, affected, change in effects.since(was):
                        self._change(table, affected, sequence, change)
        return result


class _Effects:
    """What a row adds to totals, and what it unfolds."""

    __slots__ = ("additions", "unfolded")

    def __init__(self, derived: Derived, key: Key, row: Row | None) -> None:
        self.additions: dict[tuple[str, Key], dict[str, int]] = {}
        self.unfolded: dict[tuple[str, Key], Row] = {}
        if row is None:
            return
        if derived.adds is not None:
            for table, total, adds in derived.adds(key, row):
                so_far = self.additions.setdefault((table, total), {})
                for name, number in adds.items():
                    so_far[name] = so_far.get(name, 0) + number
        if derived.unfolds is not None:
            self.unfolded = {(table, other): unfolded for table, other, unfolded in derived.unfolds(key, row)}

    def since(self, was: "_Effects") -> Iterator[tuple[str, Key, Change]]:
        """Yield what has to change for these effects to take the place of others."""
        for total in {**was.additions, **self.additions}:
            before, after = was.additions.get(total, _NOTHING), self.additions.get(total, _NOTHING)
            if before != after:
                difference = {name: after.get(name, 0) - before.get(name, 0) for name in {**before, **after}}
                if any(difference.values()):
                    yield *total, partial(_sum, difference)
        for other in {**was.unfolded, **self.unfolded}:
            if was.unfolded.get(other) != self.unfolded.get(other):
                yield *other, partial(_replaced, self.unfolded.get(other))


_NOTHING: Mapping[str, int] = {}


def _sum(difference: Mapping[str, int], row: Row) -> Row:
    return {**row, **{name: row.get(name, 0) + number for name, number in difference.items()}}


def _replaced(new: Row | None, row: Row) -> Row | None:
    return new


def event_name(event: RecordedEvent) -> str:
    """Return an event's type without prefix and suffix."""
    return event.type.removeprefix(PREFIX).removesuffix(SUFFIX)


def happened(event: RecordedEvent) -> dict[str, Any]:
    """Return what the fields `event` and `reason` say of the last thing that happened to a row."""
    return {"event": event_name(event), "reason": event.data.get("reason")}


def by_subject(change: Callable[[RecordedEvent, Row], Row | None]) -> Gives:
    """Return what an event gives whose subject is the key of one row."""
    return lambda event: [((event.subject,), lambda row: change(event, row))]
