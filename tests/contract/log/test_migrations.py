"""The schema that the code knows is the sum of the migrations."""

import asyncio
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, select
from sqlalchemy.exc import DBAPIError

from accounts import LOG
from wco_common.engine import DatabaseSettings, create_engine
from wco_common.migrate import downgrade, upgrade, version_table
from wco_common.schema import HEAD, METADATA


async def looked_at(url: str, look: Any) -> Any:
    engine = create_engine(url, DatabaseSettings())
    async with engine.connect() as connection:
        found = await connection.run_sync(look)
    await engine.dispose()
    return found


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


async def test_the_schema_equals_the_sum_of_the_migrations(database_url: str) -> None:
    def differences(connection: Connection) -> Any:
        context = MigrationContext.configure(
            connection, opts={"version_table": version_table(LOG), "compare_server_default": True}
        )
        return compare_metadata(context, METADATA)

    await upgrade(database_url, LOG)
    assert await looked_at(database_url, differences) == []


async def test_a_log_is_born_once(database_url: str) -> None:
    def heads(connection: Connection) -> Any:
        return connection.execute(select(HEAD)).all()

    await upgrade(database_url, LOG)
    (born,) = await looked_at(database_url, heads)
    assert (born.log, born.sequence, born.closed) == (LOG, 0, 0)
    await upgrade(database_url, LOG)
    assert await looked_at(database_url, heads) == [born]


async def test_each_log_has_a_version_table_of_its_own(database_url: str) -> None:
    await upgrade(database_url, "plan-registry")
    assert await looked_at(database_url, tables) == {"event", "head", "entity", "subject", "plan_registry_version"}


async def test_migrations_are_taken_back_and_run_again(database_url: str) -> None:
    await upgrade(database_url, LOG)
    await downgrade(database_url, LOG, "base")
    assert await looked_at(database_url, tables) == {"operations_feed_version"}
    await upgrade(database_url, LOG)
    assert await looked_at(database_url, tables) >= {"event", "head"}


async def test_services_that_start_at_once_migrate_one_after_the_other(database_url: str) -> None:
    async with asyncio.TaskGroup() as group:
        for _ in range(4):
            group.create_task(upgrade(database_url, LOG))
    assert await looked_at(database_url, tables) >= {"event", "head"}


async def test_a_migration_that_fails_leaves_the_database_as_it_was(database_url: str) -> None:
    engine = create_engine(database_url, DatabaseSettings())
    async with engine.begin() as connection:
        await connection.exec_driver_sql("CREATE TABLE subject (is_in_the_way INTEGER)")
    await engine.dispose()
    with pytest.raises(DBAPIError):
        await upgrade(database_url, LOG)
    assert await looked_at(database_url, tables) == {"subject"}
