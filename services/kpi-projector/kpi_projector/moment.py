"""Moments: what `as_of` means, and what an answer was made of."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from wco_common.as_of import read_moment
from wco_common.instant import Instant, format_instant, utc_day
from wco_events.event_type import LOG_NAMES, LogName
from wco_kpi.fold import FOLD_VERSION

Positions = Mapping[LogName, int]
"""A position in each log: everything up to and including that sequence."""

FORMS = (
    "must be a time (2024-06-26T12:00:00Z), a date (2024-06-26), which is the end of that UTC day, "
    "or a position in each of the three logs (plan-registry:12,survey-intake:40,operations-feed:9)"
)
_POSITION = re.compile(r"(" + "|".join(LOG_NAMES) + r"):([0-9]{1,16})")


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment that an answer is as of: what of each log is in it, and the time that it is seen from.

    `fixed`: it was asked for, so it will have the same answer for ever.
    """

    time: Instant
    positions: Positions
    fixed: bool

    @property
    def day(self) -> date:
        """The UTC day that statuses are seen from."""
        return utc_day(self.time)

    def seen_from(self, other: "Moment") -> "Moment":
        """Return the same positions, seen from another moment's day."""
        return Moment(other.time, self.positions, fixed=True)

    def answer(self) -> dict[str, Any]:
        """Return AS_OF, as it stands in every answer."""
        return {
            "time": format_instant(self.time),
            "positions": {log: self.positions[log] for log in LOG_NAMES},
            "fold": FOLD_VERSION,
        }

    def etag(self) -> str:
        """Return the strong entity tag of answers as of this moment: every event and every midnight moves it."""
        return f'"{FOLD_VERSION}-{self.day}-' + "-".join(str(self.positions[log]) for log in LOG_NAMES) + '"'


def read_as_of(text: str) -> Instant | dict[LogName, int]:
    """Read an `as_of`: a time, the end of a date, or positions. Raises ValueError saying what would be right."""
    if not text[:1].isdigit():
        return _positions(text)
    try:
        return read_moment(text)
    except ValueError:
        raise ValueError(FORMS) from None


def _positions(text: str) -> dict[LogName, int]:
    positions: dict[LogName, int] = {}
    for part in text.split(","):
        match = _POSITION.fullmatch(part)
        if match is None:
            raise ValueError(FORMS)
        log = next(name for name in LOG_NAMES if name == match[1])
        if log in positions:
            raise ValueError(f"names {log} twice")
        positions[log] = int(match[2])
    if len(positions) < len(LOG_NAMES):
        missing = ", ".join(log for log in LOG_NAMES if log not in positions)
        raise ValueError(f"names no position in {missing}; all three logs are needed")
    return positions


def read_place(text: str) -> tuple[LogName, int]:
    """Read an `after`: one log and a sequence. Raises ValueError saying what would be right."""
    match = _POSITION.fullmatch(text)
    if match is None or int(match[2]) == 0:
        raise ValueError(f"must be a log and a sequence, as operations-feed:42; the logs are {', '.join(LOG_NAMES)}")
    return next(name for name in LOG_NAMES if name == match[1]), int(match[2])
