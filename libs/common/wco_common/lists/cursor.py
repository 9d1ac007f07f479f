"""Cursors: where a page of a list begins or ends, and the moment that all its pages are as of."""

from typing import Annotated

import msgspec

from wco_common.opaque import read_cursor

Whole = Annotated[int, msgspec.Meta(ge=0, lt=2**53)]


class ListCursor(msgspec.Struct, frozen=True):
    """What is paged (`of`), the moment of the first page, and what the page comes `after`, or else `before`.

    That is what the last row of the page before is sorted by, or the first one of the page after.
    The moment is a position in a log with its recorded time, as lists of a version have it, seen from a day.
    """

    of: str
    version: Whole
    log_id: str
    position: Whole
    time: Whole
    day: str
    after: tuple[str | int, ...] = ()
    before: tuple[str | int, ...] = ()

    @property
    def place(self) -> tuple[str | int, ...]:
        """What the row that the page lies beside is sorted by."""
        return self.before or self.after


def read_list_cursor(text: str) -> ListCursor:
    """Read a cursor of a list. Raises ValueError where it is none."""
    return read_cursor(text, ListCursor)
