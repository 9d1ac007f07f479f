"""What came of a spreadsheet, and how a person is told of it."""

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from wco_embedded.refusal import DoesNotHold
from wco_embedded.spreadsheet import batch
from wco_embedded.spreadsheet.batch import Batch
from wco_embedded.spreadsheet.faults import sentences
from wco_embedded.spreadsheet.proposal import Event
from wco_embedded.spreadsheet.row import RowFault
from wco_events.event_type import name_of


@dataclass
class Findings:
    """What came of reading a file and holding it against what is recorded."""

    rows: int = 0
    hidden: int = 0
    """Rows that whoever opens the file does not see, as a filter hides them."""
    faults: list[RowFault] = field(default_factory=list)
    told: list[batch.Told] = field(default_factory=list)
    unchanged: int = 0
    left: int = 0
    """Rows that say nothing new, of things that others have changed since."""


def summary(findings: Findings) -> str:
    """Say what a file adds, down to what has to be there before its rows."""
    news = _by_type(event for row in findings.told for event in row.events)
    read = counted(findings.rows, "row")
    if findings.hidden:
        read += f", of which {findings.hidden:,} are hidden in the sheet and taken like any other"
    parts = [read, *news, f"{findings.unchanged:,} say nothing new"]
    if findings.left:
        parts[-1] += f", of which {findings.left:,} were changed by others since and stay so"
    said = "; ".join(parts) + "."
    if before := _by_type(Batch(findings.told).before):
        said += f" Before them: {', '.join(before)}."
    return said


def _by_type(events: Iterable[Event]) -> list[str]:
    """Return how many events there are of each type."""
    numbers = Counter(name_of(event["type"]) for event in events)
    return [f"{count:,} {name}" for name, count in numbers.items()]


def refused(file: Path, findings: Findings, most: int) -> DoesNotHold:
    """Tell the rows that cannot be taken, and return what it comes to."""
    for told in sentences(findings.faults, most):
        print(f"{file}, {told}", file=sys.stderr)
    wrong = len({fault.line for fault in findings.faults})
    numbers = Counter(" and ".join(fault.columns) or "the row as a whole" for fault in findings.faults)
    where = "; ".join(f"{columns}: {count:,}" for columns, count in numbers.most_common())
    return DoesNotHold(f"{wrong:,} of {findings.rows:,} rows cannot be taken ({where}). Nothing was posted.")


def counted(number: int, what: str) -> str:
    """Return a number of things in words, as `1 row` or `1,200 rows`."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
