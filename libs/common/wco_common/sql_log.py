"""A log on its own tables: what reads, follows and serves it in the process that appends to it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.ext.asyncio import AsyncEngine

from wco_common.append import Appender, AppendSettings
from wco_common.clock import Clock
from wco_common.commit import LogTransactions
from wco_common.decider import Decider
from wco_common.engine import DatabaseSettings, asking, create_engine
from wco_common.instant import Instant
from wco_common.latest import Latest
from wco_common.log import Head, Line
from wco_common.reader import Reader, reader
from wco_common.schema import EVENT, HEAD, SUBJECT
from wco_common.tracing import UNTRACED, Tracing
from wco_common.writer import Faults, no_faults, writer
from wco_events.event_type import LogName


class SubjectVersion(NamedTuple):
    """How many events a subject has, and the position of its last one."""

    version: int
    sequence: int


class SqlLog:
    """A log whose events are in a database. A `Log`, and what its service needs beside."""

    def __init__(
        self,
        name: LogName,
        log_id: UUID,
        engine: AsyncEngine,
        reader: Reader,
        latest: Latest,
        appender: Appender,
        look_every: float,
    ) -> None:
        """Take what `open_log` has put together. `look_every` is in seconds."""
        self._name = name
        self.log_id = log_id
        self.engine = engine
        self._reader = reader
        self.latest = latest
        self.appender = appender
        # With SQLite nobody else appends.
        self._look_every = None if engine.dialect.name == "sqlite" else look_every

    @property
    def name(self) -> LogName:
        """The log's name."""
        return self._name

    async def read(
        self, after: int, limit: int, *, type: str | None = None, subject: str | None = None
    ) -> Sequence[Line]:
        """Return up to `limit` events after a position, in order; all, or those of a type, of a subject, of both."""
        wanted = _LINES.where(EVENT.c.sequence > after).order_by(EVENT.c.sequence).limit(limit)
        if type is not None:
            wanted = wanted.where(EVENT.c.type == type)
        if subject is not None:
            wanted = wanted.where(EVENT.c.subject == subject)
        return await self._reader.ask(lambda connection: [Line(*row) for row in connection.execute(wanted)])

    async def event(self, sequence: int) -> Line | None:
        """Return the event at a position, None where there is none."""
        wanted = _LINES.where(EVENT.c.sequence == sequence)
        row = await self._reader.ask(lambda connection: connection.execute(wanted).one_or_none())
        return None if row is None else Line(*row)

    async def subject(self, kind: str, subject: str) -> SubjectVersion | None:
        """Return the version of a subject, None if nothing was recorded of it."""
        wanted = select(SUBJECT.c.version, SUBJECT.c.sequence).where(
            SUBJECT.c.kind == kind, SUBJECT.c.subject == subject
        )
        row = await self._reader.ask(lambda connection: connection.execute(wanted).one_or_none())
        return None if row is None else SubjectVersion(*row)

    async def position_at(self, time: Instant) -> int:
        """Return the last sequence that was recorded up to and including a time.

        Times rise with sequences, and have no index: it would be written with every event.
        """

        def last(connection: Connection) -> int:
            low, high = 0, connection.execute(select(HEAD.c.sequence)).scalar_one()
            while low < high:
                middle = (low + high + 1) // 2
                earlier = connection.execute(_RECORDED_AT, {"sequence": middle}).scalar_one() <= time
                low, high = (middle, high) if earlier else (low, middle - 1)
            return low

        return await self._reader.ask(last)

    async def recorded_at(self, sequence: int) -> Instant:
        """Return when the event at a position, which there is, was recorded."""

        def time(connection: Connection) -> Instant:
            recorded_at: Instant = connection.execute(_RECORDED_AT, {"sequence": sequence}).scalar_one()
            return recorded_at

        return await self._reader.ask(time)

    async def head(self) -> Head:
        """Return the log's sequence and closed time as they stand."""
        wanted = select(HEAD.c.sequence, HEAD.c.closed)
        head = Head(*await self._reader.ask(lambda connection: connection.execute(wanted).one()))
        self.latest.move(head)
        return head

    async def read_only(self) -> str | None:
        """Return why nothing may be recorded, None where nothing hinders it."""
        wanted = select(HEAD.c.read_only)
        return await self._reader.ask(lambda connection: connection.execute(wanted).scalar_one())

    async def close(self, least: Instant = 0) -> Head:
        """Raise the closed time to the clock, or to `least` where that is later (see `Appender.close`)."""
        return await self.appender.close(least)

    async def wait(self, head: Head) -> Head:
        """Return as soon as the head is beyond the one given, in sequence or in closed time.

        What this process records or closes wakes at once.
        """
        while True:
            try:
                async with asyncio.timeout(self._look_every):
                    return await self.latest.beyond(head)
            except TimeoutError:
                await self.head()


@asynccontextmanager
async def open_log(
    name: LogName,
    url: str,
    decider: Decider,
    clock: Clock,
    *,
    database: DatabaseSettings | None = None,
    settings: AppendSettings | None = None,
    observe: Callable[[int, float], None] = lambda events, seconds: None,
    faults: Faults = no_faults,
    tracing: Tracing = UNTRACED,
) -> AsyncIterator[SqlLog]:
    """Open a log for reading and appending, in a database that `migrate.upgrade` has prepared.

    `observe` is told of each commit its events and its seconds; `faults` may make commits fail, in tests.
    """
    database = database or DatabaseSettings()
    engine = create_engine(url, database)
    reads = reader(engine, database)
    try:
        log_id, head = await _identity(engine, name)
        latest = Latest()
        latest.move(head)
        transactions = LogTransactions(name, decider, clock)
        writes = writer(engine, database, faults)
        async with Appender(transactions, writes, settings or AppendSettings(), latest, observe, tracing) as appender:
            yield SqlLog(name, log_id, engine, reads, latest, appender, database.look_every)
    finally:
        await reads.aclose()
        await engine.dispose()


async def _identity(engine: AsyncEngine, name: LogName) -> tuple[UUID, Head]:
    """Return the log's id and head."""
    async with asking(engine) as connection:
        row = (await connection.execute(select(HEAD))).one()
    if row.log != name:
        raise ValueError(f"the database holds the log {row.log}, not {name}")
    return row.log_id, Head(row.sequence, row.closed)


_LINES = select(EVENT.c.sequence, EVENT.c.body, EVENT.c.traceparent, EVENT.c.tracestate)
_RECORDED_AT = select(EVENT.c.recorded_at).where(EVENT.c.sequence == bindparam("sequence"))
