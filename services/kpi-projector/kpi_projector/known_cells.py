"""Totals as a fold has left them, so that the next fold of the log need not read them again.

Nearly every event moves a few totals, the same ones again and again, while most facts are touched once. So totals are
kept, and facts are looked up. They are what the database has as long as nobody else has written, and that the position
shows: it is locked, and compared, before anything is folded.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from wco_kpi.cell import LEVEL_OF, Address, Cell


class Extent(NamedTuple):
    """Where a log's fold stands: all events up to `sequence` are folded, into so many cells."""

    sequence: int
    cells: int


class KnownCells:
    """The totals of one log that were written last, at most so many."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._at = Extent(0, 0)
        self._cells: dict[Address, tuple[int, Cell]] = {}

    def begin(self, at: Extent) -> None:
        """Forget all that is of another standing than the one that is found now."""
        if at != self._at:
            self._cells.clear()

    def get(self, address: Address) -> tuple[int, Cell] | None:
        """Return a cell's id and content, None where nothing is known."""
        return self._cells.get(address)

    def keep(self, at: Extent, versions: Mapping[Address, Sequence[Cell]], ids: Mapping[Address, int]) -> None:
        """Note what a fold has made of the totals, which then stands elsewhere."""
        self._at = at
        cells = self._cells
        for address, contents in versions.items():
            if LEVEL_OF[address[0]]:
                cells.pop(address, None)  # so that the last in order are those that were written last
                cells[address] = (ids[address], contents[-1])
        for address in list(cells)[: -self._most or None] if len(cells) > self._most else ():
            del cells[address]
