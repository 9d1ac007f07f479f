"""A log that is read-only records nothing, and says why; what is recorded is read and answered as ever."""

from collections.abc import Awaitable, Callable

import pytest

from accounts import LOG, noted, opened
from settable_clock import SettableClock
from wco_common.commit import close
from wco_common.engine import SQLITE_WRITES, DatabaseSettings, create_engine
from wco_common.log import Head
from wco_common.problem import IdReused, Unavailable
from wco_common.sql_log import SqlLog
from wco_common.statements import lock_head, set_read_only

REASON = "its topic is that of another log"
Setting = Callable[[str | None], Awaitable[None]]


@pytest.fixture
def setting(log_url: str) -> Setting:
    """Makes the log read-only, or with None lets it record again, as another process does."""

    async def set_(reason: str | None) -> None:
        engine = create_engine(log_url, DatabaseSettings())
        async with engine.execution_options(**{SQLITE_WRITES: True}).begin() as connection:
            await connection.run_sync(lock_head, LOG)
            await connection.run_sync(set_read_only, LOG, reason)
        await engine.dispose()

    return set_


async def test_a_log_that_is_read_only_records_nothing_and_says_why(log: SqlLog, setting: Setting) -> None:
    await log.appender.append([noted("n")])
    await setting(REASON)
    for dry_run in (False, True):
        with pytest.raises(Unavailable, match=f"{LOG} is read-only: {REASON}"):
            await log.appender.append([noted("n")], dry_run=dry_run)
    assert (await log.head()).sequence == 1
    assert await log.read_only() == REASON


async def test_its_time_is_not_closed_whatever_the_clock_and_other_logs_say(
    log: SqlLog, clock: SettableClock, setting: Setting
) -> None:
    await log.appender.append([noted("n")])
    head = await log.head()
    await setting(REASON)
    clock.set("2024-07-01T00:00:00Z")
    assert await log.close() == await log.close(clock.time + 1) == await log.head() == head


async def test_what_was_recorded_is_read_and_answered_as_ever(log: SqlLog, setting: Setting) -> None:
    (first,) = await log.appender.append([noted("n", id="1")])
    await setting(REASON)
    assert [line.sequence for line in await log.read(0, 10)] == [1]
    (again,) = await log.appender.append([noted("n", id="1")])
    assert again.duplicate
    assert again.recordedtime == first.recordedtime
    with pytest.raises(IdReused):
        await log.appender.append([opened("n", id="1")])


async def test_a_log_that_is_read_only_no_more_goes_on_where_it_was(log: SqlLog, setting: Setting) -> None:
    await log.appender.append([noted("n")])
    await setting(REASON)
    await setting(None)
    (receipt,) = await log.appender.append([noted("n")])
    assert receipt.sequence == 2
    assert await log.read_only() is None


async def test_whoever_only_closes_a_log_closes_it_as_its_service_does(
    log: SqlLog, log_url: str, clock: SettableClock, setting: Setting
) -> None:
    engine = create_engine(log_url, DatabaseSettings())

    async def closed(least: int = 0) -> Head:
        async with engine.execution_options(**{SQLITE_WRITES: True}).begin() as connection:
            return await connection.run_sync(close, LOG, clock, least)

    await log.appender.append([noted("n")])
    clock.set("2024-07-01T00:00:00Z")
    head = await closed()
    assert head == Head(1, clock.time) == await log.head()
    clock.set("2024-06-30T00:00:00Z")
    assert await closed() == head
    assert await closed(head.closed + 7) == Head(1, head.closed + 7)
    clock.leapt = 3600.0
    assert await closed() == Head(1, head.closed + 7)
    await setting(REASON)
    clock.leapt = None
    clock.set("2024-08-01T00:00:00Z")
    assert await closed() == await log.head() == Head(1, head.closed + 7)
    await engine.dispose()
