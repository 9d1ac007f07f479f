"""A loop for tests of what waits: its clock goes to the next timer at once where there is nothing else to do."""

import asyncio
import selectors
from typing import Any


class HurriedLoop(asyncio.SelectorEventLoop):
    """Nothing in it may be done on threads while a timer runs, or the timer would not wait for it."""

    def __init__(self) -> None:
        self._now = 0.0
        super().__init__(_Hurried(self))

    def time(self) -> float:
        return self._now

    def go_on(self, seconds: float) -> None:
        self._now += seconds


class _Hurried(selectors.DefaultSelector):
    def __init__(self, loop: HurriedLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> Any:
        if not timeout:
            return super().select(timeout)
        if not (ready := super().select(0)):
            self._loop.go_on(timeout)
        return ready
