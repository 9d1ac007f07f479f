"""Reading a database: questions as plain code over a connection, each asked whole.

On PostgreSQL a question runs on an asyncpg connection; on SQLite on a thread, from its first statement to its last
row: over aiosqlite each statement is eight changes of thread, which take longer than SQLite takes to answer it.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

from sqlalchemy import Connection, create_engine
from sqlalchemy.ext.asyncio import AsyncEngine

from wco_common.engine import DatabaseSettings, asking, prepare_sqlite, reading_once

T = TypeVar("T")
Question = Callable[[Connection], T]


class Reader(Protocol):
    """Asks a database, several questions at a time."""

    async def ask(self, question: Question[T]) -> T:
        """Return what a question comes to. Raises SQLAlchemyError, OSError (TimeoutError too)."""
        ...

    async def aclose(self) -> None:
        """Close what was opened for it."""
        ...


def reader(engine: AsyncEngine, settings: DatabaseSettings) -> Reader:
    """Return a reader of the database that an engine reaches. Questions are of one statement, or of several that need
    not see one state of the database."""
    if engine.dialect.name == "sqlite":
        return SqliteReader(engine, settings)
    return PostgresReader(engine)


def snapshot_reader(engine: AsyncEngine, settings: DatabaseSettings) -> Reader:
    """Return a reader each of whose questions sees one state of the database, in however many statements it asks."""
    if engine.dialect.name == "sqlite":
        return SqliteReader(engine, settings, whole=True)
    return PostgresReader(engine, whole=True)


class SqliteReader:
    """Reads a SQLite file, on as many threads and connections as the pool has; `whole`: a transaction a question."""

    def __init__(self, engine: AsyncEngine, settings: DatabaseSettings, *, whole: bool = False) -> None:
        self._engine = create_engine(
            engine.url.set(drivername="sqlite"),
            pool_size=settings.pool_size,
            max_overflow=0,
            pool_timeout=settings.pool_timeout,
            hide_parameters=True,
        )
        prepare_sqlite(self._engine, settings)
        self._reading = self._engine if whole else reading_once(self._engine)
        # A thread a connection: whoever comes when all are busy waits for a thread, in order.
        self._threads = ThreadPoolExecutor(settings.pool_size, thread_name_prefix="reader")

    async def ask(self, question: Question[T]) -> T:
        """Ask on a thread."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._ask, question)

    def _ask(self, question: Question[T]) -> T:
        with self._reading.connect() as connection:
            return question(connection)

    async def aclose(self) -> None:
        """Let questions come to their end, and close the connections."""
        await asyncio.to_thread(self._threads.shutdown)
        self._engine.dispose()


class PostgresReader:
    """Reads PostgreSQL over an engine's pool, which is its owner's to close; `whole`: a transaction a question."""

    def __init__(self, engine: AsyncEngine, *, whole: bool = False) -> None:
        snapshot = engine.execution_options(isolation_level="REPEATABLE READ")
        self._reading = snapshot if whole else reading_once(engine)

    async def ask(self, question: Question[T]) -> T:
        """Ask on a connection of the pool."""
        async with asking(self._reading) as connection:
            return await connection.run_sync(question)

    async def aclose(self) -> None:
        """Leave the pool as it is."""
