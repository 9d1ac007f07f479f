"""A connection that PostgreSQL has ended is replaced before anybody notices."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from unittest.mock import Mock

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from wco_common.engine import DatabaseSettings, asking, create_engine

PATIENCE = 20
"""Seconds in which something comes that has to."""


@asynccontextmanager
async def pool(url: str, ping_after: float) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(url, DatabaseSettings(pool_size=3, pool_overflow=0, ping_after=ping_after))
    try:
        yield engine
    finally:
        await engine.dispose()


async def backends(engine: AsyncEngine, number: int) -> Sequence[int]:
    """Return who answers over so many connections at a time."""
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        ready = asyncio.Barrier(number)

        async def ask() -> int:
            async with asking(engine) as connection:
                await ready.wait()
                return int((await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one())

        asked = [group.create_task(ask()) for _ in range(number)]
    return sorted(task.result() for task in asked)


async def ended(url: str, pids: Sequence[int]) -> None:
    """Have the server end connections, and return once each has."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        # It waits so many milliseconds for the backend to be gone.
        asked = "SELECT bool_and(pg_terminate_backend(pid, 10000)) FROM unnest($1::integer[]) AS pid"
        assert await connection.fetchval(asked, pids)
    finally:
        await connection.close()


@pytest.mark.parametrize("ping_after", [0, 60])
async def test_what_the_server_has_ended_is_replaced(postgres_database: str, ping_after: float) -> None:
    async with pool(postgres_database, ping_after) as engine:
        # given
        before = await backends(engine, 3)
        # when
        await ended(postgres_database, before)
        # then
        after = await backends(engine, 3)
        assert len({*before, *after}) == 6


@pytest.mark.parametrize(("ping_after", "pings"), [(0, 2), (60, 0)])
async def test_what_is_in_use_is_not_asked_each_time_whether_it_is_there(
    postgres_database: str, ping_after: float, pings: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with pool(postgres_database, ping_after) as engine:
        pinged = Mock(wraps=engine.dialect.do_ping)
        monkeypatch.setattr(engine.dialect, "do_ping", pinged)
        # given: the first one is new
        [first] = await backends(engine, 1)
        # when
        again = [await backends(engine, 1) for _ in range(2)]
        # then
        assert again == [[first], [first]]
        assert pinged.call_count == pings
