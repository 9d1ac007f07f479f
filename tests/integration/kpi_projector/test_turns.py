"""Instances share the logs: those that start together from the beginning, and none waits for one that cannot fold."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from kpi_projector.migrate import upgrade
from kpi_projector.turns import SharedTurns
from wco_common.engine import DatabaseSettings, create_engine
from wco_common.lease import LeaseSettings
from wco_events.event_type import LOG_NAMES, LogName

PATIENCE = 20
"""Seconds in which something comes that has to."""

LONG = LeaseSettings(seconds=120, renew_every=60, margin=1)
"""Nobody gives anything up, or takes anything a second time, while a test lasts."""
SHORT = LeaseSettings(seconds=0.5, renew_every=0.1, margin=0.1)

Instance = Callable[[LeaseSettings, Callable[[], Awaitable[None]]], Awaitable[SharedTurns]]


async def at_once() -> None:
    """Be ready."""


@pytest.fixture
async def start(postgres_database: str) -> AsyncIterator[Instance]:
    """Starts an instance, which lives as long as the test."""
    await upgrade(postgres_database, DatabaseSettings())
    async with AsyncExitStack() as stack:

        async def start(settings: LeaseSettings, ready: Callable[[], Awaitable[None]]) -> SharedTurns:
            engine: AsyncEngine = create_engine(postgres_database, DatabaseSettings())
            stack.push_async_callback(engine.dispose)
            return await stack.enter_async_context(SharedTurns(engine, settings, ready))

        yield start


async def had(turns: SharedTurns, number: int) -> list[LogName]:
    """Return the logs whose turn an instance has, once these are so many."""
    async with asyncio.timeout(PATIENCE):
        while True:
            moved = turns.moved
            if len(logs := [log for log in LOG_NAMES if turns.has(log)]) == number:
                return logs
            await moved.wait()


async def test_instances_that_start_together_have_their_shares_from_the_beginning(start: Instance) -> None:
    # given: both have started before either can read the logs
    ready = asyncio.Event()

    async def once_ready() -> None:
        await ready.wait()

    first, second = [await start(LONG, once_ready) for _ in range(2)]
    assert not any(each.has(log) for each in (first, second) for log in LOG_NAMES)
    # when
    ready.set()
    # then
    async with asyncio.timeout(PATIENCE):
        while sum(each.has(log) for each in (first, second) for log in LOG_NAMES) < len(LOG_NAMES):
            moved = [asyncio.ensure_future(each.moved.wait()) for each in (first, second)]
            await asyncio.wait(moved, return_when=asyncio.FIRST_COMPLETED)
            for each in moved:
                each.cancel()
    shares = [{log for log in LOG_NAMES if each.has(log)} for each in (first, second)]
    assert sorted(map(len, shares)) == [1, 2]
    assert set.union(*shares) == set(LOG_NAMES)


async def test_one_that_never_can_read_the_logs_is_waited_for_as_long_as_a_lease_lasts(start: Instance) -> None:
    # given
    stuck = await start(SHORT, asyncio.Event().wait)  # type: ignore[arg-type]
    # when
    folding = await start(SHORT, at_once)
    # then
    assert await had(folding, len(LOG_NAMES)) == list(LOG_NAMES)
    assert not any(stuck.has(log) for log in LOG_NAMES)
