"""A link: what clients reach a server through, as long as nobody cuts it, slows it, or lets it swallow what is said."""

import asyncio
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Literal, NamedTuple, Self

from wco_cluster.part import free_port
from wco_embedded.port import HOST

Way = Literal["there", "back"]
"""From clients to the server, or from the server to clients."""

WAYS: tuple[Way, ...] = ("there", "back")


@dataclass(frozen=True, slots=True)
class Condition:
    """What becomes of what is said on one way. Times in seconds, sizes in bytes."""

    name: str
    piece: int = 65_536
    """So much goes on at once."""
    delay: float = 0
    """So long each piece is held up."""
    waits: bool = False
    """Nothing goes on before the condition is another."""
    swallows: bool = False
    """Nothing goes on, ever, of what is said on a connection from the first piece that is swallowed."""
    tears: bool = False
    """Half a piece goes on, and the connection is cut."""


FREE = Condition("free")
STALLED = Condition("stalled", waits=True)
BLACK_HOLE = Condition("black hole", swallows=True)
TORN = Condition("torn", tears=True)


def slow(delay: float, piece: int = 4_096) -> Condition:
    """Return the condition by which each piece is held up."""
    return Condition("slow", piece=piece, delay=delay)


_AT_ONCE = struct.pack("ii", 1, 0)
"""Of SO_LINGER: to close is to reset."""


class _End(NamedTuple):
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def reset(self) -> None:
        """Break it off, and lose what is on its way."""
        open_one = self.writer.get_extra_info("socket")
        with suppress(OSError):
            if open_one is not None:
                open_one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        self.writer.transport.abort()


@dataclass(eq=False, slots=True)
class _Line:
    """A client's connection and the one to the server that goes with it."""

    client: _End
    server: _End
    task: asyncio.Task[None]
    swallowed: set[Way] = field(default_factory=set)
    """On which ways something of it was swallowed: what comes later would come in the place of that."""

    def on(self, way: Way) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        begin, end = (self.client, self.server) if way == "there" else (self.server, self.client)
        return begin.reader, end.writer


class Link:
    """Entered, it listens, and passes on what comes. Belongs to one event loop."""

    def __init__(self, name: str, to: int) -> None:
        """Stand before the port `to` of this machine."""
        self.name = name
        self.port = free_port()
        self._to = to
        self._conditions: dict[Way, Condition] = dict.fromkeys(WAYS, FREE)
        self._changed = asyncio.Event()
        self._refuses = False
        self._lines: set[_Line] = set()
        self._server: asyncio.Server | None = None

    @property
    def lines(self) -> int:
        """How many connections go through it."""
        return len(self._lines)

    @contextmanager
    def under(self, condition: Condition, *ways: Way) -> Iterator[None]:
        """Let a condition hold meanwhile, on some ways."""
        self._set(dict.fromkeys(ways, condition))
        try:
            yield
        finally:
            self._set(dict.fromkeys(ways, FREE))

    @contextmanager
    def cut(self) -> Iterator[None]:
        """Break every connection off, and meanwhile also each that somebody makes."""
        self._refuses = True
        self._reset()
        try:
            yield
        finally:
            self._refuses = False

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._take, HOST, self.port)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        self._set(dict.fromkeys(WAYS, FREE))
        self._reset()
        while self._lines:
            await self._changed.wait()

    def _set(self, conditions: dict[Way, Condition]) -> None:
        self._conditions |= conditions
        self._wake()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    def _reset(self) -> None:
        for line in self._lines:
            line.task.cancel()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ends = [_End(reader, writer)]
        is_whole = False
        try:
            if not self._refuses:
                ends.append(_End(*await asyncio.open_connection(HOST, self._to)))
            if not self._refuses:
                await self._serve(*ends)
                is_whole = True
        except* (OSError, asyncio.CancelledError):
            """One of the two is gone without a word, or the line is cut."""
        finally:
            for end in ends:
                if is_whole:
                    end.writer.close()
                else:
                    end.reset()

    async def _serve(self, client: _End, server: _End) -> None:
        task = asyncio.current_task()
        assert task is not None
        line = _Line(client, server, task)
        self._lines.add(line)
        try:
            async with asyncio.TaskGroup() as group:
                for way in WAYS:
                    group.create_task(self._pass(line, way))
        finally:
            self._lines.discard(line)
            self._wake()

    async def _pass(self, line: _Line, way: Way) -> None:
        """Pass on what is said on one way, to its end."""
        reader, writer = line.on(way)
        while True:
            said = await reader.read(self._conditions[way].piece)
            while self._conditions[way].waits:
                await self._changed.wait()
            condition = self._conditions[way]
            if condition.swallows:
                line.swallowed.add(way)
            if way in line.swallowed:
                if not said:
                    await self._unheard(line, way)
                continue
            if not said:
                if not writer.is_closing():
                    writer.write_eof()
                return
            if condition.tears:
                writer.write(said[: len(said) // 2])
                await writer.drain()
                raise ConnectionResetError
            if condition.delay:
                await asyncio.sleep(condition.delay)
            writer.write(said)
            await writer.drain()

    async def _unheard(self, line: _Line, way: Way) -> None:
        """Let nobody hear of an end that is swallowed, as long as things are swallowed; then the line is cut."""
        while self._conditions[way].swallows:
            await self._changed.wait()
        raise ConnectionResetError
