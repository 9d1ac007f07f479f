"""Work that several wait for and that is done once."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from contextlib import suppress
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Shared(Generic[K, V]):
    """The results of the last pieces of work, `kept` of them at most; what failed is done again when asked again."""

    def __init__(self, kept: int) -> None:
        self._kept = kept
        self._tasks: dict[K, asyncio.Task[V]] = {}

    async def get(self, key: K, work: Callable[[], Coroutine[Any, Any, V]]) -> V:
        """Return what the work of this key comes to, and begin it if nobody has."""
        task = self._tasks.pop(key, None)
        if task is None or (task.done() and (task.cancelled() or task.exception() is not None)):
            task = asyncio.create_task(work())
        self._tasks[key] = task  # the last one asked for is the last one to go
        for oldest in list(self._tasks)[: -self._kept]:
            del self._tasks[oldest]
        # Whoever goes away must not take the work from the others.
        return await asyncio.shield(task)

    async def stop(self) -> None:
        """End the work that is under way."""
        for task in self._tasks.values():
            task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await task
