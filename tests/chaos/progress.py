"""How far the load is, for whoever waits for it."""

import asyncio

from wco_events.event_type import LOG_NAMES, LogName


class Progress:
    """Notes what logs acknowledge. Belongs to one event loop."""

    def __init__(self) -> None:
        self._events = 0
        self._last: dict[LogName, tuple[float, int]] = dict.fromkeys(LOG_NAMES, (0.0, 0))
        self._moved = asyncio.Event()

    def note(self, log: LogName, began: float, sequence: int) -> None:
        """Note an event: when it began to be sent, of the loop's clock, and where it stands."""
        self._events += 1
        self._last[log] = max(self._last[log], (began, sequence))
        self._moved.set()
        self._moved = asyncio.Event()

    async def more(self, number: int) -> None:
        """Return when so many more were acknowledged."""
        until = self._events + number
        while self._events < until:
            await self._moved.wait()

    async def since(self, time: float) -> dict[LogName, int]:
        """Return the sequences, of each log, of what began to be sent after a time, once there is one in each."""
        while not all(began > time for began, _ in self._last.values()):
            await self._moved.wait()
        return {log: sequence for log, (_, sequence) in self._last.items()}
