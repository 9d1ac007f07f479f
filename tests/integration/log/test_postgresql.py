"""A log on PostgreSQL that loses connections, and whose server does not answer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from accounts import LOG, Accounts, noted
from wco_common.append import AppendSettings
from wco_common.clock import SystemClock
from wco_common.engine import DatabaseSettings
from wco_common.event import Receipt
from wco_common.problem import CommitUnknown, Unavailable
from wco_common.sql_log import SqlLog, open_log


@pytest.fixture
async def server(postgres_log_url: str) -> AsyncIterator[AsyncConnection]:
    """A connection of the server's administrator."""
    engine = create_async_engine(postgres_log_url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        yield connection
    await engine.dispose()


async def test_a_log_that_lost_its_connection_has_another_for_the_next_request(
    postgres_log_url: str, server: AsyncConnection
) -> None:
    async with open_log(LOG, postgres_log_url, Accounts(), SystemClock(5)) as log:
        await log.appender.append([noted("n")])
        await log.read(0, 1)
        await server.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        with pytest.raises(Unavailable, match="nothing was recorded"):
            await log.appender.append([noted("n")])
        (receipt,) = await log.appender.append([noted("n")])
        assert receipt.sequence == 2
        assert len(await log.read(0, 10)) == 2


@asynccontextmanager
async def no_answer_to_commit(server: AsyncConnection) -> AsyncIterator[None]:
    """Have the server wait at each COMMIT for a standby that is not there."""
    await server.exec_driver_sql("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
    await server.exec_driver_sql("SELECT pg_reload_conf()")
    try:
        await commits_wait(server)
        yield
    finally:
        await server.exec_driver_sql("ALTER SYSTEM RESET synchronous_standby_names")
        await server.exec_driver_sql("SELECT pg_reload_conf()")


async def commits_wait(server: AsyncConnection) -> None:
    """Return when commits do wait: not when the configuration is read, but when the checkpointer has told all of it."""
    engine = create_async_engine(server.engine.url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        pid = (await connection.exec_driver_sql("SELECT pg_backend_pid()")).scalar_one()
        waits = f"SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = {pid} AND wait_event = 'SyncRep')"
        is_so = False
        while not is_so:
            tried = asyncio.create_task(connection.exec_driver_sql("SELECT pg_logical_emit_message(true, 'try', '')"))
            while not tried.done() and not is_so:
                is_so = bool((await server.exec_driver_sql(waits)).scalar_one())
            if is_so:
                await server.exec_driver_sql(f"SELECT pg_cancel_backend({pid})")
            await tried
    await engine.dispose()


async def seen(server: AsyncConnection, condition: str) -> None:
    """Return when the server says that it is so."""
    while not (await server.exec_driver_sql(condition)).scalar_one():
        await server.exec_driver_sql("SELECT pg_sleep(0.01)")


async def told(log: SqlLog) -> Receipt:
    """Append an event, again where it did not come to COMMIT in time."""
    while True:
        with suppress(Unavailable):
            (receipt,) = await log.appender.append([noted("n", id="1")])
            return receipt


async def told_at_last(log: SqlLog) -> Receipt:
    """Append an event, again as long as nobody knows whether it is recorded."""
    while True:
        with suppress(CommitUnknown):
            return await told(log)


DATABASE = DatabaseSettings(lock_timeout=0.2)
LOOKED_UP_IN_VAIN = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock')"


async def test_a_commit_without_an_answer_is_not_broken_off_but_looked_up_until_it_has_one(
    postgres_log_url: str, server: AsyncConnection
) -> None:
    settings = AppendSettings(patience=0.2, settle_for=60, settle_pause=0.01)
    clock = SystemClock(5)
    async with open_log(LOG, postgres_log_url, Accounts(), clock, settings=settings, database=DATABASE) as log:
        async with no_answer_to_commit(server):
            appending = asyncio.create_task(told(log))
            await seen(server, LOOKED_UP_IN_VAIN)
            assert not appending.done()
        receipt = await appending
        assert (receipt.sequence, receipt.duplicate) == (1, False)
        assert len(await log.read(0, 10)) == 1


async def test_a_commit_without_an_answer_for_long_is_said_to_be_unknown(
    postgres_log_url: str, server: AsyncConnection
) -> None:
    settings = AppendSettings(patience=0.2, settle_for=0.3, settle_pause=0.01)
    clock = SystemClock(5)
    async with open_log(LOG, postgres_log_url, Accounts(), clock, settings=settings, database=DATABASE) as log:
        async with no_answer_to_commit(server):
            with pytest.raises(CommitUnknown):
                await told(log)
            # The lock is still held by the commit that nobody waits for any more.
            with pytest.raises(Unavailable):
                await log.appender.append([noted("n", id="1")])
        receipt = await told_at_last(log)
        assert (receipt.sequence, receipt.duplicate) == (1, True)


async def test_a_log_is_left_though_a_commit_is_still_without_an_answer(
    postgres_log_url: str, server: AsyncConnection
) -> None:
    settings = AppendSettings(patience=0.2, settle_for=0.3, settle_pause=0.01)
    clock = SystemClock(5)
    async with (
        no_answer_to_commit(server),
        open_log(LOG, postgres_log_url, Accounts(), clock, settings=settings, database=DATABASE) as log,
    ):
        with pytest.raises(CommitUnknown):
            await told(log)
    async with open_log(LOG, postgres_log_url, Accounts(), clock) as log:
        receipt = await told_at_last(log)
        assert (receipt.sequence, receipt.duplicate) == (1, True)


async def test_who_waits_hears_of_what_another_process_records(postgres_log_url: str) -> None:
    clock = SystemClock(5)
    async with (
        open_log(LOG, postgres_log_url, Accounts(), clock) as here,
        open_log(LOG, postgres_log_url, Accounts(), clock) as there,
    ):
        waiting = asyncio.create_task(here.wait(await here.head()))
        (receipt,) = await there.appender.append([noted("n")])
        assert (await waiting).sequence == receipt.sequence
        assert here.latest.head == there.latest.head
