"""Following a log into its lists: read what is new, write what it makes of rows, say how far they are."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import TypeVar
from uuid import UUID

import structlog
from prometheus_client import CollectorRegistry, Gauge
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from wco_common.engine import DatabaseSettings
from wco_common.event import RecordedEvent, decode_recorded
from wco_common.lists.settings import ListsSettings
from wco_common.lists.writing import ListTables, Overtaken, Standing, identity
from wco_common.log import Head, Line, Log
from wco_common.writer import CommitInDoubt, NotCommitted, writer

_log = structlog.get_logger(__name__)

T = TypeVar("T")

_NO_EVENTS_FAULT = (Overtaken, SQLAlchemyError, NotCommitted, CommitInDoubt, OSError)
"""Why writing fails that has nothing to do with what is written."""

_NOWHERE = Standing(0, "", 0, 0, "")


class Underivable(Exception):
    """An event that no rows can be made of; the lists stop just before it."""

    def __init__(self, event: RecordedEvent, cause: Exception) -> None:
        super().__init__(f"event {int(event.sequence)} ({event.type}, id {event.id}) cannot be listed: {cause!r}")
        self.sequence = int(event.sequence)


class CannotFollow(Exception):
    """Why the lists cannot get further now."""


class Follower:
    """Follows one log into its lists, for ever. Several instances may: of what two would write, one's is written."""

    def __init__(
        self,
        log: Log,
        log_id: UUID,
        tables: ListTables,
        engine: AsyncEngine,
        database: DatabaseSettings,
        settings: ListsSettings,
    ) -> None:
        self._log = log
        self._log_id = str(log_id)
        self._tables = tables
        self._writer = writer(engine, database)
        self._patience = database.statement_timeout
        self._settings = settings
        self._moved = asyncio.Event()
        self._wanted = asyncio.Event()
        """Set while somebody waits for an event that is not in the lists."""
        self.standing = _NOWHERE
        """How far the lists are, as far as this instance knows."""
        self.stopped: str | None = None
        """Why they get no further, None where nothing hinders it."""
        self.head = Head(0, 0)

    async def aclose(self) -> None:
        """Close the connection that writes."""
        await self._writer.aclose()

    async def follow(self) -> None:
        """Write what the log has, and then whatever comes.

        An event that no rows can be made of stops the lists just before it, in view: they stay right and grow old.
        What a database cannot do now is tried again.
        """
        while True:
            try:
                await self._follow()
            except Overtaken:
                continue
            except Exception as error:
                why = str(error) if isinstance(error, (Underivable, CannotFollow)) else type(error).__name__
                if self.stopped != why:
                    _log.exception("the lists stand still", log=self._log.name)
                self.stopped = why
                self._wake()
                await asyncio.sleep(self._settings.retry)

    async def until(self, sequence: int, deadline: float) -> bool:
        """Return once an event is in the lists; False when it is not by a time of the loop's clock."""
        try:
            async with asyncio.timeout_at(deadline):
                while self.standing.sequence < sequence:
                    self._wanted.set()
                    await self._moved.wait()
        except TimeoutError:
            return False
        return True

    async def until_stopped(self) -> str:
        """Return why the lists get no further, once they do not."""
        while self.stopped is None:
            await self._moved.wait()
        return self.stopped

    async def _follow(self) -> None:
        stands = self._stands(await self._begin())
        self.head = await self._log.head()
        while True:
            while stands.sequence < self.head.sequence:
                limit = min(self._settings.batch, self.head.sequence - stands.sequence)
                lines = await self._log.read(stands.sequence, limit)
                stands = await self._write(stands, _events(lines, stands.sequence))
            self.stopped = None
            await self._pause()
            self.head = await self._log.wait(self.head)

    async def _pause(self) -> None:
        """Let some events come together, unless somebody waits for one."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._settings.every):
                await self._wanted.wait()
        self._wanted.clear()

    async def _begin(self) -> Standing:
        """Return where to go on, which is the beginning where the rows are of other lists, or of another log."""
        stood = await self._transact(self._tables.standing)
        if stood is not None and stood.version > self._tables.version:
            raise CannotFollow(f"the lists are those of a later version of this program, {stood.version}")
        if stood is not None and await self._goes_on(stood):
            return stood
        if stood is not None and stood.sequence:
            _log.warning("the lists are made anew", log=self._log.name, position=stood.sequence)
        # As long as it takes: there may be much to take away.
        return await self._writer.transact(partial(self._tables.begin, log_id=self._log_id, stood=stood))

    async def _goes_on(self, stood: Standing) -> bool:
        """Say whether the rows are these lists', and of the log as it is: a backup may have taken its place."""
        if (stood.version, stood.log_id) != (self._tables.version, self._log_id):
            return False
        if stood.sequence == 0:
            return True
        lines = await self._log.read(stood.sequence - 1, 1)
        return bool(lines) and identity(decode_recorded(lines[0].body)) == (stood.recorded_at, stood.event)

    async def _write(self, stands: Standing, events: Sequence[RecordedEvent]) -> Standing:
        """Write what events make of rows. Raises Underivable when one makes nothing of them, once all before it are."""
        try:
            written = await self._transact(partial(self._tables.write, stood=stands, events=events))
        except _NO_EVENTS_FAULT:
            raise
        except Exception as error:
            if len(events) == 1:
                raise Underivable(events[0], error) from error
            # Which one it is shows in ever smaller parts.
            middle = len(events) // 2
            return await self._write(await self._write(stands, events[:middle]), events[middle:])
        self.stopped = None
        return self._stands(written)

    async def _transact(self, work: Callable[[Connection], T]) -> T:
        return await self._writer.transact(work, self._patience)

    def _stands(self, standing: Standing) -> Standing:
        self.standing = standing
        self._wake()
        return standing

    def _wake(self) -> None:
        self._moved.set()
        self._moved = asyncio.Event()

    @property
    def lag(self) -> int:
        """How many events of the log the lists do not have."""
        return max(0, self.head.sequence - self.standing.sequence)

    def tells(self) -> dict[str, object]:
        """Return what /readyz says of the lists: how far they are, and what keeps them from getting further."""
        return {"position": self.standing.sequence, "head": self.head.sequence, "stopped": self.stopped}


def measure_lists(registry: CollectorRegistry, follower: Callable[[], Follower | None]) -> None:
    """Put lists among the metrics, whose follower is asked for whenever they are."""

    def add(name: str, what: str, value: Callable[[Follower], float]) -> None:
        def now() -> float:
            found = follower()
            return 0 if found is None else value(found)

        Gauge(name, what, registry=registry).set_function(now)

    add("wco_kpi_lists_position", "The last sequence that the lists have.", lambda found: found.standing.sequence)
    add("wco_kpi_lists_lag_events", "Events of the log that the lists do not have.", lambda found: found.lag)
    add("wco_kpi_lists_stopped", "1 where the lists stand still.", lambda found: found.stopped is not None)


def _events(lines: Sequence[Line], after: int) -> list[RecordedEvent]:
    events = [decode_recorded(line.body) for line in lines]
    if [line.sequence for line in lines] != list(range(after + 1, after + 1 + len(lines))) or not lines:
        raise CannotFollow(f"event {after + 1} is missing, though the log is longer")
    return events
