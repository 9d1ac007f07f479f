"""Cells as a fold has left them, so that what follows need not read them again.

Nearly every event moves a few totals, the same ones again and again, while most facts are touched once, and are new. So
totals are kept, as many as there is room for, and all cells as long as they may not be written yet. And where a fold
has begun at the log's beginning, it knows nearly every cell that there is not: what it has not left is not there.

All this is what the database has, or will have, as long as nobody else has written; and that the position shows, which
is locked, and compared, before anything is written.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from wco_kpi.cell import Address, Cell

Known = tuple[int, Cell]
"""A cell's id and content."""

_MARKS = 1 << 25
"""Places for marks of cells that there are, a bit each: 4 MiB. Where a million are, one in thirty that are not is taken
for one that may be; where ten million are, one in four. It is looked up, as each is without marks."""
_BYTES = _MARKS >> 3


class Extent(NamedTuple):
    """Where a log's fold stands: all events up to `sequence` are folded, into so many cells."""

    sequence: int
    cells: int


BEGINNING = Extent(0, 0)


class KnownCells:
    """Cells of one log: those that may not be written yet, the totals that were left last, and which there are not."""

    def __init__(self, most: int) -> None:
        """`most` is how many totals are known beside what may not be written yet."""
        self._most = most
        self.at = BEGINNING
        """The standing that they are of."""
        self._unwritten: dict[Address, Known] = {}
        self._being_written: dict[Address, Known] = {}
        self._totals: dict[Address, Known] = {}
        self._marks: bytearray | None = bytearray()
        """None where there are cells that it does not know of; without a byte as long as there are none at all."""

    def begin(self, at: Extent) -> None:
        """Forget all that is of another standing than the one that is found now."""
        if at != self.at:
            self.at = at
            self._unwritten, self._being_written, self._totals, self._marks = {}, {}, {}, None

    def look_up(self, addresses: Iterable[Address]) -> tuple[dict[Address, Known], list[Address]]:
        """Return those of some cells that are known, and those that may be there; the others are not."""
        unwritten, being_written, totals, marks = self._unwritten, self._being_written, self._totals, self._marks
        found: dict[Address, Known] = {}
        unknown: list[Address] = []
        for address in addresses:
            known = unwritten.get(address) or being_written.get(address) or totals.get(address)
            if known is not None:
                found[address] = known
            elif marks is None or (marks and marks[(mark := hash(address)) >> 3 & _BYTES - 1] & 1 << (mark & 7)):
                unknown.append(address)
        return found, unknown

    def keep(self, at: Extent, left: Sequence[Mapping[Address, Known]], new: Iterable[Address]) -> None:
        """Note how events leave cells, by level, and which of these are new; the fold then stands elsewhere."""
        self.at = at
        for level in left:
            self._unwritten.update(level)
        totals = self._totals
        for level in left[1:]:
            for address in level:
                totals.pop(address, None)  # so that the last in order are those that were left last
            totals.update(level)
        for address in list(totals)[: -self._most or None] if len(totals) > self._most else ():
            del totals[address]
        if self._marks is not None:
            marks = self._marks = self._marks or bytearray(_BYTES)
            for address in new:
                mark = hash(address)
                marks[mark >> 3 & _BYTES - 1] |= 1 << (mark & 7)

    def are_being_written(self) -> None:
        """Note that all that is known begins to be written now, and that what was being written before is."""
        self._being_written, self._unwritten = self._unwritten, {}
