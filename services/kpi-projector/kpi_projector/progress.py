"""How far the fold has come, for whoever waits for a moment to be settled."""

import asyncio
from collections.abc import Callable, Sequence

from wco_common.instant import Instant
from wco_common.log import Log
from wco_events.event_type import LOG_NAMES, LogName


def within(seconds: float) -> float:
    """Return the time of the loop's clock so many seconds from now."""
    return asyncio.get_running_loop().time() + seconds


class Progress:
    """Where the fold stands in each log, and up to which closed time it has everything of it."""

    def __init__(self, logs: Sequence[Log]) -> None:
        self.positions: dict[LogName, int] = dict.fromkeys(LOG_NAMES, 0)
        self.settled: dict[LogName, Instant] = dict.fromkeys(LOG_NAMES, 0)
        self.stopped: dict[LogName, str] = {}
        self._logs = logs
        self._moved = asyncio.Event()
        self._closing: asyncio.Task[None] | None = None

    @property
    def now(self) -> Instant:
        """The least closed time that the fold has reached: a moment up to it has one answer for ever."""
        return min(self.settled.values())

    def begin(self, log: LogName, position: int, settled: Instant) -> None:
        """Note what of a log is folded; whether the fold goes on from there is not known yet."""
        self.positions[log] = position
        self.settled[log] = max(self.settled[log], settled)
        self._wake()

    def advance(self, log: LogName, position: int, settled: Instant) -> None:
        """Note that everything of a log up to a position is folded, and nothing up to `settled` is missing."""
        self.stopped.pop(log, None)
        self.begin(log, position, settled)

    def stop(self, log: LogName, reason: str) -> None:
        """Note that the fold of a log stands still, and why."""
        self.stopped[log] = reason
        self._wake()

    def _wake(self) -> None:
        self._moved.set()
        self._moved = asyncio.Event()

    async def moved(self) -> None:
        """Return when the fold has moved on."""
        await self._moved.wait()

    async def until(self, holds: Callable[[], bool], by: float) -> bool:
        """Return when something holds of the progress; False when it does not by a time of the loop's clock."""
        try:
            async with asyncio.timeout_at(by):
                while not holds():
                    await self.moved()
        except TimeoutError:
            return holds()
        return True

    async def settle(self, time: Instant, by: float) -> bool:
        """Ask the logs to close their time until everything up to `time` is folded; False when that takes longer."""
        try:
            async with asyncio.timeout_at(by):
                while self.now < time:
                    moved, closing = self._moved, self._close(time)
                    # One log that is slow to close does not matter where the fold has come far enough meanwhile.
                    await _either(closing, moved)
                    if self.now < time and closing.done():
                        closing.result()
                        await moved.wait()
        except TimeoutError:
            return self.now >= time
        return True

    def _close(self, time: Instant) -> asyncio.Task[None]:
        """Close the logs that are behind, once for everybody who asks meanwhile, also if one of them goes away."""
        if self._closing is None or self._closing.done():
            self._closing = asyncio.create_task(self._close_all(time))
            # Where everybody has gone away, nobody asks why it failed.
            self._closing.add_done_callback(lambda closing: closing.cancelled() or closing.exception())
        return self._closing

    async def _close_all(self, time: Instant) -> None:
        # A clock that stepped back is behind what another log has closed already: that is the least to reach.
        least = max(self.settled.values())
        await asyncio.gather(*(log.close(least) for log in self._logs if self.settled[log.name] < max(time, least)))

    async def stop_closing(self) -> None:
        """Let a closing that is under way come to its end."""
        if self._closing is not None:
            await asyncio.wait([self._closing])


async def _either(task: asyncio.Task[None], event: asyncio.Event) -> None:
    """Return when a task is done or an event is set."""
    setting = asyncio.create_task(event.wait())
    try:
        await asyncio.wait([task, setting], return_when=asyncio.FIRST_COMPLETED)
    finally:
        setting.cancel()
