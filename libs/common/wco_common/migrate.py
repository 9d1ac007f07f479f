"""Bring a log's database to the schema that this program knows."""

from collections.abc import Callable
from uuid import uuid4

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, insert, select

from wco_common.engine import SQLITE_WRITES, DatabaseSettings, create_engine
from wco_common.schema import HEAD
from wco_events.event_type import LogName


def version_table(log: LogName) -> str:
    """Return the name of the table in which Alembic notes where the database of that log's service is."""
    return log.replace("-", "_") + "_version"


async def upgrade(url: str | URL, log: LogName, settings: DatabaseSettings | None = None) -> None:
    """Run the migrations that a log's database lacks; if it is a new one, its log is born.

    All in one transaction, so that a crash leaves the database as it was, and two services that start at once
    do it one after the other.
    """

    def work(connection: Connection) -> None:
        command.upgrade(_config(connection, log), "head")
        if connection.execute(select(HEAD.c.log)).first() is None:
            connection.execute(insert(HEAD).values(log=log, log_id=uuid4(), sequence=0, closed=0))

    await _run(url, settings, work)


async def downgrade(url: str | URL, log: LogName, to: str, settings: DatabaseSettings | None = None) -> None:
    """Take migrations back, down to a revision. `base` drops the log."""
    await _run(url, settings, lambda connection: command.downgrade(_config(connection, log), to))


async def _run(url: str | URL, settings: DatabaseSettings | None, work: Callable[[Connection], None]) -> None:
    engine = create_engine(url, settings or DatabaseSettings())
    try:
        async with engine.execution_options(**{SQLITE_WRITES: True}).begin() as connection:
            if engine.dialect.name == "postgresql":
                # The number stands for migrating; the lock goes with the transaction.
                await connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7305810541)")
            await connection.run_sync(work)
    finally:
        await engine.dispose()


def _config(connection: Connection, log: LogName) -> Config:
    config = Config()
    config.set_main_option("script_location", "wco_common:log_migrations")
    config.attributes["connection"] = connection
    config.attributes["version_table"] = version_table(log)
    return config
