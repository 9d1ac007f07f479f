"""A clock that a test sets."""

from wco_common.clock import ClockLeapt
from wco_common.instant import Instant, parse_instant


class SettableClock:
    """Stands still until it is set. `leapt` is by how many seconds it has leapt ahead, and so cannot be trusted."""

    def __init__(self, time: str = "2024-06-26T12:00:00Z") -> None:
        self.time: Instant = parse_instant(time)
        self.leapt: float | None = None

    def now(self) -> Instant:
        if self.leapt is not None:
            raise ClockLeapt(self.leapt)
        return self.time

    def set(self, time: str) -> None:
        self.time = parse_instant(time)
