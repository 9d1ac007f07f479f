"""A client that takes little time for itself: what is measured is a server, on a machine that both are on."""

import asyncio
from typing import Any, Self
from urllib.parse import urlsplit

import httptools
import msgspec


class Answer(msgspec.Struct):
    """What a server said."""

    status: int
    body: bytes

    def json(self) -> Any:
        """Return the JSON that it is. Ends the program where it says that something went wrong."""
        if self.status >= 400:
            raise SystemExit(f"an answer is {self.status}: {self.body.decode()}")
        return msgspec.json.decode(self.body)


class _Connection(asyncio.Protocol):
    """One connection: one request at a time."""

    def __init__(self) -> None:
        self._answered: asyncio.Future[Answer] | None = None
        self.is_open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]
        self.is_open = True

    async def ask(self, request: bytes) -> Answer:
        self._answered = asyncio.get_running_loop().create_future()
        self._parser = httptools.HttpResponseParser(self)
        self._parts: list[bytes] = []
        self.transport.write(request)
        return await self._answered

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        self._parts.append(body)

    def on_message_complete(self) -> None:
        assert self._answered is not None
        self._answered.set_result(Answer(self._parser.get_status_code(), b"".join(self._parts)))

    def connection_lost(self, error: Exception | None) -> None:
        self.is_open = False
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(error or ConnectionResetError("the server has hung up"))


class Client:
    """Asks one server, over as many connections as there are questions at once; they stay open. One event loop's."""

    def __init__(self, address: str) -> None:
        where = urlsplit(address)
        assert where.hostname is not None
        assert where.port is not None
        self._where = where.hostname, where.port
        self._idle: list[_Connection] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        for connection in self._idle:
            connection.transport.close()

    async def post(self, path: str, body: bytes, media_type: str) -> Answer:
        """Post a body."""
        head = f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: {media_type}\r\n"
        return await self._ask(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)

    async def get(self, path: str) -> Answer:
        """Get what is at a path."""
        return await self._ask(f"GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n".encode())

    async def _ask(self, request: bytes) -> Answer:
        while self._idle:
            # The one that was used last is the least likely to be closed by a server that waits no longer.
            connection = self._idle.pop()
            if connection.is_open:
                break
        else:
            loop = asyncio.get_running_loop()
            _, connection = await loop.create_connection(_Connection, *self._where)
        answer = await connection.ask(request)
        self._idle.append(connection)
        return answer
