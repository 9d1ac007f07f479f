"""Which moment a list is asked for: as it is now, once an event is in it, as of a past moment, or of its first page."""

import asyncio
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection

from wco_common.as_of import read_moment
from wco_common.clock import Clock, ClockLeapt
from wco_common.instant import DAY, Instant, format_instant, utc_day
from wco_common.lists.cursor import ListCursor
from wco_common.lists.moment import ListMoment
from wco_common.lists.opened import OpenLists
from wco_common.lists.reading import Rows
from wco_common.lists.writing import Standing
from wco_common.problem import NotReached
from wco_common.query import Reader as ReadText
from wco_common.query import invalid
from wco_common.sql_log import SqlLog
from wco_events.event_type import LOG_NAMES, LogName

T = TypeVar("T")

_POSITIONS = re.compile(rf"({'|'.join(LOG_NAMES)}):([0-9]{{1,15}})")


def read_place(log: LogName) -> ReadText:
    """Return the reader of an `after`: the log and a sequence."""
    form = re.compile(f"{log}:([1-9][0-9]{{0,15}})")

    def read(text: str) -> int:
        match = form.fullmatch(text)
        if match is None:
            raise ValueError(f"must be the log and a sequence, as {log}:42")
        return int(match[1])

    return read


class Position(NamedTuple):
    """A position in the log, as an `as_of` names it."""

    sequence: int


def read_as_of(log: LogName) -> ReadText:
    """Return the reader of an `as_of`: a time, a date, or positions, of which the log's is taken."""
    forms = (
        "must be a time (2024-06-26T12:00:00Z), a date (2024-06-26), which is the end of that UTC day, "
        f"or a position in the log, as {log}:42; those of other logs may stand beside it"
    )

    def read(text: str) -> Instant | Position:
        try:
            return _position(text) if text[:1].isalpha() else read_moment(text)
        except (ValueError, KeyError):
            raise ValueError(forms) from None

    def _position(text: str) -> Position:
        named = [_POSITIONS.fullmatch(part) for part in text.split(",")]
        positions = {match[1]: int(match[2]) for match in named if match is not None}
        if len(positions) < len(named):
            raise ValueError(text)
        return Position(positions[log])

    return read


class _Asked(NamedTuple):
    """The moment that was asked for; without `fixed`, that position or a later one."""

    position: int
    time: Instant
    fixed: bool


class ListMoments:
    """Answers questions over the rows of lists as of the moment that is asked for."""

    def __init__(
        self, log: LogName, lists: Callable[[], OpenLists], read: Callable[[], SqlLog], clock: Clock, wait: float
    ) -> None:
        """Answer for what `lists` gives, made of the log that `read` gives.

        A request waits so many seconds, at most, for an event to be in them.
        """
        self.log = log
        self._lists = lists
        self._read = read
        self._clock = clock
        self._wait = wait

    async def ask(
        self,
        query: Mapping[str, Any],
        cursor: ListCursor | None,
        question: Callable[[ListMoment, Rows], T],
    ) -> T:
        """Return what a question comes to as of the moment that a request asks for. Raises Invalid, NotReached."""
        lists = self._lists()
        asked = await self._asked(query, cursor)
        deadline = asyncio.get_running_loop().time() + self._wait
        not_reached = NotReached(f"the lists have not reached {self.log}:{asked.position} in {self._wait:g} s")
        if not await lists.follower.until(asked.position, deadline):
            raise not_reached
        now = self._now()

        def answer(connection: Connection, stands: Standing | None) -> T:
            found = stands or Standing(lists.tables.version, "", 0, 0, "")
            if cursor is not None and (cursor.version, cursor.log_id) != (found.version, found.log_id):
                raise invalid("cursor", "is of lists that were made anew since; begin again without one")
            if found.sequence < asked.position:
                # Another instance makes them anew, and this one has not noticed.
                raise not_reached
            moment = self._moment(asked, found, max(now, found.recorded_at), query, cursor)
            return question(moment, Rows(connection, moment.position))

        return await lists.database.ask(answer)

    async def _asked(self, query: Mapping[str, Any], cursor: ListCursor | None) -> _Asked:
        for other in ("cursor", "as_of"):
            if "after" in query and other in query:
                raise invalid("after", f"cannot stand together with {other}, which names the moment")
        if cursor is not None:
            return _Asked(cursor.position, cursor.time, fixed=True)
        if "as_of" not in query:
            return _Asked(query.get("after", 0), 0, fixed=False)
        as_of: Instant | Position = query["as_of"]
        log = self._read()
        if isinstance(as_of, Position):
            if as_of.sequence > (end := (await log.head()).sequence):
                raise invalid("as_of", f"is beyond the log, which ends at {self.log}:{end}")
            return _Asked(as_of.sequence, await log.recorded_at(as_of.sequence) if as_of.sequence else 0, fixed=True)
        if as_of > self._now():
            raise invalid("as_of", f"is in the future; it is {format_instant(self._now())}")
        if log.latest.head.closed < as_of:
            # From here on nothing will be recorded up to then.
            await log.close(as_of)
        return _Asked(await log.position_at(as_of), as_of, fixed=True)

    def _moment(
        self, asked: _Asked, stands: Standing, now: Instant, query: Mapping[str, Any], cursor: ListCursor | None
    ) -> ListMoment:
        position, time = asked.position, asked.time
        if not asked.fixed:
            position, time = stands.sequence, max(stands.recorded_at, now - now % DAY)
        day = cursor.day if cursor is not None else query.get("on") or utc_day(time).isoformat()
        return ListMoment(self.log, stands.version, stands.log_id, position, time, day, asked.fixed)

    def _now(self) -> Instant:
        """Return the present. A clock that leapt has nothing to say: then it is when the log was last closed."""
        try:
            return self._clock.now()
        except ClockLeapt:
            return self._read().latest.head.closed
