"""The one writer of a log's database: transactions whose outcome is known, or known to be in doubt.

A transaction is plain synchronous code over a SQLAlchemy connection. On PostgreSQL it runs on an asyncpg connection;
on SQLite on a thread of its own, whole: a statement at a time over aiosqlite costs four changes of thread each, and
with them twice the processor time (measured: 1.9 ms for one event, 0.6 ms here).
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal, Protocol, TypeVar

from sqlalchemy import Connection, NullPool, create_engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from wco_common.engine import SQLITE_WRITES, DatabaseSettings, prepare_sqlite

T = TypeVar("T")
Work = Callable[[Connection], T]

Step = Literal["commit", "committed"]
Faults = Callable[[Step], None]
"""Called before COMMIT is sent and once it has succeeded. To raise there is to fail: at `commit` without having
persisted anything, at `committed` with everything persisted and the answer lost."""

_FAILURES = (SQLAlchemyError, OSError, TimeoutError)
_CERTAINLY_ROLLED_BACK = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL}
"""What SQLite says when it could not write the last page of a transaction, which is what makes it one."""


class NotCommitted(Exception):
    """The transaction failed before its COMMIT. Nothing of it is or will be in the database."""


class CommitInDoubt(Exception):
    """COMMIT was sent, and whether it took effect is not known. The connection it went over is given up.

    `result` is what the transaction's work had returned.
    """

    def __init__(self, detail: str, result: Any) -> None:
        super().__init__(detail)
        self.result = result


class Writer(Protocol):
    """Runs transactions one at a time. Only one task may use it at a time."""

    async def transact(self, work: Work[T], patience: float | None = None) -> T:
        """Begin, run `work` and commit; return what it returned.

        `patience` is in seconds: how long to wait for `work`, and then for COMMIT; None is for ever. Raises
        NotCommitted, CommitInDoubt, and, with nothing committed, whatever `work` raised that is no database's error.
        """
        ...

    async def aclose(self) -> None:
        """Close the connection."""
        ...


def no_faults(step: Step) -> None:
    """Let every step succeed that does."""


def writer(engine: AsyncEngine, settings: DatabaseSettings, faults: Faults = no_faults) -> Writer:
    """Return a writer to the database that an engine reads."""
    if engine.dialect.name == "sqlite":
        return SqliteWriter(engine, settings, faults)
    return PostgresWriter(engine, faults)


class SqliteWriter:
    """Writes to a SQLite file, on one thread and one connection."""

    def __init__(self, engine: AsyncEngine, settings: DatabaseSettings, faults: Faults = no_faults) -> None:
        self._engine = create_engine(engine.url.set(drivername="sqlite"), poolclass=NullPool, hide_parameters=True)
        prepare_sqlite(self._engine, settings)
        self._faults = faults
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="log-writer")
        # Only the thread touches it.
        self._connection: Connection | None = None

    async def transact(self, work: Work[T], patience: float | None = None) -> T:
        """Begin, run `work` and commit. A disk gives its answer or the machine is lost: no patience is needed."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._transact, work)

    async def aclose(self) -> None:
        """Close the connection and end the thread."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._drop)
        self._thread.shutdown()

    def _transact(self, work: Work[T]) -> T:
        try:
            connection = self._connection
            if connection is None:
                connection = self._connection = self._engine.connect().execution_options(**{SQLITE_WRITES: True})
            transaction = connection.begin()
            result = work(connection)
        except _FAILURES as error:
            self._drop()
            raise NotCommitted(_reason(error)) from error
        except BaseException:
            self._drop()
            raise
        try:
            self._faults("commit")
            # A crash before the last page of the transaction is in the write-ahead log: nothing was recorded.
            # After: it is recorded, and whoever opens the file next finds it.
            transaction.commit()
            self._faults("committed")
        except BaseException as error:
            self._drop()
            if isinstance(error, DBAPIError) and getattr(error.orig, "sqlite_errorcode", 0) in _CERTAINLY_ROLLED_BACK:
                raise NotCommitted(_reason(error)) from error
            raise CommitInDoubt(_reason(error), result) from error
        return result

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None


class PostgresWriter:
    """Writes over one connection to PostgreSQL."""

    def __init__(self, engine: AsyncEngine, faults: Faults = no_faults) -> None:
        self._engine = engine
        self._faults = faults
        self._connection: AsyncConnection | None = None
        self._given_up: dict[asyncio.Task[None], AsyncConnection] = {}

    async def transact(self, work: Work[T], patience: float | None = None) -> T:
        """Begin, run `work` and commit."""
        try:
            async with asyncio.timeout(patience):
                connection = self._connection or await self._connect()
                transaction = await connection.begin()
                result = await connection.run_sync(work)
        except _FAILURES as error:
            await self._drop()
            raise NotCommitted(_reason(error)) from error
        except BaseException:
            await self._drop()
            raise
        # A task of its own: neither a time-out nor a cancellation of this one reaches COMMIT.
        commit = asyncio.create_task(self._commit(transaction.commit))
        try:
            await asyncio.wait([commit], timeout=patience)
        finally:
            if not commit.done():
                self._give_up(commit, connection)
        if not commit.done():
            raise CommitInDoubt(f"no answer to COMMIT in {patience} s", result)
        if failure := commit.exception():
            await self._drop()
            raise CommitInDoubt(_reason(failure), result) from failure
        return result

    async def aclose(self) -> None:
        """Close the connection. That of a COMMIT still without an answer is hung up on; the server goes on with it."""
        for connection in list(self._given_up.values()):
            (await connection.get_raw_connection()).driver_connection.terminate()  # type: ignore[union-attr]
        await asyncio.gather(*self._given_up)
        await self._drop()

    async def _connect(self) -> AsyncConnection:
        connection = self._connection = await self._engine.connect()
        # PostgreSQL's own time-out would reach COMMIT while it waits for a standby. What can hang before is bound by
        # the lock's time-out and by our patience.
        await connection.exec_driver_sql("SET statement_timeout = 0")
        await connection.commit()
        return connection

    async def _commit(self, commit: Callable[[], Awaitable[None]]) -> None:
        self._faults("commit")
        # A crash before the server has its commit record on disk: nothing was recorded. After: it is recorded, and
        # the next to take the lock sees it.
        await commit()
        self._faults("committed")

    def _give_up(self, commit: asyncio.Task[None], connection: AsyncConnection) -> None:
        """Let COMMIT go on, and close its connection when it ends."""

        async def end() -> None:
            await asyncio.gather(commit, return_exceptions=True)
            await connection.invalidate()
            await connection.close()

        self._connection = None
        ending = asyncio.create_task(end())
        self._given_up[ending] = connection
        ending.add_done_callback(self._given_up.pop)

    async def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.invalidate()
            await connection.close()


def _reason(error: BaseException) -> str:
    """Return what can be told of a failure to anybody: its kind, and never a statement or what it was about."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    return str(getattr(cause, "sqlite_errorname", type(cause).__name__))
