"""The latest head that this process knows of a log, and how to wait for a later one."""

import asyncio

from wco_common.log import Head


class Latest:
    """The latest head of a log. Belongs to one event loop."""

    def __init__(self) -> None:
        self.head = Head(0, 0)
        self._moved = asyncio.Event()

    def move(self, head: Head) -> None:
        """Take note of a head; whoever waits for one beyond its own is woken. One that is not later is left aside."""
        # Heads follow one another in closed time: recording an event raises it too.
        if head.closed > self.head.closed:
            self.head = head
            self._moved.set()
            self._moved = asyncio.Event()

    async def beyond(self, head: Head) -> Head:
        """Return the latest head as soon as it is beyond the one given."""
        while self.head.closed <= head.closed and self.head.sequence <= head.sequence:
            await self._moved.wait()
        return self.head
