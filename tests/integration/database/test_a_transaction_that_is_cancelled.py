"""Who is cancelled in the middle of a transaction leaves SQLite's file to others."""

import sqlite3
from pathlib import Path

from wco_common.engine import DatabaseSettings, create_engine


async def test_a_connection_that_is_given_up_with_a_result_that_nobody_reads_locks_nothing(tmp_path: Path) -> None:
    file = tmp_path / "log.sqlite"
    engine = create_engine(f"sqlite+aiosqlite:///{file}", DatabaseSettings())
    async with engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        await driver.execute("BEGIN IMMEDIATE")
        unread = await driver.execute("SELECT 1 UNION ALL SELECT 2")
        await connection.invalidate()
    other = sqlite3.connect(file, timeout=0, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.execute("ROLLBACK")
    other.close()
    del unread
    await engine.dispose()
