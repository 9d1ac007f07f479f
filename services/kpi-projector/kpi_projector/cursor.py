"""Cursors: where the next page begins, opaque to clients, and the moment that all pages are as of."""

import base64
import binascii
from fractions import Fraction
from typing import Any

import msgspec

from kpi_projector.moment import Moment
from wco_common.instant import Instant
from wco_events.event_type import LOG_NAMES


class Cursor(msgspec.Struct, frozen=True):
    """The moment of the first page (`time`, `positions`), and what the page before ended with.

    `log` and `after` are of a page by log and sequence; `since` and `shown` of one by time: the last entry's time,
    and what it came to.
    """

    time: Instant
    positions: tuple[int, int, int]
    log: int = 0
    after: int = 0
    since: Instant = 0
    shown: tuple[str, str] | None = None

    @property
    def moment(self) -> Moment:
        """The moment that all pages are as of."""
        return Moment(self.time, dict(zip(LOG_NAMES, self.positions, strict=True)), fixed=True)

    @property
    def figure(self) -> tuple[Fraction, Fraction] | None:
        """What the last entry came to, exactly."""
        return None if self.shown is None else (Fraction(self.shown[0]), Fraction(self.shown[1]))

    def text(self) -> str:
        """Return the cursor as a parameter's value."""
        return base64.urlsafe_b64encode(msgspec.json.encode(self)).decode().rstrip("=")


def first(moment: Moment, **where: Any) -> Cursor:
    """Return a cursor of a moment."""
    positions = (moment.positions[LOG_NAMES[0]], moment.positions[LOG_NAMES[1]], moment.positions[LOG_NAMES[2]])
    return Cursor(moment.time, positions, **where)


def read_cursor(text: str) -> Cursor:
    """Read a cursor. Raises ValueError where it is none that this service gave."""
    try:
        decoded = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        cursor = msgspec.json.decode(decoded, type=Cursor)
        figure = cursor.figure
        numbers = (cursor.time, *cursor.positions, cursor.log, cursor.after, cursor.since, *(figure or ()))
        sound = min(numbers) >= 0 and cursor.log < len(LOG_NAMES)
    except (binascii.Error, ValueError, ZeroDivisionError, msgspec.MsgspecError):
        sound = False
    if not sound:
        raise ValueError("is no cursor of this service; begin again without one")
    return cursor
