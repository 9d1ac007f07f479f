"""Finding the moment that a request is about, and waiting until it is settled."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from kpi_projector.moment import Moment, Positions
from kpi_projector.progress import Progress, within
from kpi_projector.settings import ProjectorSettings
from kpi_projector.state import SqlState
from wco_common.clock import Clock, ClockLeapt
from wco_common.instant import Instant, format_instant, start_of_day, utc_day
from wco_common.log import Log
from wco_common.problem import Invalid, NotReached, PlanNotAdopted, Unavailable
from wco_events.event_type import LOG_NAMES, LogName
from wco_events.fault import Fault, pointer

SECOND = 1_000_000

_log = structlog.get_logger(__name__)


class Moments:
    """Makes a moment of what a request says, once it has an answer that stays.

    `by` is until when the request may wait, of the loop's clock: one time for all that it waits for.
    """

    def __init__(
        self, logs: Sequence[Log], state: SqlState, progress: Progress, clock: Clock, settings: ProjectorSettings
    ) -> None:
        self._logs = {log.name: log for log in logs}
        self._state = state
        self._progress = progress
        self._clock = clock
        self._settings = settings

    def deadline(self) -> float:
        """Return until when a request that comes now may wait."""
        return within(self._settings.wait)

    async def asked(self, query: Mapping[str, Any], by: float) -> Moment:
        """Return the moment of a request's `as_of`, of its `after`, or the current one. Raises Invalid, NotReached."""
        if "as_of" in query:
            if "after" in query:
                raise _invalid("after", "cannot stand together with as_of")
            return await self.at(query["as_of"], by)
        if "after" in query:
            log, sequence = query["after"]
            return await self.after(log, sequence, by)
        return await self.current(by)

    async def current(self, by: float, name: str = "") -> Moment:
        """Return the newest moment that all logs have closed and the fold has reached.

        Its time moves with events and midnights alone. The logs are asked to close now, and waited for a little;
        where a log or its fold stands still, what is settled already is answered: it is right, and grows old.
        Raises NotReached, of the parameter `name` if one asks for it, while nothing is settled yet.
        """
        # A clock that stepped back is behind what was recorded since, which is to be in it all the same.
        newest = max(self._progress.settled.values())
        now = self._now()
        wanted = newest if newest > now else now - round(self._settings.freshness * SECOND)
        try:
            await self._progress.settle(wanted, min(by, within(self._settings.freshness_wait)))
        except Unavailable:
            _log.warning("a log cannot be closed now; what is settled is answered")
        if not self._progress.now:
            await self._settle(1, by, name)
        return await self.cut()

    async def cut(self) -> Moment:
        """Return the moment that is settled by now, without asking anybody to close."""
        settled = self._progress.now
        positions, newest = await self._state.cut(settled)
        return Moment(max(newest, start_of_day(utc_day(settled))), positions, fixed=False)

    async def after(self, log: LogName, sequence: int, by: float) -> Moment:
        """Return the current moment once an event is in it. Raises NotReached."""
        positions = self._progress.positions
        if not await self._progress.until(lambda: positions[log] >= sequence, by):
            raise _not_reached(
                "after", f"{log} has not come to {sequence} within {self._settings.wait:g} s; it is at {positions[log]}"
            )
        await self._settle(await self._state.recorded_at(log, sequence) or 0, by, "after")
        return await self.current(by, "after")

    async def at(self, as_of: Instant | dict[LogName, int], by: float, name: str = "as_of") -> Moment:
        """Return the moment that a parameter names. Raises Invalid or NotReached."""
        if isinstance(as_of, int):
            return await self._at_time(as_of, by, name)
        return await self._at_positions(as_of, by, name)

    async def again(self, moment: Moment, by: float, name: str) -> Moment:
        """Return a moment that was answered with before, here or elsewhere, once it is settled here.

        Raises Invalid where no service can have answered with it.
        """
        await self._hold_past(moment.time, name)
        try:
            newest = await self._at_positions(moment.positions, by, name)
        except PlanNotAdopted:
            raise _invalid(name, "speaks of a time before any plan") from None
        if moment.time < newest.time:
            raise _invalid(name, "speaks of what was recorded later than it says")
        return moment

    async def _hold_past(self, time: Instant, name: str) -> None:
        now = max(self._now(), self._progress.now)
        if time > now:
            # A clock that stepped back, or is another machine's: what a log has closed is past.
            heads = await asyncio.gather(*(log.head() for log in self._logs.values()))
            now = max(now, *(head.closed for head in heads))
        if time > now:
            raise _invalid(name, f"{format_instant(time)} is in the future; it is {format_instant(now)}")

    async def _at_time(self, time: Instant, by: float, name: str) -> Moment:
        await self._hold_past(time, name)
        await self._settle(time, by, name)
        positions, _ = await self._state.cut(time)
        return Moment(time, positions, fixed=True)

    async def _at_positions(self, positions: Positions, by: float, name: str) -> Moment:
        for log, sequence in positions.items():
            if sequence > self._progress.positions[log] and sequence > (end := await self._end(log, sequence)):
                raise _invalid(name, f"{log} has no {sequence}; it ends at {end}")
        folded = self._progress.positions
        if not await self._progress.until(
            lambda: all(folded[log] >= sequence for log, sequence in positions.items()), by
        ):
            behind = [log for log, sequence in positions.items() if folded[log] < sequence]
            raise _not_reached(
                name, f"waits for {', '.join(behind)}, not folded that far within {self._settings.wait:g} s"
            )
        times = [await self._state.recorded_at(log, sequence) for log, sequence in positions.items() if sequence]
        if not times:
            raise PlanNotAdopted("no plan is adopted where nothing is recorded")
        return Moment(max(time for time in times if time is not None), positions, fixed=True)

    async def _end(self, log: LogName, least: int) -> int:
        """Return the end of a log. Who hears late of what it has recorded asks the log itself before it is short."""
        head = await self._logs[log].head()
        return (head if head.sequence >= least else await self._logs[log].close()).sequence

    def _now(self) -> Instant:
        """Return the present instant; while the clock cannot be trusted, what is settled is the present."""
        try:
            return self._clock.now()
        except ClockLeapt:
            return self._progress.now

    async def _settle(self, time: Instant, by: float, name: str = "") -> None:
        """Return once all up to a time is settled. Raises NotReached, of the parameter `name` if one asks for it."""
        if not await self._progress.settle(time, by):
            behind = [
                f"{log}{' (' + self._progress.stopped[log] + ')' if log in self._progress.stopped else ''}"
                for log in LOG_NAMES
                if self._progress.settled[log] < time
            ]
            raise _not_reached(name, f"waits for {', '.join(behind)}, not settled within {self._settings.wait:g} s")


def _not_reached(name: str, detail: str) -> NotReached:
    return NotReached(detail, [Fault(pointer(name), detail)] if name else [])


def _invalid(name: str, detail: str) -> Invalid:
    return Invalid(f"{name}: {detail}", [Fault(pointer(name), detail)])
