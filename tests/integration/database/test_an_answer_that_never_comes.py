"""PostgreSQL's answer can be lost without a word to either end: it is not waited for for ever, nor the connection kept.

The server has answered, and waits for the next question. Nothing but the patience of who asked ends that.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from sqlalchemy import Connection, make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine

from chaos.link import BLACK_HOLE, Link
from wco_common.engine import DatabaseSettings, asking, changing, create_engine
from wco_common.lease import Lease, LeaseSettings
from wco_common.reader import reader, snapshot_reader
from wco_common.schema import LEASE

SETTINGS = DatabaseSettings(statement_timeout=0.5, pool_size=1, pool_overflow=0)
LASTS = LeaseSettings(seconds=0.5, renew_every=0.1, margin=0.1)
PATIENCE = 20
"""Seconds in which something comes that has to."""


def one(connection: Connection) -> int:
    return int(connection.execute(text("SELECT 1")).scalar_one())


async def read(engine: AsyncEngine) -> None:
    assert await reader(engine, SETTINGS).ask(one) == 1


async def read_a_snapshot(engine: AsyncEngine) -> None:
    assert await snapshot_reader(engine, SETTINGS).ask(one) == 1


async def ask(engine: AsyncEngine) -> None:
    async with asking(engine) as connection:
        assert await connection.run_sync(one) == 1


async def change(engine: AsyncEngine) -> None:
    async with changing(engine) as connection:
        await connection.execute(text("CREATE TABLE IF NOT EXISTS changed (once INTEGER)"))


async def take_a_lease(engine: AsyncEngine) -> None:
    assert await Lease(engine, "example", "somebody", LASTS).take()


async def look_at_a_lease(engine: AsyncEngine) -> None:
    await Lease(engine, "example", "somebody", LASTS).standing()


@pytest.fixture
async def link(postgres_database: str) -> AsyncIterator[Link]:
    async with Link("to PostgreSQL", make_url(postgres_database).port or 5432) as link:
        yield link


@pytest.fixture
async def engine(postgres_database: str, link: Link) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(make_url(postgres_database).set(host="127.0.0.1", port=link.port), SETTINGS)
    async with changing(engine) as connection:
        await connection.run_sync(LEASE.metadata.create_all)
    yield engine
    await engine.dispose()


@pytest.mark.parametrize("work", [read, read_a_snapshot, ask, change, take_a_lease, look_at_a_lease])
async def test_whoever_waits_gives_up_and_the_next_is_answered_over_another_connection(
    work: Callable[[AsyncEngine], Awaitable[None]], engine: AsyncEngine, link: Link
) -> None:
    # given: the pool's one connection is there
    await work(engine)
    with link.under(BLACK_HOLE, "back"):
        # when
        async with asyncio.timeout(PATIENCE):
            with pytest.raises(TimeoutError):
                await work(engine)
    # then
    async with asyncio.timeout(PATIENCE):
        await work(engine)
