"""Groups: cells that are read together, with what measures have taken from them."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

from wco_kpi.cell import Address, Cell, address_of

GroupId = tuple[str, str]
"""(kind, group): cells that are read together."""

MOST_TAKEN = 64
"""What is kept of one group at most: some dozen KPIs read it, each from the few days and windows that are asked for."""


class Group(dict[str, Cell]):
    """The cells of a group by key, as of one moment.

    What was taken from them is kept with them until one of them changes, so who asks the same cells again, of another
    moment perhaps, need not take it again.
    """

    __slots__ = ("_addressed", "_taken", "id")

    def __init__(self, id: GroupId, cells: Mapping[str, Cell] | Iterable[tuple[str, Cell]] = ()) -> None:
        super().__init__(cells)
        self.id = id
        self._addressed: list[tuple[Address, Cell]] | None = None
        self._taken: dict[Hashable, tuple[object, dict[Address, Any]]] = {}

    def put(self, key: str, cell: Cell) -> None:
        """Let a cell have a new content."""
        self[key] = cell
        self._addressed = None
        self._taken = {}

    def taken(self, name: Hashable, basis: object, take: Callable[[Address, Cell], Any]) -> dict[Address, Any]:
        """Return what `take` takes from each cell, without what is empty; it is not to be changed.

        What was taken under a name stays as long as it rests on the same `basis`.
        """
        if not self:
            return {}
        before = self._taken.get(name)
        if before is not None and before[0] == basis:
            return before[1]
        if self._addressed is None:
            self._addressed = [(address_of((*self.id, key)), cell) for key, cell in self.items()]
        found = {address: taken for address, cell in self._addressed if (taken := take(address, cell))}
        if len(self._taken) >= MOST_TAKEN:
            self._taken = {}
        self._taken[name] = (basis, found)
        return found

    def forget(self, name: Hashable) -> None:
        """Keep no longer what was taken under a name."""
        self._taken.pop(name, None)
