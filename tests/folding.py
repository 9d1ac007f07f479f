"""Folding histories in tests: in memory up to a position, and by versions in a dictionary."""

import json
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from histories import History
from wco_common.event import RecordedEvent, decode_recorded
from wco_common.instant import Instant, format_instant, parse_instant, utc_day
from wco_events.event_type import LOG_NAMES, LogName
from wco_kpi.board import Board
from wco_kpi.cell import EMPTY, LEVELS, Address, Cell
from wco_kpi.fold import Batch
from wco_kpi.group import Group
from wco_kpi.loaded import Loaded
from wco_kpi.memory import Memory
from wco_kpi.walk import Move, Place, Version, in_order

EXAMPLES = Path(__file__).parent / "examples"
CATALOGUE = Path(__file__).parents[1] / "data" / "wco_data" / "sp-2022-2025.json"

Events = dict[LogName, list[RecordedEvent]]


def decoded(history: History) -> Events:
    """Return a history's events, decoded."""
    return {log: [decode_recorded(line) for line in lines] for log, lines in history.items()}


def example(name: str) -> Events:
    """Return an example's events, after the adoption of the catalogue."""
    adoption = {
        "specversion": "1.0",
        "id": "adoption",
        "source": "urn:wco-kpi:catalogue",
        "type": "org.wcoomd.plan.adopted.v1",
        "subject": "sp-2022-2025",
        "datacontenttype": "application/json",
        "data": json.loads(CATALOGUE.read_bytes()),
        "sequence": f"{1:016d}",
        "recordedtime": "2022-06-01T00:00:00.000000Z",
        "subjectversion": 1,
    }
    lines: History = {log: (EXAMPLES / name / f"{log}.ndjson").read_bytes().splitlines() for log in LOG_NAMES}
    lines["plan-registry"].insert(0, json.dumps(adoption).encode())
    return decoded(lines)


def times(events: Events) -> list[Instant]:
    """Return every recorded time, once, in order."""
    return sorted({parse_instant(event.recordedtime) for each in events.values() for event in each})


def positions_at(events: Events, time: Instant) -> dict[LogName, int]:
    """Return the last sequence of each log that was recorded up to and including a time."""
    until = format_instant(time)
    return {log: bisect_right(events.get(log, []), until, key=lambda event: event.recordedtime) for log in LOG_NAMES}


def in_memory(events: Events, positions: Mapping[LogName, int]) -> Memory:
    """Fold up to a position in each log."""
    memory = Memory()
    for log in LOG_NAMES:
        memory.fold(events.get(log, [])[: positions[log]])
    return memory


def board_at(events: Events, time: Instant) -> Board:
    """Return the board as of a time, folded in memory."""
    return Board(in_memory(events, positions_at(events, time)), utc_day(time))


class Versions:
    """The fold by versions, kept in dictionaries: cells of any position, from batches of any size."""

    def __init__(self) -> None:
        self.kept: dict[Address, list[Cell]] = {}
        self.made: dict[tuple[LogName, int], list[Version]] = {}

    def fold(self, log: LogName, events: Sequence[RecordedEvent]) -> None:
        """Fold a batch of events of one log."""
        batch = Batch(events)
        for level in range(LEVELS):
            for address in batch.wanted(level):
                kept = self.kept.setdefault(address, [])
                cells = batch.fold(address, kept[-1] if kept else EMPTY)
                kept += cells
                for cell in cells:
                    self.made.setdefault((log, cell.sequence), []).append(Version(address, cell))

    def at(self, log: LogName, sequence: int, kinds: Iterable[str]) -> dict[Address, Cell]:
        """Return the cells of some kinds as of a position of their log."""
        wanted = set(kinds)
        found = {}
        for address, cells in self.kept.items():
            if address.kind in wanted:
                last = bisect_right(cells, sequence, key=lambda cell: cell.sequence)
                if last:
                    found[address] = cells[last - 1]
        return found


def content(cell: Cell) -> tuple[Any, dict[str, int]]:
    """Return what a cell says, without the components that are 0 and without the sequence of a total."""
    return cell.own, {component: value for component, value in cell.sums.items() if value}


def last_day(events: Events) -> date:
    """Return the UTC day of the last recorded time."""
    return utc_day(times(events)[-1])


class Everything(Loaded):
    """Nothing is folded yet, and nothing is missing: a group that is wanted is there, empty."""

    def group(self, kind: str, group: str) -> Group:
        return self.groups.setdefault((kind, group), Group((kind, group)))

    def put(self, address: Address, cell: Cell) -> None:
        self.group(address.kind, address.group)
        super().put(address, cell)


def moves_of(events: Events, versions: Versions) -> list[Move]:
    """Return what each event made of the cells, in order."""
    return in_order(
        Move(parse_instant(events[log][sequence - 1].recordedtime), Place(log, sequence), made)
        for (log, sequence), made in versions.made.items()
    )
