"""Ending tasks, also those that lose a cancellation."""

import asyncio
from contextlib import suppress
from typing import Any

_AGAIN = 1.0
"""Seconds until a task that goes on is cancelled again."""


async def end(task: asyncio.Task[Any]) -> None:
    """Cancel a task, again and again if need be, until it has ended. Raises what it raises.

    `asyncio.wait_for` of Python 3.11 loses a cancellation that comes just as what it waits for is done
    (https://github.com/python/cpython/issues/86296), and aiokafka waits by it.
    """
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=_AGAIN)
    with suppress(asyncio.CancelledError):
        await task
