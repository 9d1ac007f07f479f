"""A client that posts events, one a request, over some connections that stay open.

A program of its own, so that it takes no time from the server: it prints the events a second and the milliseconds
that answers took, in quantiles. Arguments: address, path, media type, events, connections; the bodies come on stdin,
one a line.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from functools import partial
from urllib.parse import urlsplit

import httptools
import uvloop


class Connection(asyncio.Protocol):
    """One connection: sends a request, waits for its answer, sends the next."""

    def __init__(self, requests: Iterator[bytes], taken: list[float], done: "asyncio.Future[None]") -> None:
        self._requests = requests
        self._taken = taken
        self.done = done
        self._parser = httptools.HttpResponseParser(self)
        self._began = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]
        self._next()

    def _next(self) -> None:
        request = next(self._requests, None)
        if request is None:
            self._transport.close()
            return
        self._began = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        """Note how long the answer took, and go on."""
        status = self._parser.get_status_code()
        if status != 201:
            self.done.set_exception(SystemExit(f"an event was answered with {status}"))
            return
        self._taken.append(time.perf_counter() - self._began)
        self._next()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)


async def load(address: str, requests: Iterator[bytes], connections: int) -> tuple[float, list[float]]:
    """Send the requests, and return the seconds it took and those of each answer."""
    loop = asyncio.get_running_loop()
    taken: list[float] = []
    where = urlsplit(address)
    assert where.hostname is not None
    assert where.port is not None
    began = time.perf_counter()
    ends = []
    for _ in range(connections):
        end: asyncio.Future[None] = loop.create_future()
        ends.append(end)
        await loop.create_connection(partial(Connection, requests, taken, end), where.hostname, where.port)
    await asyncio.gather(*ends)
    return time.perf_counter() - began, taken


if __name__ == "__main__":
    target, path, media_type, number_of_connections = sys.argv[1:]
    head = f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: {media_type}\r\nContent-Length: ".encode()
    prepared = [
        head + str(len(body)).encode() + b"\r\n\r\n" + body for body in sys.stdin.buffer.read().splitlines() if body
    ]
    seconds, answers = uvloop.run(load(target, iter(prepared), int(number_of_connections)))
    print(json.dumps({"rate": len(prepared) / seconds, "answers": [round(1000 * answer, 3) for answer in answers]}))
