"""A small whole bundle: every event type's example, recorded in the order of the registry."""

from collections import Counter
from pathlib import Path

import pytest

from wco_common.bundle import LogWriter, Manifest, write_manifest
from wco_common.event import Event
from wco_common.instant import format_instant, parse_instant
from wco_events.event_type import LOG_NAMES, LogName
from wco_events.registry import EVENT_TYPES_BY_LOG

BEGIN = parse_instant("2025-07-01T09:00:00Z")
CLOSED = "2025-07-02T00:00:00.000000Z"


def recorded(log: LogName) -> list[bytes]:
    """The canonical lines of a log that recorded its types' examples, two a second."""
    versions: Counter[tuple[str, str]] = Counter()
    lines = []
    for sequence, event_type in enumerate(EVENT_TYPES_BY_LOG[log], start=1):
        event = Event(event_type, {"datacontenttype": "application/json"} | dict(event_type.example))
        versions[event.kind, event.subject] += 1
        time = BEGIN + sequence // 2 * 1_000_000
        lines.append(event.recorded(sequence, time, versions[event.kind, event.subject]))
    return lines


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """The folder of a bundle that holds."""
    folder = tmp_path / "bundle"
    folder.mkdir()
    entries = {}
    for log in LOG_NAMES:
        with LogWriter(folder, log) as file:
            for line in recorded(log):
                file.write(line)
        entries[log] = file.entry(CLOSED)
    write_manifest(folder, Manifest(entries))
    assert format_instant(BEGIN) < CLOSED
    return folder
