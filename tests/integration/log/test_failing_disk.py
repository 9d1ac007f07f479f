"""A SQLite log on a disk that is full, and on one that fails in the middle of a commit."""

import asyncio
import resource
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, make_url

from accounts import LOG, Accounts, noted
from wco_common.append import AppendSettings
from wco_common.clock import SystemClock
from wco_common.event import decode_recorded
from wco_common.problem import Unavailable
from wco_common.sql_log import open_log
from wco_common.writer import Step

LARGE = "x" * 2_000


class Disk:
    """How many pages of 4,096 bytes it has for the database, from the next connection on."""

    pages = 2**32 - 2


@pytest.fixture
def disk() -> Iterator[Disk]:
    disk = Disk()

    def connected(connection: Any, record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA max_page_count = {disk.pages}")
        cursor.close()

    event.listen(Engine, "connect", connected)
    yield disk
    event.remove(Engine, "connect", connected)


async def test_on_a_full_disk_events_are_refused_and_taken_again_when_there_is_room(
    sqlite_log_url: str, disk: Disk
) -> None:
    disk.pages = 64
    recorded: list[str] = []
    async with open_log(LOG, sqlite_log_url, Accounts(), SystemClock(5)) as log:

        async def until_it_is_full() -> None:
            for number in count():
                await log.appender.append([noted("n", id=str(number), owner=LARGE)])
                recorded.append(str(number))

        with pytest.raises(Unavailable, match=r"nothing was recorded.*: SQLITE_FULL"):
            await until_it_is_full()
        assert recorded
        # What is small may still find a place; what is refused leaves no trace.
        with pytest.raises(Unavailable):
            await log.appender.append([noted("n", owner=LARGE) for _ in range(100)])
        assert [decode_recorded(line.body).id for line in await log.read(0, 1_000)] == recorded
        disk.pages = Disk.pages
        (receipt,) = await log.appender.append([noted("n", id=str(len(recorded)), owner=LARGE)])
        assert receipt.sequence == len(recorded) + 1


@pytest.mark.parametrize(("room", "tries"), [(10_000, 1), (0, 3)], ids=["room for the look-up", "no room at all"])
async def test_a_commit_that_the_disk_breaks_off_is_settled(sqlite_log_url: str, room: int, tries: int) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    wal = Path(f"{make_url(sqlite_log_url).database}-wal")
    commits = 0

    def mend(step: Step) -> None:
        nonlocal commits
        commits += step == "commit"
        if commits == 1 + tries:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)

    settings = AppendSettings(settle_pause=0.01)
    async with open_log(LOG, sqlite_log_url, Accounts(), SystemClock(5), settings=settings, faults=mend) as log:
        await log.appender.append([noted("n", id="0")])
        commits = 0
        # No file may grow beyond this: a write past it fails half-way, as on a disk that breaks.
        size = (await asyncio.to_thread(wal.stat)).st_size
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + room, before[1]))
        try:
            with pytest.raises(Unavailable, match="the database lost the transaction"):
                await log.appender.append([noted("n", id=str(number), owner=LARGE) for number in range(1, 20)])
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert commits == 1 + tries
        (receipt,) = await log.appender.append([noted("n", id="1")])
        assert (receipt.sequence, receipt.duplicate) == (2, False)
    async with open_log(LOG, sqlite_log_url, Accounts(), SystemClock(5)) as log:
        assert [decode_recorded(line.body).id for line in await log.read(0, 1_000)] == ["0", "1"]
