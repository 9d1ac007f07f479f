"""Which moment a list is asked for: as it is now, once an event is in it, or as of its first page."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from wco_common.clock import Clock, ClockLeapt
from wco_common.instant import DAY, Instant, utc_day
from wco_common.lists.cursor import ListCursor
from wco_common.lists.moment import ListMoment
from wco_common.lists.opened import OpenLists
from wco_common.lists.reading import Reader
from wco_common.problem import NotReached
from wco_common.query import Reader as ReadText
from wco_common.query import invalid
from wco_events.event_type import LogName


def read_place(log: LogName) -> ReadText:
    """Return the reader of an `after`: the log and a sequence."""
    form = re.compile(f"{log}:([1-9][0-9]{{0,15}})")

    def read(text: str) -> int:
        match = form.fullmatch(text)
        if match is None:
            raise ValueError(f"must be the log and a sequence, as {log}:42")
        return int(match[1])

    return read


class ListMoments:
    """Gives the rows of lists as of the moment that is asked for."""

    def __init__(self, log: LogName, lists: Callable[[], OpenLists], clock: Clock, wait: float) -> None:
        """A request waits so many seconds, at most, for an event to be in the lists that `lists` gives."""
        self.log = log
        self._lists = lists
        self._clock = clock
        self._wait = wait

    @asynccontextmanager
    async def asked(
        self, query: Mapping[str, Any], cursor: ListCursor | None
    ) -> AsyncIterator[tuple[ListMoment, Reader]]:
        """Give the moment that a request asks for, and the rows as of it. Raises Invalid, NotReached."""
        lists = self._lists()
        if cursor is not None and "after" in query:
            raise invalid("after", "cannot stand together with cursor, which names the moment of all pages")
        least: int = query.get("after", 0) if cursor is None else cursor.position
        deadline = asyncio.get_running_loop().time() + self._wait
        if least and not await lists.follower.until(least, deadline):
            raise NotReached(f"the lists have not reached {self.log}:{least} in {self._wait:g} s")
        async with lists.database.snapshot() as (connection, stands):
            version, log_id, position, recorded_at = stands or (lists.tables.version, "", 0, 0)
            if cursor is None:
                time = max(recorded_at, self._midnight(recorded_at))
                day = query.get("on") or utc_day(time).isoformat()
                moment = ListMoment(self.log, version, log_id, position, time, day, fixed=False)
            elif (cursor.version, cursor.log_id) == (version, log_id):
                moment = ListMoment(self.log, version, log_id, cursor.position, cursor.time, cursor.day, fixed=True)
            else:
                raise invalid("cursor", "is of lists that were made anew since; begin again without one")
            yield moment, Reader(connection, moment.position)

    def _midnight(self, recorded_at: Instant) -> Instant:
        """Return the last midnight. A clock that leapt has nothing to say: then it is the day of the last event."""
        try:
            now = self._clock.now()
        except ClockLeapt:
            now = recorded_at
        return now - now % DAY
