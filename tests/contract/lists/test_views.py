"""Views over lists: on both databases they are there as they are declared, in types that tools know."""

from collections.abc import Callable
from importlib import import_module
from typing import TypeVar

import pytest
from sqlalchemy import Connection, inspect, text

from wco_common.engine import DatabaseSettings, create_engine
from wco_common.lists.view import View
from wco_embedded.logs import LOGS
from wco_events.event_type import LOG_NAMES, LogName

T = TypeVar("T")


@pytest.fixture(params=LOG_NAMES)
def log(request: pytest.FixtureRequest) -> LogName:
    found: LogName = request.param
    return found


@pytest.fixture
def views(log: LogName) -> list[View]:
    declared: list[View] = import_module(f"{log.replace('-', '_')}.views").VIEWS
    return declared


async def looked_at(url: str, log: LogName, look: Callable[[Connection], T]) -> T:
    """What is to be seen in a database that has all migrations of a log's lists; it is left as it was."""
    await LOGS[log].lists.migrations.upgrade(url)
    engine = create_engine(url, DatabaseSettings())
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(look)
    finally:
        await engine.dispose()


async def test_the_views_of_a_database_are_those_that_are_declared(
    database_url: str, log: LogName, views: list[View]
) -> None:
    names = await looked_at(database_url, log, lambda connection: inspect(connection).get_view_names())
    assert sorted(names) == sorted(view.name for view in views)


async def test_views_are_made_as_they_are_declared_on_sqlite(sqlite_url: str, log: LogName, views: list[View]) -> None:
    def made(connection: Connection) -> dict[str, str]:
        rows = connection.execute(text("SELECT name, sql FROM sqlite_schema WHERE type = 'view'"))
        return {name: sql for name, sql in rows}  # noqa: C416 -- a row is no pair to the type checker

    assert await looked_at(sqlite_url, log, made) == {view.name: view.create("sqlite") for view in views}


async def test_views_are_made_as_they_are_declared_on_postgresql(
    postgres_database: str, log: LogName, views: list[View]
) -> None:
    def definition(connection: Connection, name: str) -> str:
        return str(connection.scalar(text("SELECT pg_get_viewdef(CAST(:name AS regclass))"), {"name": name}))

    def both(connection: Connection) -> list[tuple[str, str]]:
        found = []
        for view in views:
            connection.exec_driver_sql(view.create("postgresql").replace(view.name, "declared", 1))
            found.append((definition(connection, view.name), definition(connection, "declared")))
            connection.exec_driver_sql("DROP VIEW declared")
        return found

    for made, declared in await looked_at(postgres_database, log, both):
        assert made == declared


async def test_columns_have_the_types_that_are_declared(
    postgres_database: str, log: LogName, views: list[View]
) -> None:
    def types(connection: Connection) -> dict[tuple[str, str], str]:
        rows = connection.execute(
            text(
                "SELECT table_name, column_name, data_type FROM information_schema.columns "
                "JOIN information_schema.views USING (table_schema, table_name) WHERE table_schema = 'public'"
            )
        )
        return {(view, column): kind for view, column, kind in rows}

    assert await looked_at(postgres_database, log, types) == {
        (view.name, column.field.name): column.field.form.shown.type("postgresql")
        for view in views
        for column in view.columns
    }


def test_all_services_have_the_names_of_their_views_for_themselves() -> None:
    for log in LOG_NAMES:
        views = import_module(f"{log.replace('-', '_')}.views").VIEWS
        tables = LOGS[log].lists.tables.metadata.tables
        assert {view.name for view in views}.isdisjoint(tables)
        assert all(view.meaning and all(column.field.meaning for column in view.columns) for view in views)
