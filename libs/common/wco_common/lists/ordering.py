"""The order of a list's rows: what it is sorted by, which way round, and what lies beyond a cursor in it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, literal, tuple_

from wco_common.lists.cursor import ListCursor
from wco_common.query import invalid


class Ordering(NamedTuple):
    """Expressions that rows are sorted by, and whether they descend."""

    columns: Sequence[ColumnElement[Any]]
    descends: bool

    @property
    def backwards(self) -> "Ordering":
        """The order the other way round."""
        return self._replace(descends=not self.descends)

    @property
    def sorting(self) -> Sequence[ColumnElement[Any]]:
        """What a statement sorts by."""
        return [column.desc() if self.descends else column for column in self.columns]

    def beyond(self, cursor: ListCursor | None) -> Sequence[ColumnElement[bool]]:
        """Say of a row that it comes, in this order, after the place of a cursor."""
        if cursor is None:
            return []
        kinds = [column.type.python_type for column in self.columns]
        if [type(value) for value in cursor.place] != kinds:
            raise invalid("cursor", "is no cursor of this list; begin again without one")
        places = zip(cursor.place, self.columns, strict=True)
        theirs, ours = tuple_(*(literal(value, column.type) for value, column in places)), tuple_(*self.columns)
        return [ours < theirs if self.descends else ours > theirs]
