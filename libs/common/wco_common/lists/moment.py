"""The moment that an answer of a list is as of."""

from dataclasses import dataclass
from typing import Any

from wco_common.instant import Instant, format_instant
from wco_events.event_type import LogName

Day = str
"""A calendar date, as text."""


@dataclass(frozen=True, slots=True)
class ListMoment:
    """A position in the log, by lists of a version; the time that it stands for, and the day that it is seen from.

    `fixed`: it was asked for, so it will have the same answer for ever.
    """

    log: LogName
    version: int
    log_id: str
    position: int
    time: Instant
    day: Day
    fixed: bool

    def heading(self) -> dict[str, Any]:
        """Return what an answer as of this moment begins with."""
        as_of = {"time": format_instant(self.time), "positions": {self.log: self.position}}
        return {"log": self.log, "as_of": as_of, "on": self.day}

    @property
    def etag(self) -> str:
        """The strong entity tag of an answer as of this moment: every event and every midnight moves it."""
        return f'"{self.version}-{self.position}-{self.time}-{self.day}"'

    def headers(self) -> dict[str, str]:
        """Return the headers of an answer as of this moment."""
        caching = "public, max-age=31536000, immutable" if self.fixed else "no-cache"
        return {"ETag": self.etag, "Cache-Control": caching}
