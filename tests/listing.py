"""What events make of the rows of lists, without a database."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from wco_common.event import RecordedEvent
from wco_common.instant import format_instant
from wco_common.lists.deriving import Derivation
from wco_common.lists.table import Key, Row, Version
from wco_common.lists.writing import ListTables

Told = tuple[str, str, dict[str, Any]]
"""An event's name, subject and data."""


class Listed:
    """Every version of every row, made of events in batches of any size."""

    def __init__(self, tables: ListTables) -> None:
        self._tables = tables
        self._versions: dict[str, dict[Key, list[Version]]] = {each.table.name: {} for each in tables.derived}

    def add(self, events: Sequence[RecordedEvent]) -> None:
        """Add what further events make of the rows."""
        derivation = Derivation(self._tables.derived, events)
        for derived in self._tables.derived:
            kept = self._versions[derived.table.name]
            before = {key: kept[key][-1] for key in derivation.wanted(derived.table) if key in kept}
            there = {key: version for key, version in before.items() if version.row is not None}
            for key, versions in derivation.derive(derived, there).items():
                kept.setdefault(key, []).extend(versions)

    def every(self) -> dict[str, dict[Key, list[Version]]]:
        """Every version, by table and key."""
        return self._versions

    def at(self, table: str, position: int) -> dict[Key, Row]:
        """The rows as they were at a position."""
        held = {}
        for key, versions in self._versions[table].items():
            until = bisect_right(versions, position, key=lambda version: version.sequence)
            if until and (row := versions[until - 1].row) is not None:
                held[key] = row
        return held

    def versions(self, table: str, *key: str) -> list[Version]:
        return self._versions[table].get(key, [])

    def row(self, table: str, *key: str) -> Row:
        """The row as it stands; it must be there."""
        row = self._versions[table][key][-1].row
        assert row is not None
        return row


def listed(tables: ListTables, *events: Told) -> Listed:
    """Derive rows of events that are recorded one after the other."""
    result = Listed(tables)
    result.add([_recorded(number, *event) for number, event in enumerate(events, 1)])
    return result


def _recorded(number: int, name: str, subject: str, data: dict[str, Any]) -> RecordedEvent:
    return RecordedEvent(
        source="urn:example:tests",
        id=str(number),
        type=f"org.wcoomd.{name}.v1",
        subject=subject,
        sequence=f"{number:016d}",
        recordedtime=format_instant(number),
        subjectversion=1,
        data=data,
    )
