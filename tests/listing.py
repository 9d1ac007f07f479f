"""What events make of the rows of lists, without a database."""

from typing import Any

from wco_common.event import RecordedEvent
from wco_common.instant import format_instant
from wco_common.lists.deriving import replayed
from wco_common.lists.table import Key, Row, Version
from wco_common.lists.writing import ListTables

Told = tuple[str, str, dict[str, Any]]
"""An event's name, subject and data."""


class Listed:
    """Every version of every row."""

    def __init__(self, versions: dict[str, dict[Key, list[Version]]]) -> None:
        self._versions = versions

    def versions(self, table: str, *key: str) -> list[Version]:
        return self._versions[table].get(key, [])

    def row(self, table: str, *key: str) -> Row:
        """The row as it stands; it must be there."""
        row = self._versions[table][key][-1].row
        assert row is not None
        return row

    def rows(self, table: str) -> dict[Key, Row]:
        """The rows as they stand."""
        last = {key: versions[-1].row for key, versions in self._versions[table].items()}
        return {key: row for key, row in last.items() if row is not None}


def listed(tables: ListTables, *events: Told) -> Listed:
    """Derive rows of events that are recorded one after the other."""
    return Listed(replayed(tables.derived, [_recorded(number, *event) for number, event in enumerate(events, 1)]))


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
