"""Cells as a fold has left them, so that the next fold of the log need not read them again.

Nearly every event moves a few totals, the same ones again and again, while most facts are touched once. So totals are
kept, and facts are looked up: but for those of the last piece, which may not be written yet. All this is what the
database has, or will have, as long as nobody else has written; and that the position shows, which is locked, and
compared, before anything is written.
"""

from collections.abc import Mapping
from typing import NamedTuple

from wco_kpi.cell import LEVEL_OF, Address, Cell

Known = tuple[int, Cell]
"""A cell's id and content."""


class Extent(NamedTuple):
    """Where a log's fold stands: all events up to `sequence` are folded, into so many cells."""

    sequence: int
    cells: int


class KnownCells:
    """Cells of one log: the facts of the last piece, and the totals that were left last, at most so many."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.at = Extent(0, 0)
        """The standing that they are of."""
        self.lost = False
        """Whether a piece that they are left by may not have been written: then nothing may rest on them any more."""
        self._facts: dict[Address, Known] = {}
        self._totals: dict[Address, Known] = {}

    def begin(self, at: Extent) -> None:
        """Forget all that is of another standing than the one that is found now."""
        if at != self.at:
            self._facts.clear()
            self._totals.clear()

    def get(self, address: Address) -> Known | None:
        """Return a cell's id and content, None where nothing is known."""
        return self._totals.get(address) or self._facts.get(address)

    def keep(self, at: Extent, left: Mapping[Address, Known]) -> None:
        """Note how a piece leaves cells, after which the fold stands elsewhere."""
        self.at = at
        self._facts = {}
        totals = self._totals
        for address, cell in left.items():
            if LEVEL_OF[address[0]]:
                totals.pop(address, None)  # so that the last in order are those that were left last
                totals[address] = cell
            else:
                self._facts[address] = cell
        for address in list(totals)[: -self._most or None] if len(totals) > self._most else ():
            del totals[address]
