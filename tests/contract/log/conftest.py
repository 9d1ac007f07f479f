"""A log of accounts, on each kind of database."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial

import pytest
from sqlalchemy import select

from accounts import LOG, Accounts
from settable_clock import SettableClock
from wco_common.engine import SQLITE_WRITES, DatabaseSettings, create_engine
from wco_common.migrate import upgrade
from wco_common.schema import HEAD
from wco_common.sql_log import SqlLog, open_log

Opening = Callable[..., AbstractAsyncContextManager[SqlLog]]
Holding = Callable[[], AbstractAsyncContextManager[None]]
PATIENT = DatabaseSettings(lock_timeout=60, idle_transaction_timeout=60)
"""What holds the log's lock for a while holds it for longer on a machine that is busy with others."""


@pytest.fixture
async def log_url(database_url: str) -> str:
    """The URL of a database in which a log was born."""
    await upgrade(database_url, LOG)
    return database_url


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def opening(log_url: str, clock: SettableClock) -> Opening:
    """Opens the log, with settings if a test wants some."""
    return partial(open_log, LOG, log_url, Accounts(), clock, database=PATIENT)


@pytest.fixture
async def log(opening: Opening) -> AsyncIterator[SqlLog]:
    async with opening() as log:
        yield log


@pytest.fixture
def held(log_url: str) -> Holding:
    """Holds the log's lock as another process would: commits wait until it is let go."""

    @asynccontextmanager
    async def hold() -> AsyncIterator[None]:
        engine = create_engine(log_url, PATIENT)
        async with engine.execution_options(**{SQLITE_WRITES: True}).connect() as connection:
            await connection.execute(select(HEAD).with_for_update())
            yield
        await engine.dispose()

    return hold
