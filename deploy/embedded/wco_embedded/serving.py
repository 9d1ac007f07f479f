"""Serving an app until a signal says to stop: accept no more, finish what is in flight, end."""

import asyncio
import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Self

import uvicorn
from starlette.types import ASGIApp

from wco_common.answering import OneWriteProtocol
from wco_common.endable_streams import EndableStreams
from wco_embedded.settings import CommandSettings

_STOPPING = (signal.SIGINT, signal.SIGTERM)
_KILLED_BY_CTRL_C = 130


class Signals:
    """Ctrl-C and SIGTERM while it is entered: the first calls `stop`, the second ends the process at once.

    That is no worse than a crash, after which nothing recorded is lost.
    """

    def __init__(self, stop: Callable[[], object]) -> None:
        self.stop = stop
        self._told = False

    def __enter__(self) -> Self:
        loop = asyncio.get_running_loop()
        for number in _STOPPING:
            loop.add_signal_handler(number, self._handle)
        return self

    def __exit__(self, *error: object) -> None:
        loop = asyncio.get_running_loop()
        for number in _STOPPING:
            loop.remove_signal_handler(number)

    def _handle(self) -> None:
        if self._told:
            os._exit(_KILLED_BY_CTRL_C)
        self._told = True
        self.stop()


class Server(uvicorn.Server):
    """A server that says when it listens, ends streams when it stops, and leaves signals to others."""

    def __init__(self, app: ASGIApp, settings: CommandSettings) -> None:
        self._streams = EndableStreams(app)
        self.listening = asyncio.Event()
        super().__init__(
            uvicorn.Config(
                self._streams,
                http=OneWriteProtocol,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                # Nothing asks who the client is.
                proxy_headers=False,
                timeout_keep_alive=settings.keep_alive,
                timeout_graceful_shutdown=settings.stop_timeout,
            )
        )

    def stop(self) -> None:
        """Stop accepting; requests in flight have the time-out to end."""
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen."""
        await super().startup(sockets)
        self.listening.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End."""
        self._streams.end()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield
