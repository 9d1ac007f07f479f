"""What every measure is: parts of cells, put together to a figure.

A measure in a window says which groups of cells it reads, which *part* of a cell is its own, and how the parts
make its figure. What changes no part changes no figure: history, changes and the stream rest on that. By
dimension and as evidence it is told from the same cells.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Protocol

from wco_events.event_type import LogName
from wco_kpi.cell import Address, Cell
from wco_kpi.figure import Figure
from wco_kpi.frame import Cells, PlanInForce, Window, members_on
from wco_kpi.group import GroupId

Part = Any
"""What a measure takes from one cell, a tuple or a dictionary: compared with what it took before, empty where that is
nothing."""

NEVER = ()
"""What `seen` returns of a measure that sees every cell alike."""


@dataclass(frozen=True)
class View:
    """A window of the plan in force, seen from a day, over cells."""

    cells: Cells
    plan: PlanInForce
    window: Window
    day: date

    @property
    def seen_on(self) -> date:
        """The window's last day, or the day of the question if that is earlier."""
        return min(self.window.last, self.day)

    @property
    def begun(self) -> bool:
        """Whether the window has begun on the day of the question."""
        return self.window.first <= self.day

    def members(self) -> Mapping[str, str]:
        """Regions by Member, of the list in force."""
        return members_on(self.cells, self.seen_on)[1]

    def members_since(self) -> str | None:
        """The `effective_on` of the list in force; None where there is none."""
        return members_on(self.cells, self.seen_on)[0]


@dataclass(frozen=True, slots=True)
class Contribution:
    """What the facts that one event gave their content add to a figure. `denominator` None: it has none of its own."""

    log: LogName
    sequence: int
    numerator: Fraction
    denominator: Fraction | None


class Measuring(Protocol):
    """One measure of the vocabulary, at work in a view."""

    def reads(self) -> tuple[Any, Any]:
        """Return what the measure reads of the plan in force beside its definition, and of the Members' lists."""
        ...

    def seen(self) -> object:
        """Return a key: where it is the same, each cell has the same part, and the same parts make the same figure.

        NEVER: that is so in every window, from every day.
        """
        ...

    def groups(self) -> Iterable[GroupId]:
        """Return the groups whose cells the figure is made of."""
        ...

    def part(self, address: Address, cell: Cell) -> Part:
        """Return what the measure takes from a cell of its groups."""
        ...

    def figure(self, parts: Mapping[Address, Part]) -> Figure:
        """Return the figure that the parts make; empty parts are left out."""
        ...

    def by(self, dimension: str) -> dict[str, Figure]:
        """Return the figures by the values of a dimension."""
        ...

    def evidence(self) -> Iterable[Contribution]:
        """Return what each event adds, by sequence; what adds nothing is left out."""
        ...


def by_event(
    log: LogName, additions: Iterable[tuple[int, Fraction | int, Fraction | int | None]]
) -> list[Contribution]:
    """Put together what facts add, (sequence, numerator, denominator) each, to one row an event, by sequence."""
    rows: dict[int, tuple[Fraction, Fraction | None]] = {}
    for sequence, numerator, denominator in additions:
        before = rows.get(sequence, (Fraction(0), None if denominator is None else Fraction(0)))
        total = None if denominator is None or before[1] is None else before[1] + denominator
        rows[sequence] = (before[0] + numerator, total)
    return [
        Contribution(log, sequence, numerator, denominator)
        for sequence, (numerator, denominator) in sorted(rows.items())
        if numerator or denominator
    ]
