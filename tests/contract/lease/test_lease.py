"""A lease is one process's at a time, as long as it renews it, whatever the database."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from sqlalchemy import update

from accounts import LOG
from wco_common.engine import SQLITE_WRITES, DatabaseSettings, create_engine
from wco_common.lease import Lease, LeaseLost, LeaseSettings, Standing
from wco_common.migrate import upgrade
from wco_common.schema import LEASE
from wco_common.settings import WrongSettings

SETTINGS = LeaseSettings(seconds=60, renew_every=0.05, margin=10)
NAME = "relay"
PATIENCE = 60
"""Seconds in which something comes that has to."""
Leasing = Callable[..., Lease]


class Stopwatch:
    """Time that passes for one process when a test says so, in microseconds."""

    def __init__(self) -> None:
        self.time = 7_000_000

    def __call__(self) -> int:
        return self.time

    def go(self, seconds: float) -> None:
        self.time += round(seconds * 1_000_000)


@pytest.fixture
async def lease_url(database_url: str) -> str:
    await upgrade(database_url, LOG)
    return database_url


@pytest.fixture
async def leasing(lease_url: str) -> AsyncIterator[Leasing]:
    """Makes the lease as a process of some name sees it."""
    engine = create_engine(lease_url, DatabaseSettings())

    def make(holder: str, settings: LeaseSettings = SETTINGS, elapsed: Callable[[], int] | None = None) -> Lease:
        return Lease(engine, NAME, holder, settings, *(() if elapsed is None else (elapsed,)))

    yield make
    await engine.dispose()


async def run_out(url: str) -> None:
    """Let the lease's time be over, as it is once the database's clock has gone on that far."""
    engine = create_engine(url, DatabaseSettings())
    async with engine.execution_options(**{SQLITE_WRITES: True}).begin() as connection:
        await connection.execute(update(LEASE).values(until=LEASE.c.since))
    await engine.dispose()


async def later_than(first: Standing, lease: Lease) -> Standing:
    """Wait until a lease lasts longer than it did."""
    async with asyncio.timeout(PATIENCE):
        while (found := await standing(lease)).until == first.until:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    return found


async def standing(lease: Lease) -> Standing:
    found = await lease.standing()
    assert found is not None
    return found


async def test_a_lease_that_nobody_has_is_taken_and_lasts_as_long_as_it_says(leasing: Leasing) -> None:
    one = leasing("one")
    assert await one.standing() is None
    assert await one.take()
    found = await standing(one)
    assert (found.holder, found.is_held) == ("one", True)
    assert found.until - found.since == pytest.approx(60_000_000, abs=5_000_000)
    assert found.age >= 0


async def test_a_lease_that_another_has_is_not_taken_and_stays_as_it_is(leasing: Leasing) -> None:
    one, other = leasing("one"), leasing("other")
    await one.take()
    before = await standing(one)
    assert not await other.take()
    assert (await standing(other))[:3] == before[:3]
    with pytest.raises(LeaseLost):
        other.check()


async def test_to_renew_a_lease_makes_it_last_longer_and_changes_nothing_else(leasing: Leasing) -> None:
    one = leasing("one")
    await one.take()
    first = await standing(one)
    await asyncio.sleep(0.002)  # longer than what SQLite's clock is exact to
    assert await one.take()
    second = await standing(one)
    assert (second.holder, second.since) == (first.holder, first.since)
    assert second.until > first.until


async def test_a_lease_that_has_run_out_is_taken_by_another(leasing: Leasing, lease_url: str) -> None:
    one, other = leasing("one"), leasing("other")
    await one.take()
    await run_out(lease_url)
    assert await other.take()
    assert not await one.take()
    assert (await standing(one)).holder == "other"


async def test_of_many_who_want_it_at_once_one_has_it(leasing: Leasing) -> None:
    many = [leasing(f"number {number}") for number in range(8)]
    assert sum(await asyncio.gather(*(lease.take() for lease in many))) == 1


async def test_a_holder_counts_on_less_than_it_has_from_when_it_asked(leasing: Leasing) -> None:
    watch = Stopwatch()
    one = leasing("one", elapsed=watch)
    with pytest.raises(LeaseLost):
        one.check()
    await one.take()
    watch.go(49.9)
    one.check()
    watch.go(0.1)
    with pytest.raises(LeaseLost, match="not renewed in time"):
        one.check()
    await one.take()
    one.check()


async def test_a_lease_is_kept_while_its_holder_works_and_given_up_after(leasing: Leasing) -> None:
    one, other = leasing("one"), leasing("other")
    await one.take()
    first = await standing(one)
    async with one.kept():
        assert await later_than(first, one)
        assert not await other.take()
        one.check()
    with pytest.raises(LeaseLost):
        one.check()
    assert await other.take()


async def test_work_that_fails_gives_the_lease_up(leasing: Leasing) -> None:
    one, other = leasing("one"), leasing("other")
    await one.take()
    with pytest.raises(ExceptionGroup) as failed:
        async with one.kept():
            raise ValueError("a defect")
    assert failed.group_contains(ValueError, match="a defect")
    assert await other.take()


async def test_work_is_cancelled_when_another_has_taken_the_lease(leasing: Leasing, lease_url: str) -> None:
    one, other = leasing("one"), leasing("other")
    await one.take()

    async def work() -> None:
        async with asyncio.timeout(PATIENCE), one.kept():
            await run_out(lease_url)
            while not await other.take():  # the one was quicker, and has renewed it
                await run_out(lease_url)
            await asyncio.Event().wait()

    with pytest.raises(ExceptionGroup) as lost:
        await work()
    assert lost.group_contains(LeaseLost, match="another process has taken the lease")
    assert (await standing(one)).holder == "other"
    assert (await standing(one)).is_held


async def test_work_is_cancelled_before_the_lease_ends_when_it_cannot_be_renewed(lease_url: str) -> None:
    database = DatabaseSettings(lock_timeout=0.1)
    engine, blocking = create_engine(lease_url, database), create_engine(lease_url, database)
    one = Lease(engine, NAME, "one", LeaseSettings(seconds=2, renew_every=0.05, margin=1.5))
    await one.take()
    locking = blocking.execution_options(**{SQLITE_WRITES: True})

    async def work() -> None:
        async with asyncio.timeout(PATIENCE), one.kept(), locking.begin() as connection:
            await connection.execute(update(LEASE).values(holder=LEASE.c.holder))
            await asyncio.Event().wait()

    with pytest.raises(ExceptionGroup) as lost:
        await work()
    assert lost.group_contains(LeaseLost, match="not renewed in time")
    await engine.dispose()
    await blocking.dispose()


async def test_work_that_a_stopped_process_goes_on_with_is_refused_at_its_next_step(leasing: Leasing) -> None:
    watch = Stopwatch()
    one = leasing("one", elapsed=watch)
    await one.take()

    async def work() -> None:
        async with one.kept():
            watch.go(3600)
            one.check()

    with pytest.raises(ExceptionGroup) as lost:
        await work()
    assert lost.group_contains(LeaseLost)


def test_a_lease_that_would_end_before_it_is_renewed_is_refused() -> None:
    with pytest.raises(WrongSettings, match="a lease must last longer"):
        LeaseSettings(seconds=1, renew_every=0.5, margin=0.5)
