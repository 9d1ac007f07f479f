"""Bring a database to the schema that this program knows: any service's, and a log's in particular."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from alembic import command
from alembic.config import Config
from alembic.script.revision import ResolutionError
from alembic.util import CommandError
from sqlalchemy import URL, Connection, MetaData, insert, inspect, select
from sqlalchemy.schema import CreateSchema

from wco_common.engine import SQLITE_WRITES, DatabaseSettings, changing, create_engine
from wco_common.schema import HEAD, METADATA
from wco_events.event_type import LogName

Work = Callable[[Connection], None]

_ALEMBIC = asyncio.Lock()
"""Held while Alembic runs: it keeps in variables of the whole process which database it is at."""


class OfAnotherVersion(CommandError):
    """A database has had a migration that this program does not know: mostly a newer version of it was here."""

    def __init__(self, version_table: str, migration: str) -> None:
        super().__init__(
            f"{version_table} is {migration}, a migration that this version of wco-kpi does not know; "
            "run the version that the databases were last used by, or a newer one"
        )


@dataclass(frozen=True)
class Migrations:
    """The migrations of one kind of database, whose sum are its tables.

    `folder` is that of the files, as `package:path`; in the table `version_table` Alembic notes how far a database is.
    """

    folder: str
    version_table: str
    tables: MetaData

    async def upgrade(
        self,
        url: str | URL,
        settings: DatabaseSettings | None = None,
        afterwards: Work = lambda connection: None,
        schema: str = "",
    ) -> None:
        """Run the migrations that a database lacks, and what is to be done after them; in a schema, made if missing.

        All in one transaction, so that a crash leaves the database as it was, and two services that start at once
        do it one after the other. Raises OfAnotherVersion, with nothing changed, where the database is further.
        """

        def work(connection: Connection) -> None:
            if schema and not inspect(connection).has_schema(schema):
                # A role that may not make one is refused also where it is there.
                connection.execute(CreateSchema(schema))
            try:
                command.upgrade(self._config(connection), "head")
            except CommandError as error:
                if isinstance(unknown := error.__cause__, ResolutionError):
                    raise OfAnotherVersion(self.version_table, unknown.argument) from None
                raise
            afterwards(connection)

        await _run(url, settings, work, schema)

    async def downgrade(self, url: str | URL, to: str, settings: DatabaseSettings | None = None) -> None:
        """Take migrations back, down to a revision. `base` drops all that the database holds."""
        await _run(url, settings, lambda connection: command.downgrade(self._config(connection), to))

    def _config(self, connection: Connection) -> Config:
        config = Config()
        config.set_main_option("script_location", "wco_common:alembic_environment")
        config.set_main_option("path_separator", "newline")
        config.set_main_option("version_locations", self.folder)
        config.attributes.update(connection=connection, version_table=self.version_table, tables=self.tables)
        return config


def log_migrations(log: LogName) -> Migrations:
    """Return the migrations of a log's database: the same for all three, each noted under its service's name."""
    return Migrations("wco_common:log_migrations/versions", log.replace("-", "_") + "_version", METADATA)


async def upgrade(url: str | URL, log: LogName, settings: DatabaseSettings | None = None) -> None:
    """Run the migrations that a log's database lacks; if it is a new one, its log is born."""

    def bear(connection: Connection) -> None:
        if connection.execute(select(HEAD.c.log)).first() is None:
            connection.execute(insert(HEAD).values(log=log, log_id=uuid4(), sequence=0, closed=0))

    await log_migrations(log).upgrade(url, settings, bear)


async def _run(url: str | URL, settings: DatabaseSettings | None, work: Work, schema: str = "") -> None:
    settings = settings or DatabaseSettings()
    # A statement that fills or rewrites a table takes longer than any reader's.
    patient = settings.model_copy(update={"statement_timeout": settings.migration_timeout})
    engine = create_engine(url, patient, schema)
    try:
        async with changing(engine.execution_options(**{SQLITE_WRITES: True})) as connection:
            if engine.dialect.name == "postgresql":
                # The number stands for migrating; the lock goes with the transaction.
                await connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7305810541)")
            async with _ALEMBIC:
                await connection.run_sync(work)
    finally:
        await engine.dispose()
