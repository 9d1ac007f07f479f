"""Synthetic joint operations, with what their reports come to: late finals, a correction, a figure taken back."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Literal, NamedTuple

from demonstration.chance import shuffled
from demonstration.entry import Entry, days, noted
from demonstration.seizure_reports import figures, seizure_reports
from demonstration.sources import REGIONS

Published = tuple[date, Literal["interim", "final", "taken back"]]
"""When a report on an operation is published. What is taken back is the figure of the final report."""


class _Operation(NamedTuple):
    """An operation, how many Members take part, how many reports they make, and what is published about it."""

    title: str
    theme: str
    starts_on: date
    length: int
    """In days."""

    participants: int
    reports: int
    published: tuple[Published, ...] = ()
    joined: int = 0
    """How many of the participants are named only after its start."""

    cancelled_on: date | None = None

    @property
    def name(self) -> str:
        """The operation's id."""
        return f"synthetic-{self.title.lower().replace(' ', '-')}"

    @property
    def ends_on(self) -> date:
        """Its last day."""
        return self.starts_on + days(self.length - 1)


_OPERATIONS = (
    _Operation(
        "LANTERN 2022",
        "tobacco",
        date(2022, 11, 7),
        14,
        42,
        84,
        ((date(2023, 1, 16), "interim"), (date(2023, 3, 20), "final"), (date(2023, 9, 25), "final")),
        joined=2,
    ),
    _Operation(
        "HARBOUR LIGHT 2023",
        "drugs",
        date(2023, 2, 13),
        28,
        35,
        66,
        ((date(2023, 4, 24), "interim"), (date(2023, 11, 13), "final")),
    ),
    _Operation("DRIFTWOOD 2023", "wildlife", date(2023, 3, 20), 14, 14, 9, cancelled_on=date(2023, 9, 4)),
    _Operation("PAPER TRAIL 2023", "ipr", date(2023, 5, 8), 21, 26, 48, ((date(2024, 2, 5), "final"),)),
    _Operation(
        "LANTERN 2023",
        "tobacco",
        date(2023, 11, 6),
        14,
        44,
        76,
        ((date(2024, 1, 15), "interim"), (date(2024, 3, 18), "final")),
    ),
    _Operation(
        "HARBOUR LIGHT 2024",
        "drugs",
        date(2024, 2, 12),
        28,
        38,
        73,
        ((date(2024, 6, 10), "final"), (date(2025, 1, 20), "taken back"), (date(2025, 4, 14), "final")),
        joined=3,
    ),
    _Operation("PAPER TRAIL 2024", "ipr", date(2024, 5, 6), 21, 30, 53, ((date(2024, 10, 21), "final"),)),
    _Operation("LANTERN 2024", "tobacco", date(2024, 11, 4), 14, 33, 50, ((date(2025, 3, 10), "final"),)),
    _Operation(
        "HARBOUR LIGHT 2025",
        "drugs",
        date(2025, 2, 10),
        28,
        31,
        44,
        ((date(2025, 5, 12), "interim"), (date(2025, 9, 15), "final")),
    ),
    _Operation("PAPER TRAIL 2025", "ipr", date(2025, 5, 12), 21, 28, 36, ((date(2025, 8, 18), "interim"),)),
)


def synthetic_operation_entries() -> Iterator[Entry]:
    """Return the operations, their seizure reports, and what is published of these."""
    for operation in _OPERATIONS:
        name = operation.name
        members = shuffled(REGIONS, "participants", name)
        participants = members[: operation.participants]
        at_first = participants[: operation.participants - operation.joined]
        yield Entry(noted(operation.starts_on - days(21), name), "operation.launched", name, _said(operation, at_first))
        if operation.joined:
            said = _said(operation, participants) | {"reason": "More administrations joined"}
            yield Entry(noted(operation.starts_on + days(3), name), "operation.revised", name, said)
        # The last one does not take part; seizures of such a Member are taken as well.
        reporting = [*participants, members[-1]]
        told = list(
            seizure_reports(name, operation.theme, reporting, operation.reports, operation.starts_on, operation.ends_on)
        )
        yield from told
        yield from _publications(operation, told)
        if operation.cancelled_on is not None:
            at = noted(operation.cancelled_on, name)
            yield Entry(at, "operation.cancelled", name, {"reason": "It turned out to be part of another operation"})


def _said(operation: _Operation, participants: list[str]) -> dict[str, Any]:
    return {
        "title": f"Operation {operation.title} (synthetic)",
        "theme": operation.theme,
        "starts_on": operation.starts_on,
        "ends_on": operation.ends_on,
        "participants": sorted(participants),
    }


def _publications(operation: _Operation, told: list[Entry]) -> Iterator[Entry]:
    for published_on, what in operation.published:
        at = noted(published_on, "published", operation.name)
        data: dict[str, Any] = {"stage": "final" if what == "taken back" else what, "published_on": published_on}
        data |= {"totals": {}} if what == "taken back" else figures(told, at)
        yield Entry(at, "operation.report-published", operation.name, data)
