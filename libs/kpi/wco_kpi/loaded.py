"""Cells that are loaded as they are wanted, from a store that cannot be read while a question is worked out.

A question is a pure function of cells. It is asked over what is loaded; what it wanted and did not find is loaded
then, all at once, and it is asked again, until nothing is missing. So what a question reads is written in one
place, the question, and no store needs to know it.
"""

from collections.abc import Mapping
from types import MappingProxyType

from wco_kpi.cell import Address, Cell
from wco_kpi.measuring import GroupId

FRAME = (("plan", ""), ("members", ""), ("baseline", ""), ("focus-area", ""))
"""The groups that every question reads."""

_NONE: Mapping[str, Cell] = MappingProxyType({})


class Loaded:
    """Cells by group, and the groups that were wanted and are missing."""

    def __init__(self) -> None:
        self.groups: dict[GroupId, dict[str, Cell]] = {}
        self.wanted: set[GroupId] = set(FRAME)

    def group(self, kind: str, group: str) -> Mapping[str, Cell]:
        """Return the cells of a group by key, empty where it is missing or there are none."""
        cells = self.groups.get((kind, group))
        if cells is None:
            self.wanted.add((kind, group))
            return _NONE
        return cells

    def load(self, groups: Mapping[GroupId, dict[str, Cell]]) -> None:
        """Take groups, whole, and no longer want them; those that were wanted and have no cells are given empty."""
        self.groups.update(groups)
        self.wanted -= groups.keys()

    def put(self, address: Address, cell: Cell) -> None:
        """Let a cell of a loaded group have a new content."""
        self.groups[address.kind, address.group][address.key] = cell

    def copy(self) -> "Loaded":
        """Return the same cells, to be changed apart."""
        other = Loaded()
        other.groups = {group: dict(cells) for group, cells in self.groups.items()}
        other.wanted = set(self.wanted)
        return other
