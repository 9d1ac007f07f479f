"""The database itself keeps recorded events as they are."""

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import Executable

from accounts import noted
from wco_common.schema import EVENT
from wco_common.sql_log import SqlLog


@pytest.mark.parametrize(
    "change",
    [update(EVENT).values(body=b"{}"), delete(EVENT), delete(EVENT).where(EVENT.c.sequence == 2)],
    ids=["rewritten", "all deleted", "one deleted"],
)
async def test_an_event_that_was_recorded_stays_as_it_is(log: SqlLog, change: Executable) -> None:
    await log.appender.append([noted("n"), noted("n")])
    before = await log.read(0, 10)
    async with log.engine.connect() as connection:
        with pytest.raises(DBAPIError, match="an event that was recorded stays as it is"):
            await connection.execute(change)
    assert await log.read(0, 10) == before


async def test_nor_can_the_table_be_emptied_on_postgresql(log: SqlLog) -> None:
    if log.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    async with log.engine.connect() as connection:
        with pytest.raises(DBAPIError, match="an event that was recorded stays as it is"):
            await connection.execute(text("TRUNCATE event"))


@pytest.mark.parametrize("column", ["sequence", "key"])
async def test_no_position_and_no_idempotency_key_is_given_twice(log: SqlLog, column: str) -> None:
    await log.appender.append([noted("n")])
    async with log.engine.connect() as connection:
        row = (await connection.execute(EVENT.select())).one()._asdict()
        other = row | {"sequence": 2, "key": b"another"} | {column: row[column]}
        with pytest.raises(DBAPIError):
            await connection.execute(EVENT.insert(), other)
