"""Moments: microseconds since 1970-01-01T00:00:00Z as an int, and their one text form.

The text form (RFC 3339, UTC, six decimals, `Z`) has a fixed width, so it sorts as the moments do.
"""

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

Instant = int
"""Microseconds since the Unix epoch, UTC."""

DAY = 86_400_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_RFC3339 = re.compile(r"(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(?:\.(\d+))?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)


_RECORDED = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z", re.ASCII)


@lru_cache(256)  # the events of one commit share their time, and are written and answered one by one
def format_instant(instant: Instant) -> str:
    """Return `2024-06-26T12:00:00.000000Z` for an instant."""
    return (_EPOCH + timedelta(microseconds=instant)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def is_fixed_width(time: str) -> bool:
    """Say whether an RFC 3339 time, which `parse_instant` reads, has the form in which `format_instant` writes it."""
    return len(time) == 27 and time[10] == "T" and time[26] == "Z"


@lru_cache(8_192)  # a time is read when its event comes, and again with some thousand others when they are folded
def parse_instant(text: str) -> Instant:
    """Read an RFC 3339 time with any offset; digits past the sixth decimal are cut off.

    Raises ValueError when it is not one.
    """
    if _RECORDED.fullmatch(text) is not None:
        return (datetime.fromisoformat(text) - _EPOCH) // _MICROSECOND
    match = _RFC3339.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not an RFC 3339 time such as 2024-06-26T12:00:00Z")
    day, clock, fraction, offset = match.groups()
    micros = ((fraction or "") + "000000")[:6]
    zone = "+00:00" if offset in "Zz" else offset
    return (datetime.fromisoformat(f"{day}T{clock}.{micros}{zone}") - _EPOCH) // _MICROSECOND


def utc_day(instant: Instant) -> date:
    """Return the UTC calendar day of an instant."""
    return _day(instant // DAY)


@lru_cache(1_024)  # events that follow one another are nearly always of the same day
def _day(number: int) -> date:
    """Return the day that so many days from 1970-01-01 on is."""
    return (_EPOCH + timedelta(days=number)).date()


def start_of_day(day: date) -> Instant:
    """Return the first instant of a UTC day."""
    return (day - _EPOCH.date()).days * DAY


def end_of_day(day: date) -> Instant:
    """Return the last instant of a UTC day (`T23:59:59.999999Z`)."""
    return start_of_day(day) + DAY - 1
