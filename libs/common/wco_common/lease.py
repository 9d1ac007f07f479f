"""A lease in a database: who alone does what one process at a time does, and until when, by the database's own clock.

What a holder must not do is go on for longer than it holds the lease. It cannot know the database's clock, but how
long ago it asked: the lease lasts at least so many seconds from there. No two machines' clocks are compared; they need
to run at about one rate.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, NamedTuple, Self

import structlog
from pydantic import Field, model_validator
from pydantic_settings import SettingsConfigDict
from sqlalchemy import BigInteger, ColumnElement, Dialect, and_, case, cast, extract, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from wco_common.clock import elapsed_time
from wco_common.engine import SQLITE_WRITES
from wco_common.instant import Instant
from wco_common.schema import LEASE
from wco_common.settings import PREFIX, Settings

_log = structlog.get_logger(__name__)

_SECOND = 1_000_000
_DIALECTS: dict[str, Any] = {"sqlite": sqlite, "postgresql": postgresql}


class LeaseSettings(Settings):
    """How long a lease lasts. Times in seconds."""

    model_config = SettingsConfigDict(env_prefix=f"{PREFIX}LEASE_")

    seconds: float = Field(3, gt=0, description="How long it lasts from a renewal; then another may take it.")
    renew_every: float = Field(0.5, gt=0, description="Between two renewals, and between two tries to take it.")
    margin: float = Field(0.5, gt=0, description="How long before its end a holder stops that could not renew it.")

    @model_validator(mode="after")
    def _renewable(self) -> Self:
        if self.margin + self.renew_every >= self.seconds:
            raise ValueError("a lease must last longer than renew_every and margin together, or it is never renewed")
        return self


class LeaseLost(Exception):
    """The lease could not be renewed in time, or another has it: what it stands for must not be done any more."""


class Standing(NamedTuple):
    """How a lease stands in the database; times in microseconds, by its clock."""

    holder: str
    since: Instant
    until: Instant
    now: Instant

    @property
    def is_held(self) -> bool:
        """Whether it has not run out."""
        return self.until > self.now

    @property
    def age(self) -> float:
        """For how many seconds its holder has had it."""
        return (self.now - self.since) / _SECOND


class Lease:
    """One name's lease, for one process that would hold it. Belongs to one event loop."""

    def __init__(
        self,
        engine: AsyncEngine,
        name: str,
        holder: str,
        settings: LeaseSettings,
        elapsed: Callable[[], Instant] = elapsed_time,
    ) -> None:
        """`holder` is this process, by a name that no other has had. `elapsed` runs on while the machine sleeps."""
        self._engine = engine
        self._writing = engine.execution_options(**{SQLITE_WRITES: True})
        self._name = name
        self.holder = holder
        self._settings = settings
        self._elapsed = elapsed
        self._deadline: Instant = 0
        """Until here, by `elapsed`, what the lease stands for may be done."""

    async def take(self) -> bool:
        """Take the lease, or renew it; say whether this process has it. Raises SQLAlchemyError, OSError."""
        asked = self._elapsed()
        now = database_clock(self._engine.dialect)
        until = now + round(self._settings.seconds * _SECOND)
        is_own = LEASE.c.holder == self.holder
        taking = _DIALECTS[self._engine.dialect.name].insert(LEASE)
        taking = taking.values(name=self._name, holder=self.holder, since=now, until=until).on_conflict_do_update(
            index_elements=[LEASE.c.name],
            set_={
                "holder": self.holder,
                "since": case((and_(is_own, LEASE.c.until > now), LEASE.c.since), else_=now),
                "until": until,
            },
            where=or_(is_own, LEASE.c.until <= now),
        )
        async with asyncio.timeout(self._settings.seconds), self._writing.begin() as connection:
            is_had = (await connection.execute(taking.returning(LEASE.c.until))).first() is not None
        if is_had:
            self._deadline = asked + round((self._settings.seconds - self._settings.margin) * _SECOND)
        return is_had

    async def taken(self, waiting: Callable[[], None]) -> None:
        """Return once this process has the lease; `waiting` is called whenever another has it. Raises as `take`."""
        while not await self.take():
            waiting()
            await asyncio.sleep(self._settings.renew_every)

    def check(self) -> None:
        """Raise LeaseLost where the lease may have run out: between two steps of what it stands for.

        A process may have been stopped for minutes before it comes here.
        """
        if self._elapsed() >= self._deadline:
            raise LeaseLost("the lease was not renewed in time")

    async def standing(self) -> Standing | None:
        """Return how the lease stands, None if nobody has ever had it. Raises SQLAlchemyError, OSError."""
        wanted = select(LEASE.c.holder, LEASE.c.since, LEASE.c.until, database_clock(self._engine.dialect))
        async with asyncio.timeout(self._settings.seconds), self._engine.connect() as connection:
            row = (await connection.execute(wanted.where(LEASE.c.name == self._name))).one_or_none()
        return None if row is None else Standing(*row)

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Renew the lease, which this process has, for as long as the body runs, and then give it up.

        A body that runs when it is lost is cancelled. What it raises, and LeaseLost, come in an ExceptionGroup.
        """
        try:
            async with asyncio.TaskGroup() as group:
                renewing = group.create_task(self._renew(), name=f"keep the lease {self._name}")
                yield
                renewing.cancel()
        finally:
            await self.give_up()

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(self._settings.renew_every)
            left = (self._deadline - self._elapsed()) / _SECOND
            try:
                async with asyncio.timeout(left):
                    is_had = await self.take()
            except (SQLAlchemyError, OSError) as error:  # a time-out too
                _log.warning("a lease could not be renewed", lease=self._name, error=type(error).__name__)
                self.check()
                continue
            if not is_had:
                raise LeaseLost("another process has taken the lease")

    async def give_up(self) -> None:
        """Let another have it at once. If that fails, it runs out by itself."""
        self._deadline = 0
        giving_up = update(LEASE).where(LEASE.c.name == self._name, LEASE.c.holder == self.holder).values(until=0)
        with suppress(SQLAlchemyError, OSError):
            async with asyncio.timeout(self._settings.seconds), self._writing.begin() as connection:
                await connection.execute(giving_up)


def database_clock(dialect: Dialect) -> ColumnElement[int]:
    """Return the time of the database's machine as it is when the statement comes to it, in microseconds."""
    if dialect.name == "sqlite":
        return cast((func.julianday("now") - 2_440_587.5) * (86_400 * _SECOND), BigInteger)
    return cast(extract("epoch", func.clock_timestamp()) * _SECOND, BigInteger)
