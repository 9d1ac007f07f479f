"""Programs that append, and the log that they append to."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest

from accounts import LOG
from wco_common.migrate import upgrade

Start = Callable[..., Awaitable[Process]]


@pytest.fixture
async def log_url(database_url: str) -> str:
    """The URL of a database in which a log was born."""
    await upgrade(database_url, LOG)
    return database_url


@pytest.fixture
async def sqlite_log_url(sqlite_url: str) -> str:
    await upgrade(sqlite_url, LOG)
    return sqlite_url


@pytest.fixture
async def postgres_log_url(postgres_database: str) -> str:
    await upgrade(postgres_database, LOG)
    return postgres_database


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Starts `appending.py`; what still runs at the end of the test is killed."""
    processes: list[Process] = []
    program = Path(__file__).with_name("appending.py")
    environment = os.environ | {"PYTHONPATH": str(program.parents[2])}

    async def start(url: str, name: str, count: int) -> Process:
        process = await asyncio.create_subprocess_exec(
            sys.executable, program, url, name, str(count), stdout=PIPE, env=environment
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
