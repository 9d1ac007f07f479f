"""A gate for those who make the load: they go through it each time that they begin something new."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Gate:
    """Open at first. Belongs to one event loop."""

    def __init__(self) -> None:
        self._open = asyncio.Event()
        self._open.set()
        self._inside = 0
        self._left = asyncio.Event()

    @asynccontextmanager
    async def work(self) -> AsyncIterator[None]:
        """Wait until it is open, and do something that is to come to its end."""
        # It may be closed again between the moment when it opens and the one when who waited comes to his turn.
        while not self._open.is_set():
            await self._open.wait()
        self._inside += 1
        try:
            yield
        finally:
            self._inside -= 1
            self._left.set()

    @asynccontextmanager
    async def closed(self) -> AsyncIterator[None]:
        """Let nobody begin meanwhile, and wait until all have come to their end."""
        self._open.clear()
        try:
            while self._inside:
                self._left.clear()
                await self._left.wait()
            yield
        finally:
            self._open.set()
