"""What stands before the services start: a database for each, its roles, its schema, and what a new log begins with.

A log's database belongs to an owner, who makes its tables and fills them, and can log in only while that is done. The
service itself is let in as a role that adds to the log and reads it, and may change or remove no event.
"""

import secrets
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

import asyncpg
from alembic.util import CommandError
from sqlalchemy import URL
from sqlalchemy.exc import SQLAlchemyError

from kpi_projector.migrate import upgrade
from kpi_projector.serving import state_of
from kpi_projector.settings import ProjectorSettings
from wco_cluster.settings import ReaderSettings
from wco_common.bundle import log_file, read_manifest
from wco_common.engine import DatabaseSettings
from wco_common.lists.opened import SCHEMA
from wco_common.schema import EVENT, METADATA
from wco_common.settings import LogSettings
from wco_embedded.beginning import Beginning, demonstration
from wco_embedded.catalogue import adopt
from wco_embedded.fill import fill, prepared
from wco_embedded.logs import LOGS
from wco_embedded.refusal import Refusal
from wco_events.event_type import LogName

_PREPARING = 7305810542
"""The advisory lock of whoever prepares the databases of a server."""


@dataclass(frozen=True, slots=True)
class Databases:
    """Where the services' databases are, each by its service's role: URLs with user, password and database."""

    logs: Mapping[LogName, URL]
    projector: URL
    reader: str = "reader"
    """The role that reads the views of the lists."""


@contextmanager
def usable(where: str) -> Iterator[None]:
    """Raise Refusal, naming where the databases are, for whatever a server or a schema refuses."""
    try:
        yield
    except (SQLAlchemyError, asyncpg.PostgresError, CommandError) as error:
        reason = str(error).partition("\n")[0]
        raise Refusal(f"the databases in {where} cannot be used: {reason}") from None


async def prepare(
    server: URL, databases: Databases, beginning: Beginning, reader: ReaderSettings | None = None
) -> str | None:
    """Make databases, roles and tables as far as they are missing, and return the id of the adopted plan.

    `server` is by a superuser, in any database. Where no plan is adopted yet, the logs begin. A crash on the way
    leaves what the next call goes on with. Raises Refusal.
    """
    async with _connected(server) as admin:
        await admin.execute("SELECT pg_advisory_lock($1)", _PREPARING)
        await _role(admin, databases.projector)
        await _database(admin, databases.projector, str(databases.projector.username))
        projector = ProjectorSettings(database_url=text(databases.projector))
        state = state_of(projector)
        await upgrade(projector.database_url, DatabaseSettings(), state.schema if state else "")
        await _reader(admin, databases.reader, reader or ReaderSettings())
        owners: dict[LogName, URL] = {}
        for log, url in databases.logs.items():
            await _role(admin, url)
            owners[log] = url.set(username=f"{url.username}_owner", password=secrets.token_urlsafe(24))
            await _role(admin, owners[log])
            await _database(admin, url, str(owners[log].username))
            await _run(admin, "GRANT CONNECT ON DATABASE %I TO %I", url.database, databases.reader)
            await _run(
                admin, "ALTER ROLE %I IN DATABASE %I SET search_path = %L", databases.reader, url.database, SCHEMA
            )
        try:
            return await _begin(owners, databases, beginning)
        finally:
            for owner in owners.values():
                await _run(admin, "ALTER ROLE %I NOLOGIN PASSWORD NULL", owner.username)


async def _begin(owners: Mapping[LogName, URL], databases: Databases, beginning: Beginning) -> str | None:
    """Bring the logs to their schema, and fill new ones: plan-registry's last, so that it says whether all are."""
    urls = {log: text(url) for log, url in owners.items()}
    sequences = {log: await prepared(log, url) for log, url in urls.items()}
    for log, owner in owners.items():
        await _let_in(owner, log, str(databases.logs[log].username), databases.reader)
    bundle = beginning.bundle or (demonstration() if beginning.demo else None)
    is_new = not sequences["plan-registry"]
    if is_new or beginning.bundle:
        for log in (log for log, sequence in sequences.items() if sequence):
            if bundle is None or not await _began_with(log, urls[log], (bundle / log_file(log)).read_bytes()):
                raise Refusal(
                    f"{log} has {sequences[log]} events, and did not begin with {bundle or 'nothing'}: "
                    "begin in another place, or with what was broken off."
                )
    if is_new and bundle:
        empty = {log: urls[log] for log in owners if not sequences[log]}
        await fill(
            bundle, read_manifest(bundle), dict(sorted(empty.items(), key=lambda one: one[0] == "plan-registry"))
        )
    async with LOGS["plan-registry"].service(LogSettings(database_url=urls["plan-registry"])) as service:
        return await adopt(service.log, beginning.plan)


async def _began_with(log: LogName, url: str, file: bytes) -> bool:
    """Say whether a log has the last event of a bundle's file, at its place."""
    lines = file.splitlines()
    async with LOGS[log].service(LogSettings(database_url=url)) as service:
        return not lines or [line.body for line in await service.log.read(len(lines) - 1, 1)] == lines[-1:]


async def _role(admin: asyncpg.Connection, url: URL) -> None:
    """Have a role that logs in by a URL's name and password."""
    if not await admin.fetchval("SELECT count(*) FROM pg_roles WHERE rolname = $1", url.username):
        await _run(admin, "CREATE ROLE %I", url.username)
    await _run(admin, "ALTER ROLE %I LOGIN PASSWORD %L", url.username, url.password)


async def _reader(admin: asyncpg.Connection, role: str, settings: ReaderSettings) -> None:
    """Have a role that reads, over few connections and not for ever, and logs in if it has a password."""
    if not await admin.fetchval("SELECT count(*) FROM pg_roles WHERE rolname = $1", role):
        await _run(admin, "CREATE ROLE %I", role)
    login = "LOGIN PASSWORD %L" if settings.password else "NOLOGIN PASSWORD NULL"
    password = [settings.password] if settings.password else []
    await _run(admin, f"ALTER ROLE %I CONNECTION LIMIT {settings.connections} {login}", role, *password)
    await _run(admin, "ALTER ROLE %I SET default_transaction_read_only = on", role)
    await _run(admin, f"ALTER ROLE %I SET statement_timeout = {round(settings.statement_timeout * 1000)}", role)


async def _database(admin: asyncpg.Connection, url: URL, owner: str) -> None:
    """Have a URL's database, into which nobody is let but its owner and the URL's role."""
    if not await admin.fetchval("SELECT count(*) FROM pg_database WHERE datname = $1", url.database):
        await _run(admin, "CREATE DATABASE %I OWNER %I ENCODING 'UTF8' TEMPLATE template0", url.database, owner)
    await _run(admin, "REVOKE ALL ON DATABASE %I FROM PUBLIC", url.database)
    await _run(admin, "GRANT CONNECT ON DATABASE %I TO %I", url.database, url.username)


async def _let_in(owner: URL, log: LogName, role: str, reader: str) -> None:
    """Let the service's role do with the tables what it has to, and the reader with the views, and no more."""
    async with _connected(owner) as connection, connection.transaction():
        for table in METADATA.tables.values():
            rights = "SELECT, INSERT" if table is EVENT else "SELECT, INSERT, UPDATE, DELETE"
            await _run(connection, f"GRANT {rights} ON %I TO %I", table.name, role)
        await _run(connection, "GRANT SELECT ON %I TO %I", f"{log.replace('-', '_')}_version", role)
        lists = LOGS[log].lists
        # What they say, the log says: they may be made anew.
        await _run(connection, "GRANT USAGE ON SCHEMA %I TO %I, %I", SCHEMA, role, reader)
        for name in lists.tables.metadata.tables:
            await _run(connection, "GRANT SELECT, INSERT, UPDATE, DELETE ON %I.%I TO %I", SCHEMA, name, role)
        await _run(connection, "GRANT SELECT ON %I.%I TO %I", SCHEMA, lists.migrations.version_table, role)
        for view in await connection.fetch("SELECT viewname FROM pg_views WHERE schemaname = $1", SCHEMA):
            await _run(connection, "GRANT SELECT ON %I.%I TO %I", SCHEMA, view["viewname"], reader)


async def _run(connection: asyncpg.Connection, statement: str, *names: str | None) -> None:
    """Run a statement that takes no parameters, with names (%I) and texts (%L) put into it by the server."""
    places = ", ".join(f"${number}::text" for number in range(2, len(names) + 2))
    await connection.execute(await connection.fetchval(f"SELECT format($1, {places})", statement, *names))


@asynccontextmanager
async def _connected(url: URL) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(
        host=url.host, port=url.port, user=url.username, password=url.password, database=url.database
    )
    try:
        yield connection
    finally:
        await connection.close()


def text(url: URL) -> str:
    """Return a URL with its password."""
    return url.render_as_string(hide_password=False)
