"""A link passes on what is said as long as nothing holds it up, and breaks it in the way that it is told to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from chaos.link import BLACK_HOLE, STALLED, TORN, Link, Way, slow

PATIENCE = 20
"""Seconds in which something comes that has to."""
A_WHILE = 0.2
"""Seconds in which nothing comes that must not."""


class Server:
    """A server of the test's own: it says back what it hears, in capitals."""

    def __init__(self) -> None:
        self.port = 0
        self.heard = b""
        self.ended = 0
        self.moved = asyncio.Event()

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while said := await reader.read(1 << 20):
                self.heard += said
                self.moved.set()
                writer.write(said.upper())
                await writer.drain()
        self.ended += 1
        self.moved.set()
        writer.close()

    async def hears(self, what: bytes) -> None:
        """Return when all that it has heard is this."""
        async with asyncio.timeout(PATIENCE):
            while self.heard != what:
                self.moved.clear()
                await self.moved.wait()

    async def ends(self, number: int) -> None:
        """Return when so many of its connections have ended."""
        async with asyncio.timeout(PATIENCE):
            while self.ended < number:
                self.moved.clear()
                await self.moved.wait()


class Client:
    """A connection to the link."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def say(self, what: bytes) -> None:
        self.writer.write(what)
        await self.writer.drain()

    async def hears(self, what: bytes) -> None:
        """Hear this next."""
        async with asyncio.timeout(PATIENCE):
            assert await self.reader.readexactly(len(what)) == what

    async def hears_nothing(self) -> None:
        """Hear nothing, not even an end, for a while."""
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(A_WHILE):
                await self.reader.read(1)

    async def is_cut_off(self) -> None:
        async with asyncio.timeout(PATIENCE):
            with pytest.raises(ConnectionResetError):
                await self.reader.readuntil(b"\n")  # which nobody says


@asynccontextmanager
async def connected(link: Link) -> AsyncIterator[Client]:
    client = Client(*await asyncio.open_connection("127.0.0.1", link.port))
    try:
        yield client
    finally:
        client.writer.close()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server = Server()
    listening = await asyncio.start_server(server.take, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    yield server
    listening.close()


@pytest.fixture
async def link(server: Server) -> AsyncIterator[Link]:
    async with Link("example", server.port) as link:
        yield link


async def test_what_is_said_goes_through_in_both_ways_and_so_does_the_end(link: Link, server: Server) -> None:
    much = bytes(range(97, 123)) * 50_000
    async with connected(link) as client:
        await client.say(b"one")
        await client.hears(b"ONE")
        saying = asyncio.create_task(client.say(much))
        await client.hears(much.upper())
        await saying
        client.writer.write_eof()
        async with asyncio.timeout(PATIENCE):
            assert await client.reader.read() == b""
    await server.ends(1)
    assert server.heard == b"one" + much


async def test_what_is_stalled_comes_later_and_whole(link: Link, server: Server) -> None:
    async with connected(link) as client:
        with link.under(STALLED, "there"):
            await client.say(b"one")
            await client.say(b"two")
            await client.hears_nothing()
            assert server.heard == b""
        await client.hears(b"ONETWO")
        with link.under(STALLED, "back"):
            await client.say(b"three")
            await server.hears(b"onetwothree")
            await client.hears_nothing()
        await client.hears(b"THREE")


async def test_what_is_slow_comes_piece_after_piece_and_whole(link: Link, server: Server) -> None:
    loop = asyncio.get_running_loop()
    async with connected(link) as client:
        with link.under(slow(0.01, piece=10), "there"):
            began = loop.time()
            await client.say(b"0123456789" * 10)
            await client.hears(b"0123456789" * 10)
        assert loop.time() - began >= 10 * 0.01


@pytest.mark.parametrize("way", ["there", "back"])
async def test_what_is_swallowed_is_gone_and_so_is_all_later_on_that_connection(
    link: Link, server: Server, way: Way
) -> None:
    async with connected(link) as client, connected(link) as other:
        await client.say(b"before")
        await client.hears(b"BEFORE")
        with link.under(BLACK_HOLE, way):
            await client.say(b"swallowed")
            if way == "back":
                await server.hears(b"beforeswallowed")
            await client.hears_nothing()
        await client.say(b"later")
        await client.hears_nothing()
        # A connection on which nothing was said meanwhile has lost nothing.
        await other.say(b"other")
        await other.hears(b"OTHER")
        assert server.heard == b"before" + {"there": b"", "back": b"swallowedlater"}[way] + b"other"


async def test_a_connection_made_meanwhile_is_taken_and_swallowed(link: Link, server: Server) -> None:
    with link.under(BLACK_HOLE, "there", "back"):
        async with connected(link) as client:
            await client.say(b"swallowed")
            await client.hears_nothing()
    assert server.heard == b""


async def test_nobody_hears_of_an_end_that_is_swallowed_before_things_go_through_again(
    link: Link, server: Server
) -> None:
    async with connected(link) as other:
        with link.under(BLACK_HOLE, "there"):
            async with connected(link) as client:
                await client.say(b"swallowed")
            await other.hears_nothing()
            assert server.ended == 0
        await server.ends(1)


async def test_what_is_torn_comes_by_half_and_the_connection_is_cut(link: Link, server: Server) -> None:
    async with connected(link) as client:
        with link.under(TORN, "there"):
            await client.say(b"0123456789")
            await client.is_cut_off()
            await server.ends(1)
    assert server.heard == b"01234"


async def test_who_is_connected_is_cut_off_and_so_is_who_comes_meanwhile(link: Link, server: Server) -> None:
    async with connected(link) as client:
        await client.say(b"one")
        await client.hears(b"ONE")
        with link.cut():
            await client.is_cut_off()
            async with connected(link) as late:
                await late.is_cut_off()
        await server.ends(1)
        async with connected(link) as again:
            await again.say(b"two")
            await again.hears(b"TWO")


async def test_where_no_server_is_clients_are_cut_off(link: Link, server: Server) -> None:
    async with Link("to nobody", 9) as nowhere, connected(nowhere) as client:
        await client.is_cut_off()


async def test_a_link_that_is_left_has_cut_everything_off(server: Server) -> None:
    async with Link("left", server.port) as link:
        async with connected(link) as client:
            await client.say(b"one")
            await client.hears(b"ONE")
            held = client
            with link.under(STALLED, "there"):
                await client.say(b"two")
                leaving = asyncio.create_task(link.__aexit__(None, None, None))
                await held.is_cut_off()
                await leaving
        assert link.lines == 0
