"""Work that several wait for and that is done once, and what is kept of it."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable, Iterable
from contextlib import suppress
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(Generic[K, V]):
    """The things that were kept or asked for last, so many at most."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._things: dict[K, V] = {}

    def get(self, key: K) -> V | None:
        """Return what is kept under a key, and keep it on; None where there is nothing."""
        if key not in self._things:
            return None
        thing = self._things[key] = self._things.pop(key)  # the last one asked for is the last one to go
        return thing

    def keep(self, key: K, thing: V) -> None:
        """Keep a thing, in the place of what was asked for longest ago if there are too many."""
        self._things.pop(key, None)
        self._things[key] = thing
        for oldest in list(self._things)[: -self._most]:
            del self._things[oldest]

    def all(self) -> Iterable[V]:
        """Return everything that is kept."""
        return list(self._things.values())


class Shared(Generic[K, V]):
    """The results of the last pieces of work, `kept` of them at most; what failed is done again when asked again."""

    def __init__(self, kept: int) -> None:
        self._tasks: Kept[K, asyncio.Task[V]] = Kept(kept)

    async def get(self, key: K, work: Callable[[], Coroutine[Any, Any, V]]) -> V:
        """Return what the work of this key comes to, and begin it if nobody has."""
        task = self._tasks.get(key)
        if task is None or (task.done() and (task.cancelled() or task.exception() is not None)):
            task = asyncio.create_task(work())
            self._tasks.keep(key, task)
        # Whoever goes away must not take the work from the others.
        return await asyncio.shield(task)

    async def stop(self) -> None:
        """End the work that is under way."""
        for task in self._tasks.all():
            task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await task
