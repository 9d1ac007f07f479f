"""Cells that are loaded as they are wanted, from a store that cannot be read while a question is worked out.

A question is a pure function of cells. It is asked over what is loaded; what it wanted and did not find is loaded
then, all at once, and it is asked again, until nothing is missing. So what a question reads is written in one
place, the question, and no store needs to know it.
"""

from collections.abc import Mapping

from wco_kpi.cell import Address, Cell
from wco_kpi.group import Group, GroupId

FRAME = (("plan", ""), ("members", ""), ("baseline", ""), ("focus-area", ""))
"""The groups that every question reads."""

_NONE = Group(("", ""))


class Loaded:
    """Cells by group, and the groups that were wanted and are missing."""

    def __init__(self) -> None:
        self.groups: dict[GroupId, Group] = {}
        self.wanted: set[GroupId] = set(FRAME)
        self._changed: set[GroupId] = set()
        """Groups that are nobody else's."""

    def group(self, kind: str, group: str) -> Group:
        """Return the cells of a group, empty where it is missing or there are none."""
        cells = self.groups.get((kind, group))
        if cells is None:
            self.wanted.add((kind, group))
            return _NONE
        return cells

    def load(self, groups: Mapping[GroupId, Group]) -> None:
        """Take groups, whole, and no longer want them; those that were wanted and have no cells are given empty.

        They stay as they are: others may have them too.
        """
        self.groups.update(groups)
        self.wanted -= groups.keys()
        self._changed -= groups.keys()

    def put(self, address: Address, cell: Cell) -> None:
        """Let a cell of a loaded group have a new content, here and nowhere else."""
        group = (address.kind, address.group)
        if group not in self._changed:
            self.groups[group] = Group(group, self.groups[group])
            self._changed.add(group)
        self.groups[group].put(address.key, cell)

    def copy(self) -> "Loaded":
        """Return the same cells, to be changed apart."""
        other = Loaded()
        other.groups = dict(self.groups)
        other.wanted = set(self.wanted)
        self._changed.clear()
        return other
