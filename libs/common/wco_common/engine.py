"""Connections to a log's database: SQLite in one process, PostgreSQL for many.

Every limit and time-out that a connection has is here. None of them reaches a writer's COMMIT (see `writer`).
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import aiosqlite
from pydantic import Field
from pydantic_settings import SettingsConfigDict
from sqlalchemy import URL, Connection, Engine, event, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from wco_common.lost_connections import replace_lost_connections
from wco_common.rows import execute
from wco_common.settings import PREFIX, Settings

SQLITE_WRITES = "sqlite_writes"
"""An execution option: the transaction is going to write, so on SQLite it takes the write lock at its beginning.

A transaction that reads first and writes later fails at once when another has written in between, whatever the
busy time-out (SQLite, "BEGIN IMMEDIATE").
"""

READS_ONCE = "reads_once"
"""An execution option: the transaction is one statement that reads. SQLite needs no BEGIN for that, which saves three
of eight changes of thread.
"""


_PATIENCE = "patience"
"""An execution option: for how many seconds whoever asks waits for all his answers."""


class DatabaseSettings(Settings):
    """Limits of the connections to a database. Times in seconds."""

    model_config = SettingsConfigDict(env_prefix=f"{PREFIX}DATABASE_")

    pool_size: int = Field(5, ge=1, description="Connections kept for reading.")
    pool_overflow: int = Field(10, ge=0, description="Further ones while there is a rush.")
    pool_timeout: float = Field(5, gt=0, description="How long a reader waits for a connection of the pool.")
    ping_after: float = Field(
        1, ge=0, description="After how long unused a connection has to answer before it is used again (PostgreSQL)."
    )
    connect_timeout: float = Field(5, gt=0, description="How long connecting may take (PostgreSQL).")
    lock_timeout: float = Field(5, gt=0, description="How long a transaction waits for a lock.")
    statement_timeout: float = Field(
        30,
        gt=0,
        description="How long one statement of a reader may take, and how long an answer is waited for (PostgreSQL).",
    )
    idle_transaction_timeout: float = Field(
        10, gt=0, description="After what silence PostgreSQL ends a transaction, and so frees the log's lock."
    )
    migration_timeout: float = Field(
        600, gt=0, description="How long the migrations of a database may take, in all (PostgreSQL)."
    )
    keepalive: int = Field(
        10, ge=1, description="After what silence PostgreSQL asks whether we are still there; it gives up after three."
    )
    cache: int = Field(
        32_768, ge=2_048, description="KiB of pages that a connection keeps (SQLite); its own default is 2,048."
    )
    look_every: float = Field(
        0.25, gt=0, description="How often who follows a log looks for what other processes record (PostgreSQL)."
    )


def create_engine(url: str | URL, settings: DatabaseSettings, search_path: str = "") -> AsyncEngine:
    """Return an engine with pooled connections to a database, of SQLite or PostgreSQL.

    `search_path` names the schemas that tables are in, where they are not where PostgreSQL has them by itself.
    """
    url = make_url(url)
    options: dict[str, Any] = {
        "pool_size": settings.pool_size,
        "max_overflow": settings.pool_overflow,
        "pool_timeout": settings.pool_timeout,
        # A commit is shared by several clients: no message of a failure may carry what one of them sent.
        "hide_parameters": True,
    }
    if url.get_backend_name() == "sqlite":
        engine = create_async_engine(url, connect_args={"async_creator_fn": _connected, "factory": _Ending}, **options)
        prepare_sqlite(engine.sync_engine, settings)
        return engine
    engine = create_async_engine(
        url,
        connect_args={
            "timeout": settings.connect_timeout,
            "server_settings": {
                "lock_timeout": _milliseconds(settings.lock_timeout),
                "statement_timeout": _milliseconds(settings.statement_timeout),
                "idle_in_transaction_session_timeout": _milliseconds(settings.idle_transaction_timeout),
                "tcp_keepalives_idle": str(settings.keepalive),
                "tcp_keepalives_interval": str(settings.keepalive),
                "tcp_keepalives_count": "3",
                # Rows are looked up by key, in tables that fill faster than anybody counts them: who plans by counts of
                # long ago reads them whole (a scorecard at 100,000 events: 17 ms instead of 7), and who keeps a plan
                # from when a log was empty does so at every commit (10 ms; to plan anew takes a tenth of one).
                "enable_seqscan": "off",
                "plan_cache_mode": "force_custom_plan",
                **({"search_path": search_path} if search_path else {}),
            },
        },
        execution_options={_PATIENCE: settings.statement_timeout},
        **options,
    )
    replace_lost_connections(engine.sync_engine, settings.ping_after)
    return engine


@asynccontextmanager
async def asking(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Connect, to ask. Raises TimeoutError where not all is answered in time, and gives the connection up.

    An answer may never come: what lies between may have lost the connection without a word to either end, and the
    server, which has answered, waits for the next question.
    """
    async with asyncio.timeout(_patience(engine)), engine.connect() as connection:
        yield connection


@asynccontextmanager
async def changing(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Connect, for one transaction, committed at the end. Raises as `asking`; then it is committed or not."""
    async with asyncio.timeout(_patience(engine)), engine.begin() as connection:
        yield connection


def _patience(engine: AsyncEngine) -> float | None:
    return engine.get_execution_options().get(_PATIENCE)


_Either = TypeVar("_Either", Engine, AsyncEngine)


def reading_once(engine: _Either) -> _Either:
    """Return an engine on the same connections whose transactions are one statement each, which reads.

    To no such statement is a transaction of its own worth what it costs: on PostgreSQL it is three questions and
    answers instead of one.
    """
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="AUTOCOMMIT")
    return engine.execution_options(**{READS_ONCE: True})


class _Ending(sqlite3.Connection):
    """Ends its transaction when it is closed.

    SQLite closes a connection once its statements are finalized: one whose result nobody waits for any more, as he was
    cancelled, may live until garbage is collected, and the file is locked as long.
    """

    def close(self) -> None:
        try:
            if self.in_transaction:
                self.rollback()
        except sqlite3.Error:
            pass  # it is closed already, or nothing can be rolled back any more
        finally:
            super().close()


async def _connected(*arguments: Any, **options: Any) -> aiosqlite.Connection:
    """Connect to SQLite; where that fails, leave no thread behind.

    The thread of a connection that could not be made ends unwaited for, and tells that to the loop, which by then may
    be closed: a traceback among what a program says of why it cannot start (omnilib/aiosqlite#389).
    """
    connection = aiosqlite.connect(*arguments, **options)
    connection._thread.daemon = True  # as SQLAlchemy has it where it connects by itself
    try:
        return await connection
    except Exception:
        connection._thread.join()  # it has nothing left to do but to end
        raise


_TRIES = 10
"""How often a file is made to write ahead: each time another connection was faster, and each of these does it once."""


def _write_ahead(cursor: Any) -> None:
    """Make a file write ahead. Who finds another connection doing it is refused at once, whatever his time-out."""
    for left in reversed(range(_TRIES)):
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            # The low byte: the others say what it was busy with.
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or not left:
                raise
            # Here the time-out holds: once the other one is done, this goes on.
            cursor.execute("BEGIN IMMEDIATE")
            cursor.execute("ROLLBACK")
        else:
            return


def prepare_sqlite(engine: Engine, settings: DatabaseSettings) -> None:
    """Make SQLite durable and its transactions real: the driver's own begin too late, or not at all."""

    @event.listens_for(engine, "connect")
    def connect(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # from here on nobody begins but the listener below
        cursor = connection.cursor()
        # First, for what follows waits too.
        cursor.execute(f"PRAGMA busy_timeout = {_milliseconds(settings.lock_timeout)}")
        # A reader sees the log as it was when it began and never waits for the writer.
        _write_ahead(cursor)
        # A commit is on the disk before it returns. (NORMAL would lose the last ones with the machine's power.)
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        # A scorecard looks into some thousand pages, many of which one after the other would take each other's place.
        cursor.execute(f"PRAGMA cache_size = -{settings.cache}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if not options.get(READS_ONCE):
            execute(connection, "BEGIN IMMEDIATE" if options.get(SQLITE_WRITES) else "BEGIN", ())


def _milliseconds(seconds: float) -> str:
    return str(round(seconds * 1000))
