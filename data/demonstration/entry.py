"""Entries: what is to be recorded, and when; and by which source a reader of the log tells what is synthetic."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from demonstration.chance import whole
from wco_common.instant import Instant, start_of_day

SYNTHETIC = "urn:wco-kpi:demonstration:synthetic"
"""The `source` of an event that is made up, whole."""

PUBLISHED = "urn:wco-kpi:demonstration:published"
"""The `source` of an event that rests on something published. It carries `citation`, and `remark` for what does not."""

_SECOND = 1_000_000
_SATURDAY, _WEEK = 5, 7


@dataclass(frozen=True, slots=True)
class Entry:
    """An event to be recorded at a time; those of a log with the same time are one commit, in the order made.

    `name` is the type without prefix and suffix. Dates in `data` may be dates. `extensions` are further attributes.
    """

    at: Instant
    name: str
    subject: str
    data: Mapping[str, Any]
    source: str = SYNTHETIC
    extensions: Mapping[str, str] = field(default_factory=dict)


def noted(day: date, *words: object) -> Instant:
    """Return a time of the working day at or after `day`, between 7 and 17 hours UTC."""
    if day.weekday() >= _SATURDAY:
        day += days(_WEEK - day.weekday())
    return start_of_day(day) + whole(7 * 3600 * _SECOND, 17 * 3600 * _SECOND, "noted", day, *words)


def days(number: int) -> timedelta:
    """Return so many days."""
    return timedelta(days=number)
