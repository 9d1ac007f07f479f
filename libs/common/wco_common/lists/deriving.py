"""What events make of rows: pure, and the same in whatever batches they come.

An event gives rows their content; a row adds to totals, which are rows too, and these may add to further ones. A row
that changes adds the difference, so a correction or a retraction needs nothing of its own.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from operator import itemgetter
from typing import Any

from wco_common.event import RecordedEvent
from wco_common.instant import Instant, parse_instant
from wco_common.lists.table import Key, ListTable, Row, Version, version_of
from wco_events.event_type import name_of, type_of

Change = Callable[[Row], Row | None]
"""Makes a row's new content of the one before, which is empty where there was none. None takes the row away.

It raises KeyError or TypeError where the event cannot follow on what is recorded.
"""

Gives = Callable[[RecordedEvent], Iterable[tuple[Key, Change]]]
"""The rows that an event gives content to, none twice."""

Amounts = dict[str, "int | Amounts"]
"""Numbers by name, and those of a group by the group's name."""

Addition = tuple[str, Key, Amounts]
"""The table and key of a total, and what is added to its fields."""

Unfolded = tuple[str, Key, Row]
"""The table and key of a row, and what it says."""


@dataclass(frozen=True)
class Derived:
    """Where the rows of a table come from: `gives` by the event's name, or what rows of other tables add or unfold.

    `adds` names totals that a row adds to, none twice; `unfolds` rows that are told by this one alone. Tables stand in
    an order in which each has effects only on later ones.
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
        self._changes: dict[str, dict[Key, list[tuple[int, _Step]]]] = defaultdict(lambda: defaultdict(list))
        self._recorded_at: dict[int, Instant] = {}
        given: dict[str, list[tuple[dict[Key, list[tuple[int, _Step]]], Gives]]] = defaultdict(list)
        for each in tables:
            for name, gives in each.gives.items():
                given[type_of(name)].append((self._changes[each.table.name], gives))
        for event in events:
            sequence = int(event.sequence)
            self._recorded_at[sequence] = parse_instant(event.recordedtime)
            for changes, gives in given.get(event.type, ()):
                for key, change in gives(event):
                    changes[key].append((sequence, change))

    def wanted(self, table: ListTable) -> list[Key]:
        """Return the keys of the rows whose versions before the run `derive` needs."""
        return list(self._changes[table.name])

    def derive(self, derived: Derived, before: Mapping[Key, Version]) -> dict[Key, list[Version]]:
        """Return the new versions of each row that changes, in order."""
        result: dict[Key, list[Version]] = {}
        has_effects = derived.adds is not None or derived.unfolds is not None
        recorded_at = self._recorded_at
        for key, steps in self._changes[derived.table.name].items():
            row = before[key].row if key in before else None
            versions = result[key] = []
            # What comes of one event comes together, in the order in which it was worked out.
            steps.sort(key=_sequence)
            was = row
            for place, (sequence, step) in enumerate(steps, start=1):
                row = _sum(step, row) if type(step) is dict else step(row or {})  # type: ignore[operator]
                if place < len(steps) and steps[place][0] == sequence:
                    continue
                versions.append(version_of((key, row, sequence, recorded_at[sequence])))
                if has_effects:
                    self._affect(derived, key, sequence, was, row)
                    was = row
        return result

    def _affect(self, derived: Derived, key: Key, sequence: int, was: Row | None, now: Row | None) -> None:
        """Note what has to change for the effects of what a row says to take the place of those of what it said."""
        changes = self._changes
        if derived.adds is not None:
            added = {} if was is None else {(table, total): adds for table, total, adds in derived.adds(key, was)}
            for table, total, adds in derived.adds(key, now) if now is not None else ():
                # Nearly always there was nothing, or the same.
                before = added.pop((table, total), None) if added else None
                if before != adds and _is_something(difference := _difference(before, adds) if before else adds):
                    changes[table][total].append((sequence, difference))
            for (table, total), before in added.items():
                if _is_something(before):
                    changes[table][total].append((sequence, _difference(before, {})))
        if derived.unfolds is not None:
            unfolded, unfolds = (
                {} if row is None else {(table, other): said for table, other, said in derived.unfolds(key, row)}
                for row in (was, now)
            )
            for table, other in unfolded | unfolds:
                new = unfolds.get((table, other))
                if unfolded.get((table, other)) != new:
                    changes[table][other].append((sequence, partial(_replaced, new)))


_Step = Change | dict[str, Any]
"""What an event does to a row: a change, or what it adds to the fields of a total."""


def _difference(before: Amounts, after: Amounts) -> dict[str, Any]:
    """Return what has to be added to what some amounts were added to, for others to take their place."""
    difference: dict[str, Any] = {}
    for name in {**before, **after}:
        was, now = before.get(name), after.get(name)
        if type(was) is dict or type(now) is dict:
            difference[name] = _difference(was or {}, now or {})  # type: ignore[arg-type]
        else:
            difference[name] = (now or 0) - (was or 0)  # type: ignore[operator]
    return difference


def _is_something(amounts: Amounts) -> bool:
    return any(_is_something(amount) if type(amount) is dict else amount for amount in amounts.values())


def _sum(adds: Amounts, row: Row | None) -> dict[str, Any]:
    """Return a row to which amounts are added. Neither is changed; what is returned may have parts of both."""
    if not row:
        return adds
    summed = dict(row)
    for name, amount in adds.items():
        before = summed.get(name)
        if not before:
            summed[name] = amount
        elif type(amount) is dict:
            summed[name] = _sum(amount, before)
        else:
            summed[name] = before + amount
    return summed


def _replaced(new: Row | None, row: Row) -> Row | None:
    return new


_sequence: Callable[[tuple[int, _Step]], int] = itemgetter(0)


def event_name(event: RecordedEvent) -> str:
    """Return an event's type without prefix and suffix."""
    return name_of(event.type)


def happened(event: RecordedEvent) -> dict[str, Any]:
    """Return what the fields `event` and `reason` say of the last thing that happened to a row."""
    return {"event": event_name(event), "reason": event.data.get("reason")}


def by_subject(change: Callable[[RecordedEvent, Row], Row | None]) -> Gives:
    """Return what an event gives whose subject is the key of one row."""
    return lambda event: [((event.subject,), lambda row: change(event, row))]
