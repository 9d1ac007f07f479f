"""The clock that recorded times come from, and what it does when the machine's clock leaps."""

import time
from collections.abc import Callable
from typing import Protocol

from wco_common.instant import Instant


class ClockLeapt(Exception):
    """The machine's clock has leapt ahead. A time recorded now could never be taken back.

    It is over once the clock is right again; if the clock is right now, restart the service.
    """

    def __init__(self, ahead: float) -> None:
        super().__init__(
            f"the clock of the machine leapt ahead by {ahead:.1f} s: nothing is recorded until it is back, "
            "or until the service is restarted, if it is right now"
        )


class Clock(Protocol):
    """Tells the time. Safe to ask from any thread."""

    def now(self) -> Instant:
        """Return the present instant. Raises ClockLeapt when it cannot be trusted."""
        ...


def wall_time() -> Instant:
    """Return what the machine takes for the time."""
    return time.time_ns() // 1000


def elapsed_time() -> Instant:
    """Return the microseconds since some fixed moment. Where there is such a clock, sleep of the machine counts."""
    boot_time = getattr(time, "CLOCK_BOOTTIME", None)
    return (time.monotonic_ns() if boot_time is None else time.clock_gettime_ns(boot_time)) // 1000


class SystemClock:
    """The machine's clock, held against the time that has passed since it was last asked.

    It is refused while it is ahead by more than `leap` seconds of where it should be. Small steps ahead are gone
    along with. Of a step back it takes no notice: logs never go back, and to come forward again is no leap.
    """

    def __init__(
        self, leap: float, wall: Callable[[], Instant] = wall_time, elapsed: Callable[[], Instant] = elapsed_time
    ) -> None:
        self._leap = leap * 1_000_000
        self._wall = wall
        self._elapsed = elapsed
        self._offset = wall() - elapsed()

    def now(self) -> Instant:
        """Return the present instant. Raises ClockLeapt."""
        wall = self._wall()
        offset = wall - self._elapsed()
        ahead = offset - self._offset
        if ahead > self._leap:
            raise ClockLeapt(ahead / 1_000_000)
        if ahead > 0:
            self._offset = offset
        return wall
