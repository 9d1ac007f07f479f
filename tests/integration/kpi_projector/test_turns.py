"""Instances share the logs: those that start together from the beginning, and none waits for one that cannot fold."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from typing import Protocol

import pytest
from sqlalchemy import text
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

LOOKED_FOR = 0.05
"""Seconds after which it is looked again for a turn: nobody is told of one that runs out."""

Ready = Callable[[], Awaitable[object]]


class Instance(Protocol):
    """Starts an instance."""

    async def __call__(self, settings: LeaseSettings, ready: Ready, wait: float = 120) -> SharedTurns: ...


async def at_once() -> None:
    """Be ready."""


@pytest.fixture
async def start(postgres_database: str) -> AsyncIterator[Instance]:
    """Starts an instance, which lives as long as the test."""
    await upgrade(postgres_database, DatabaseSettings())
    async with AsyncExitStack() as stack:

        async def start(settings: LeaseSettings, ready: Ready, wait: float = 120) -> SharedTurns:
            engine: AsyncEngine = create_engine(postgres_database, DatabaseSettings())
            stack.push_async_callback(engine.dispose)
            return await stack.enter_async_context(SharedTurns(engine, settings, ready, wait))

        yield start


async def had(turns: SharedTurns, number: int) -> list[LogName]:
    """Return the logs whose turn an instance has, once these are so many."""
    async with asyncio.timeout(PATIENCE):
        while True:
            moved = turns.moved
            if len(logs := [log for log in LOG_NAMES if turns.has(log)]) == number:
                return logs
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOKED_FOR):
                    await moved.wait()


async def test_of_instances_that_start_together_each_is_left_its_share_until_it_can_read_the_logs(
    start: Instance,
) -> None:
    # given: both have started before either can read the logs
    first_can, second_can = asyncio.Event(), asyncio.Event()
    first, second = await start(LONG, first_can.wait), await start(LONG, second_can.wait)
    assert not any(each.has(log) for each in (first, second) for log in LOG_NAMES)
    # when
    first_can.set()
    # then
    assert await had(first, 2) == ["plan-registry", "survey-intake"]
    # when
    second_can.set()
    # then
    assert await had(second, 1) == ["operations-feed"]


async def test_who_waits_longer_than_a_lease_lasts_is_left_its_share_all_the_same(start: Instance) -> None:
    # given
    waiting_can = asyncio.Event()
    waiting = await start(SHORT, waiting_can.wait)
    await asyncio.sleep(2 * SHORT.seconds)  # the time itself is what passes: the lease that it has taken first
    # when
    other = await start(SHORT, at_once)
    # then
    assert await had(other, 2) == ["plan-registry", "survey-intake"]
    waiting_can.set()
    assert await had(waiting, 1) == ["operations-feed"]


async def test_who_never_can_read_the_logs_is_left_none_in_the_end(start: Instance) -> None:
    # given
    stuck = await start(SHORT, asyncio.Event().wait, wait=2 * SHORT.seconds)
    # when
    folding = await start(SHORT, at_once)
    # then
    assert await had(folding, len(LOG_NAMES)) == list(LOG_NAMES)
    assert not any(stuck.has(log) for log in LOG_NAMES)


async def test_a_turn_that_was_lost_and_has_come_back_is_told(start: Instance, postgres_database: str) -> None:
    # given
    turns = await start(SHORT, at_once)
    await had(turns, len(LOG_NAMES))
    engine = create_engine(postgres_database, DatabaseSettings())
    try:
        # when: the turn cannot be renewed for longer than it lasts
        async with engine.begin() as connection:
            await connection.execute(text("LOCK TABLE lease"))
            await had(turns, 0)
            moved = turns.moved
        # then
        async with asyncio.timeout(PATIENCE):
            await moved.wait()
    finally:
        await engine.dispose()
