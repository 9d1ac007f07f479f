"""Event streams that end when their server is to stop: by themselves they have no end, and it would cut them off."""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_STOPPING = (signal.SIGINT, signal.SIGTERM)


class EndableStreams:
    """An app whose event streams can be ended. Where its server runs its lifespan, a signal to stop ends them too."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._streams: set[asyncio.Task[None]] = set()
        self._ending = False

    def end(self) -> None:
        """End the streams that are open, as if each had come to its end, and every one that begins from now on."""
        self._ending = True
        for stream in self._streams:
            stream.cancel()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or live as long as the server does."""
        if scope["type"] == "lifespan":
            with _told_to_stop(self.end):
                await self._app(scope, receive, send)
            return
        task = asyncio.current_task()

        async def noting_streams(message: Message) -> None:
            await send(message)
            if task is not None and message["type"] == "http.response.start" and _is_stream(scope, message):
                self._streams.add(task)
                if self._ending:
                    task.cancel()

        try:
            await self._app(scope, receive, noting_streams)
        except asyncio.CancelledError:
            if task not in self._streams:
                raise
            task.uncancel()
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self._streams.discard(task)


def _is_stream(scope: Scope, start: Message) -> bool:
    # The answer to HEAD has the same headers, and ends by itself.
    return scope["method"] != "HEAD" and any(
        name == b"content-type" and value.startswith(b"text/event-stream") for name, value in start["headers"]
    )


@contextmanager
def _told_to_stop(tell: Callable[[], None]) -> Iterator[None]:
    """Have it told, meanwhile, when the process is to stop, before whoever is told of that already.

    uvicorn says so to nobody: it waits for the answers under way, and leaves the lifespan only after that.
    """
    if threading.current_thread() is not threading.main_thread():  # there are no signals elsewhere
        yield
        return
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in _STOPPING}

    def handle(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(tell)
        if callable(told := before[signal.Signals(number)]):
            told(number, frame)

    for number, told in before.items():
        if callable(told):
            signal.signal(number, handle)
    try:
        yield
    finally:
        for number, told in before.items():
            if callable(told):
                signal.signal(number, told)
