"""Of every kind of database, the schema that the code knows is the sum of its migrations, up and down."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect
from sqlalchemy.exc import DBAPIError

from kpi_projector.migrate import MIGRATIONS, SERVING_MIGRATIONS
from wco_common.engine import DatabaseSettings, create_engine
from wco_common.migrate import Migrations, OfAnotherVersion, log_migrations
from wco_embedded.logs import LOGS
from wco_events.event_type import LOG_NAMES

T = TypeVar("T")

PATIENT = DatabaseSettings(lock_timeout=60)
"""Who comes last waits for all others."""

KINDS = {
    "log": log_migrations("operations-feed"),
    "state": MIGRATIONS,
    "serving": SERVING_MIGRATIONS,
    **{f"lists of {log}": parts.lists.migrations for log, parts in LOGS.items() if parts.lists is not None},
}


@pytest.fixture(params=list(KINDS.values()), ids=list(KINDS))
def migrations(request: pytest.FixtureRequest) -> Migrations:
    """Those of a log and its lists, and those of the projector's: of a state, and of which state answers."""
    found: Migrations = request.param
    return found


async def looked_at(url: str, look: Callable[[Connection], T]) -> T:
    engine = create_engine(url, DatabaseSettings())
    async with engine.begin() as connection:
        found = await connection.run_sync(look)
    await engine.dispose()
    return found


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


def functions(connection: Connection) -> set[str]:
    """What a migration can leave behind that is no table."""
    if connection.dialect.name == "sqlite":
        return set(connection.exec_driver_sql("SELECT name FROM sqlite_schema WHERE type != 'table'").scalars())
    wanted = "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
    return set(connection.exec_driver_sql(wanted).scalars())


async def test_the_schema_equals_the_sum_of_the_migrations(database_url: str, migrations: Migrations) -> None:
    def differences(connection: Connection) -> Any:
        context = MigrationContext.configure(
            connection, opts={"version_table": migrations.version_table, "compare_server_default": True}
        )
        return compare_metadata(context, migrations.tables)

    await migrations.upgrade(database_url)
    assert await looked_at(database_url, differences) == []


async def test_a_table_keeps_its_rows_by_their_key_where_the_schema_says_so(
    sqlite_url: str, migrations: Migrations
) -> None:
    # A comparison of schemas does not see it, and each look-up by such a key would cost twice as much without.
    def by_key(connection: Connection) -> set[str]:
        rows = connection.exec_driver_sql("SELECT name FROM pragma_table_list WHERE wr")
        return set(rows.scalars())

    await migrations.upgrade(sqlite_url)
    wanted = {
        table.name
        for table in migrations.tables.tables.values()
        if not table.dialect_kwargs.get("sqlite_with_rowid", True)
    }
    assert wanted
    assert await looked_at(sqlite_url, by_key) == wanted


async def test_each_kind_has_a_version_table_of_its_own(database_url: str, migrations: Migrations) -> None:
    await migrations.upgrade(database_url)
    assert await looked_at(database_url, tables) == {*migrations.tables.tables, migrations.version_table}


async def test_migrations_are_taken_back_and_run_again(database_url: str, migrations: Migrations) -> None:
    await migrations.upgrade(database_url)
    full = await looked_at(database_url, tables), await looked_at(database_url, functions)
    await migrations.downgrade(database_url, "base")
    assert await looked_at(database_url, tables) == {migrations.version_table}
    assert await looked_at(database_url, functions) <= {f"sqlite_autoindex_{migrations.version_table}_1"}
    await migrations.upgrade(database_url)
    assert (await looked_at(database_url, tables), await looked_at(database_url, functions)) == full


async def test_a_database_that_is_up_to_date_is_left_as_it_is(database_url: str, migrations: Migrations) -> None:
    await migrations.upgrade(database_url)
    name = next(iter(migrations.tables.tables))
    await looked_at(database_url, lambda connection: connection.exec_driver_sql(f"ALTER TABLE {name} ADD mark INTEGER"))
    await migrations.upgrade(database_url)
    columns = await looked_at(database_url, lambda connection: inspect(connection).get_columns(name))
    assert "mark" in [column["name"] for column in columns]


async def test_a_database_that_a_newer_version_has_migrated_is_refused_in_plain_words(
    database_url: str, migrations: Migrations
) -> None:
    def migrate_further(connection: Connection) -> None:
        connection.exec_driver_sql(f"UPDATE {migrations.version_table} SET version_num = '9999'")

    await migrations.upgrade(database_url)
    await looked_at(database_url, migrate_further)
    with pytest.raises(OfAnotherVersion, match=f"{migrations.version_table} is 9999, .* or a newer one"):
        await migrations.upgrade(database_url)


async def test_services_that_start_at_once_migrate_one_after_the_other(
    database_url: str, migrations: Migrations
) -> None:
    async with asyncio.TaskGroup() as group:
        for _ in range(4):
            group.create_task(migrations.upgrade(database_url, PATIENT))
    assert await looked_at(database_url, tables) >= set(migrations.tables.tables)


async def test_services_of_one_process_may_migrate_databases_of_their_own_at_once(tmp_path: Path) -> None:
    urls = [f"sqlite+aiosqlite:///{tmp_path / str(number)}.sqlite" for number in range(4)]
    async with asyncio.TaskGroup() as group:
        for url, migrations in zip(urls, [MIGRATIONS, *map(log_migrations, LOG_NAMES)], strict=True):
            group.create_task(migrations.upgrade(url))
    assert [len(await looked_at(url, tables)) for url in urls] == [7, 6, 6, 6]


async def test_a_migration_that_fails_leaves_the_database_as_it_was(database_url: str, migrations: Migrations) -> None:
    last = list(migrations.tables.tables)[-1]
    statement = f"CREATE TABLE {last} (is_in_the_way INTEGER)"
    await looked_at(database_url, lambda connection: connection.exec_driver_sql(statement))
    with pytest.raises(DBAPIError):
        await migrations.upgrade(database_url)
    assert await looked_at(database_url, tables) == {last}
