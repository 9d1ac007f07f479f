"""Cursors: where the next page begins, opaque to clients, and the moment that all pages are as of."""

from fractions import Fraction
from typing import Annotated, Any

import msgspec

from kpi_projector.moment import Moment
from wco_events.event_type import LOG_NAMES

Whole = Annotated[int, msgspec.Meta(ge=0, lt=2**53)]
"""A sequence, or microseconds until the year 2255."""
Exact = Annotated[str, msgspec.Meta(pattern="^[0-9]{1,100}(/[1-9][0-9]{0,99})?$")]
"""A fraction."""


class Cursor(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is paged (`of`), the moment of the first page (`time`, `positions`), and what the page before ended with.

    `log` and `after` are of a page by log and sequence; `since` and `shown` of one by time: the last entry's time,
    and what it came to.
    """

    of: str
    time: Whole
    positions: tuple[Whole, Whole, Whole]
    log: Annotated[int, msgspec.Meta(ge=0, lt=len(LOG_NAMES))] = 0
    after: Whole = 0
    since: Whole = 0
    shown: tuple[Exact, Exact] | None = None

    @property
    def moment(self) -> Moment:
        """The moment that all pages are as of."""
        return Moment(self.time, dict(zip(LOG_NAMES, self.positions, strict=True)), fixed=True)

    @property
    def figure(self) -> tuple[Fraction, Fraction] | None:
        """What the last entry came to, exactly."""
        return None if self.shown is None else (Fraction(self.shown[0]), Fraction(self.shown[1]))


def first(moment: Moment, of: str = "", **where: Any) -> Cursor:
    """Return a cursor of a moment, in the pages of something."""
    positions = (moment.positions[LOG_NAMES[0]], moment.positions[LOG_NAMES[1]], moment.positions[LOG_NAMES[2]])
    return Cursor(of, moment.time, positions, **where)
