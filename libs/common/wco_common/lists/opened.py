"""Lists that are open: their database brought to its schema, their log followed, and read."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import URL, make_url

from wco_common.ending import end
from wco_common.engine import DatabaseSettings, create_engine
from wco_common.lists.declaring import Item, Listing
from wco_common.lists.following import Follower
from wco_common.lists.reading import ListsDatabase
from wco_common.lists.settings import ListsSettings
from wco_common.lists.writing import ListTables
from wco_common.log import Log
from wco_common.migrate import Migrations

SCHEMA = "lists"
"""Where the tables are in a PostgreSQL database: apart from the log's own, so that rights to them are apart too."""


@dataclass(frozen=True)
class Lists:
    """The lists of a service, as it declares them: their tables with their migrations, and what is answered of them."""

    tables: ListTables
    migrations: Migrations
    listings: Sequence[Listing]
    items: Sequence[Item]


@dataclass(frozen=True)
class OpenLists:
    """Lists that are followed and read."""

    tables: ListTables
    follower: Follower
    database: ListsDatabase


def lists_url(log_url: str | URL) -> URL:
    """Return where the lists of a log are, whose database is there.

    On PostgreSQL that is the same database. On SQLite it is a file of its own: a file takes one writer at a time, and
    who posts must not wait for lists.
    """
    url = make_url(log_url)
    if url.get_backend_name() != "sqlite" or url.database is None:
        return url
    return url.set(database=f"{url.database.removesuffix('.sqlite')}.lists.sqlite")


async def upgrade_lists(log_url: str | URL, lists: Lists, database: DatabaseSettings) -> None:
    """Run the migrations that the lists of a log lack."""
    url = lists_url(log_url)
    schema = SCHEMA if url.get_backend_name() == "postgresql" else ""
    await lists.migrations.upgrade(url, database, schema=schema)


@asynccontextmanager
async def open_lists(
    log: Log, log_id: UUID, log_url: str, lists: Lists, database: DatabaseSettings, settings: ListsSettings
) -> AsyncIterator[OpenLists]:
    """Follow a log into its lists, in a database that `upgrade_lists` has prepared."""
    pool = {"pool_size": settings.pool_size, "pool_overflow": settings.pool_overflow}
    few = database.model_copy(update=pool)
    url = lists_url(log_url)
    engine = create_engine(url, few, SCHEMA if url.get_backend_name() == "postgresql" else "")
    follower = Follower(log, log_id, lists.tables, engine, few, settings)
    following = asyncio.create_task(follower.follow(), name=f"follow {log.name} into its lists")
    readers = ListsDatabase(engine, lists.tables, few)
    try:
        yield OpenLists(lists.tables, follower, readers)
    finally:
        await end(following)
        await follower.aclose()
        await readers.aclose()
        await engine.dispose()
