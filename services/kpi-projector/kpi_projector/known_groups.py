"""Groups that were read before: of one moment's, most are those of the moment before it."""

from collections.abc import Mapping
from typing import NamedTuple

from kpi_projector.cell_rows import decode_content
from wco_kpi.cell import Cell
from wco_kpi.group import Group, GroupId


class _Known(NamedTuple):
    contents: Mapping[str, str]
    group: Group


class KnownGroups:
    """Of each group the one that was read last, as long as so many cells come together at most.

    A group whose cells have the same contents as before is the same one, with all that was taken from it. Contents
    never change: to compare one costs a tenth of reading it.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._cells = 0
        self._known: dict[GroupId, _Known] = {}

    def of(self, id: GroupId, contents: Mapping[str, str]) -> Group:
        """Return the group whose cells have these contents, by key."""
        known = self._known.get(id)
        if known is None:
            group = Group(id, {key: _cell(content) for key, content in contents.items()})
        elif known.contents == contents:
            group = known.group
        else:
            group = Group(
                id,
                {
                    key: known.group[key] if known.contents.get(key) == content else _cell(content)
                    for key, content in contents.items()
                },
            )
        self._keep(known, _Known(contents, group))
        return group

    def _keep(self, before: _Known | None, known: _Known) -> None:
        """Keep a group in the place of what it was before; the one that was read last is the last one to go."""
        if before is not None:
            del self._known[known.group.id]
            self._cells -= _size(before)
        if _size(known) > self._most:
            return
        self._known[known.group.id] = known
        self._cells += _size(known)
        while self._cells > self._most:
            self._cells -= _size(self._known.pop(next(iter(self._known))))


def _size(known: _Known) -> int:
    return 1 + len(known.group)


def _cell(content: str) -> Cell:
    return Cell(*decode_content(content))
