"""Whose turn it is to fold a log, where several instances share the logs.

A turn is a lease on the database's clock. It saves the instances from doing the same work; what keeps two of them from
writing the same is that the position is moved by compare-and-set, whoever believes that it is his turn.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import TracebackType
from typing import Protocol, Self
from uuid import uuid4

import structlog
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from kpi_projector.schema import LEASE
from wco_common.ending import end
from wco_common.lease import Lease, LeaseLost, LeaseSettings, database_clock
from wco_events.event_type import LOG_NAMES, LogName

_log = structlog.get_logger(__name__)

_INSTANCE = "instance "
"""What the names of leases begin with that instances have of themselves, as a sign that they live."""


_CANNOT = (SQLAlchemyError, OSError)
"""What a database raises that cannot answer now."""


class Turns(Protocol):
    """Says whose turn it is."""

    def has(self, log: LogName) -> bool:
        """Say whether it is this instance's turn to fold a log."""
        ...

    @property
    def moved(self) -> asyncio.Event:
        """Is set when a turn has come since one has taken it."""
        ...


class _EveryTurn:
    def has(self, log: LogName) -> bool:
        return True

    @property
    def moved(self) -> asyncio.Event:
        return asyncio.Event()


EVERY_TURN: Turns = _EveryTurn()
"""Of an instance that is alone: it is always its turn."""


class SharedTurns:
    """The turns of one of several instances. Entered, it takes its share of the logs; left, it gives them up.

    It says at once that it lives, and takes turns as soon as it can use them: of instances that start together each
    has its share from the beginning. One that cannot for long is not waited for.
    """

    def __init__(
        self, engine: AsyncEngine, settings: LeaseSettings, ready: Callable[[], Awaitable[object]], wait: float
    ) -> None:
        """`ready` returns once the logs can be read, without which no turn is taken.

        For so many seconds others leave it its share meanwhile.
        """
        self._engine = engine
        self._settings = settings
        self._holder = uuid4().hex
        self._living = Lease(engine, f"{_INSTANCE}{self._holder}", self._holder, settings)
        self._leases = {log: Lease(engine, log, self._holder, settings) for log in LOG_NAMES}
        self._had: dict[LogName, None] = {}
        """The logs whose turn this instance has taken, in the order in which it did."""
        self._moved = asyncio.Event()
        self._ready = ready
        self._wait = wait
        self._taking: asyncio.Task[None] | None = None

    @property
    def moved(self) -> asyncio.Event:
        """Is set when a turn has come since one has taken it."""
        return self._moved

    def has(self, log: LogName) -> bool:
        """Say whether it is this instance's turn to fold a log."""
        if log not in self._had:
            return False
        try:
            self._leases[log].check()
        except LeaseLost:
            return False
        return True

    async def __aenter__(self) -> Self:
        await self._say_that_it_lives()
        self._taking = asyncio.create_task(self._take_turns(), name="take turns")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._taking is not None:
            await end(self._taking)
        had, self._had = list(self._had), {}
        for lease in (*(self._leases[log] for log in had), self._living):
            await lease.give_up()

    async def _say_that_it_lives(self) -> None:
        with suppress(*_CANNOT):
            await self._living.take()

    async def _until_ready(self) -> None:
        """Return once turns can be used."""
        ready = asyncio.ensure_future(self._ready())
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._wait):
                    while not ready.done():
                        await self._say_that_it_lives()
                        await asyncio.wait([ready], timeout=self._settings.renew_every)
            await ready
        finally:
            ready.cancel()

    async def _take_turns(self) -> None:
        await self._until_ready()
        while True:
            try:
                await self._take_share()
            except _CANNOT as error:
                # What is not renewed runs out, here sooner than in the database.
                _log.warning("turns cannot be taken now", error=type(error).__name__)
            await asyncio.sleep(self._settings.renew_every)

    async def _take_share(self) -> None:
        """Renew the turns that this instance has, and take or give up as many as make its share."""
        await self._living.take()
        share = -(-len(LOG_NAMES) // max(1, await self._instances()))
        for log in list(self._had)[share:]:
            del self._had[log]
            await self._leases[log].give_up()
            _log.info("a log is left to another instance", log=log)
        for log, lease in self._leases.items():
            if log in self._had or len(self._had) < share:
                had = self.has(log)
                if not await lease.take():
                    self._had.pop(log, None)
                elif not had:
                    self._had[log] = None
                    self._moved.set()
                    self._moved = asyncio.Event()
                    _log.info("a log is folded by this instance", log=log)

    async def _instances(self) -> int:
        """Return how many instances live."""
        living = LEASE.c.until > database_clock(self._engine.dialect)
        wanted = select(func.count()).select_from(LEASE).where(LEASE.c.name.startswith(_INSTANCE), living)
        async with asyncio.timeout(self._settings.seconds), self._engine.connect() as connection:
            return int((await connection.execute(wanted)).scalar_one())
