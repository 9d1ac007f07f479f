"""A log in a list, in which a test may leave events out, spoil them, or put others in their place."""

import asyncio
from collections.abc import Sequence

from wco_common.instant import Instant
from wco_common.log import Head, Line
from wco_events.event_type import LogName


class ListedLog:
    """A `Log` whose lines a test sets. It says that it has `length` of them, whatever there are.

    `hindrance` is why it cannot be read.
    """

    def __init__(self, name: LogName, lines: Sequence[bytes]) -> None:
        self._name = name
        self.hindrance: Exception | None = None
        self._closed = 0
        self._moved = asyncio.Event()
        self.put(lines)

    @property
    def name(self) -> LogName:
        return self._name

    def put(self, lines: Sequence[bytes]) -> None:
        """Let these be all lines of the log."""
        self.lines = {sequence: Line(sequence, body) for sequence, body in enumerate(lines, 1)}
        self.length = len(lines)
        self._closed += 1
        self._moved.set()
        self._moved = asyncio.Event()

    async def read(self, after: int, limit: int) -> Sequence[Line]:
        # As with any log that has to be read from somewhere, others have their turn meanwhile.
        await asyncio.sleep(0)
        if self.hindrance is not None:
            raise self.hindrance
        return [line for sequence, line in sorted(self.lines.items()) if sequence > after][:limit]

    async def head(self) -> Head:
        return Head(self.length, self._closed)

    async def close(self, least: Instant = 0) -> Head:
        return await self.head()

    async def wait(self, head: Head) -> Head:
        while await self.head() == head:
            await self._moved.wait()
        return await self.head()
