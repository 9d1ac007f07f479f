"""States beside each other: one answers, another is built and takes over once it stands where that one stands.

Each state has the tables of a whole one in a schema of PostgreSQL's of its own, also its turns and its quarantine: the
fold of another version, or the same fold begun anew under a later name. What instances of one state write, those of
another never see; the one thing that they share is the row that says which state answers.
"""

import asyncio
from collections.abc import Mapping
from types import TracebackType
from typing import Any, NamedTuple, Self

import structlog
from prometheus_client import CollectorRegistry, Gauge
from sqlalchemy import BigInteger, Column, MetaData, Row, SmallInteger, Table, Text, make_url, select, text, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from kpi_projector.progress import Progress
from kpi_projector.schema import NAMING
from kpi_projector.settings import ProjectorSettings
from wco_common.clock import wall_time
from wco_common.ending import end
from wco_common.engine import asking, changing
from wco_common.instant import Instant, format_instant
from wco_common.log import Log
from wco_common.problem import Unavailable
from wco_events.event_type import LOG_NAMES, LogName
from wco_kpi.fold import FOLD_VERSION

_log = structlog.get_logger(__name__)

METADATA = MetaData(naming_convention=NAMING)

SERVING = Table(
    "serving",
    METADATA,
    Column("one", SmallInteger, primary_key=True, autoincrement=False, comment="1: there is one row."),
    Column("fold", SmallInteger, nullable=False, comment="The version of the fold that makes the state."),
    Column("name", Text, nullable=False, comment="Which of the states by that fold, empty for the first."),
    Column("since", BigInteger, nullable=False, comment="Microseconds since 1970-01-01 UTC."),
    comment="The state that answers are given from; moved by compare-and-set to one that stands where it stands.",
    sqlite_with_rowid=False,
)


class StateId(NamedTuple):
    """A state: by which version of the fold it is made, and which of them it is. The later one takes over."""

    fold: int
    name: str

    @property
    def schema(self) -> str:
        """The schema of its tables."""
        return f"fold_{self.fold}{'_' if self.name else ''}{self.name}"


def state_of(settings: ProjectorSettings) -> StateId | None:
    """Return which state a program makes; None where there is but one, which a file of SQLite's is."""
    is_several = make_url(settings.database_url).get_backend_name() == "postgresql"
    return StateId(FOLD_VERSION, settings.state) if is_several else None


class Serving:
    """Whether a state is the one that answers. Entered, it sees to it again and again; left, it stops."""

    def __init__(
        self, engine: AsyncEngine, state: StateId, logs: Mapping[LogName, Log], progress: Progress, every: float
    ) -> None:
        """Look every so many seconds, over an engine that finds the tables of PostgreSQL's own schema too."""
        self._engine = engine
        self._state = state
        self._logs = logs
        self._progress = progress
        self._every = every
        self._other: StateId | None = None
        self._since: Instant = 0
        self._needed: dict[LogName, int] = {}
        """How far this state has to come in each log, so as to take over."""
        self._looking: asyncio.Task[None] | None = None

    @property
    def serves(self) -> bool:
        """Whether this state answers, as far as is known."""
        return self._other is None

    @property
    def built(self) -> float:
        """How much of what it needs to take over this state has, from 0 to 1."""
        needed = sum(self._needed.values())
        has = sum(min(self._progress.positions[log], sequence) for log, sequence in self._needed.items())
        return has / needed if needed else 1.0

    def hindrance(self) -> str | None:
        """Return why others should be asked, None where this state answers."""
        if self._other is None:
            return None
        if self._other > self._state:
            return f"is no more asked: {self._other.schema} answers since {format_instant(self._since)}"
        stands = ", ".join(f"{log} {self._progress.positions[log]} of {at}" for log, at in self._needed.items())
        return f"is built beside {self._other.schema}, and has {self.built:.1%} of it: {stands}"

    def measure(self, registry: CollectorRegistry) -> None:
        """Put it among the metrics."""
        built = Gauge("wco_kpi_state_built", "How much of the state that answers is in this one.", registry=registry)
        built.set_function(lambda: self.built)
        serves = Gauge("wco_kpi_state_serves", "1 where this state is the one that answers.", registry=registry)
        serves.set_function(lambda: self.serves)

    async def __aenter__(self) -> Self:
        await self._look()
        self._looking = asyncio.create_task(self._look_again(), name="see which state answers")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._looking is not None:
            await end(self._looking)

    async def _look_again(self) -> None:
        while True:
            await asyncio.sleep(self._every)
            try:
                await self._look()
            except (SQLAlchemyError, OSError) as error:
                _log.warning("which state answers cannot be seen now", error=type(error).__name__)

    async def _look(self) -> None:
        """See which state answers; take over from an earlier one that has nothing which this one has not."""
        row = await self._row()
        other = StateId(row.fold, row.name)
        if other == self._state:
            self._other, self._needed = None, {}
            return
        self._other, self._since = other, row.since
        if other > self._state:
            self._needed = {}
            return
        try:
            self._needed = await self._needed_beside(other)
        except Unavailable as unavailable:
            _log.warning("how much a state needs to take over cannot be told now", reason=str(unavailable))
            return
        if all(self._progress.positions[log] >= at for log, at in self._needed.items()):
            await self._take_over(other)

    async def _row(self) -> Row[Any]:
        """Return which state answers; where there is none, this one does, unless another is the first."""
        async with changing(self._engine) as connection:
            row = (await connection.execute(select(SERVING))).one_or_none()
            if row is None:
                await connection.execute(_FIRST, {**self._state._asdict(), "since": wall_time()})
                row = (await connection.execute(select(SERVING))).one()
            return row

    async def _needed_beside(self, other: StateId) -> dict[LogName, int]:
        """Return what another state has of each log: nothing, if somebody has dropped it.

        Of a log that has taken the place of the one that is folded there, its own end is what is needed: sequences of
        two logs do not compare.
        """
        async with asking(self._engine) as connection:
            theirs = f"{connection.dialect.identifier_preparer.quote_schema(other.schema)}.position"
            if await connection.scalar(text("SELECT to_regclass(:theirs)"), {"theirs": theirs}) is None:
                return {}
            rows = (await connection.execute(text(_THEIRS.format(theirs=theirs)))).all()
        return {
            log: (await self._logs[log].head()).sequence if is_another else sequence
            for log, sequence, is_another in ((LOG_NAMES[row.log], row.sequence, row.is_another) for row in rows)
        }

    async def _take_over(self, other: StateId) -> None:
        taking = update(SERVING).where(SERVING.c.fold == other.fold, SERVING.c.name == other.name)
        async with changing(self._engine) as connection:
            taken = await connection.execute(taking.values(**self._state._asdict(), since=wall_time()))
        # Else an instance was faster, of this state or of a later one: the next look says so.
        if taken.rowcount:
            self._other, self._needed = None, {}
            _log.warning("a state has taken over", state=self._state.schema, before=other.schema)


_FIRST = text("INSERT INTO serving (one, fold, name, since) VALUES (1, :fold, :name, :since) ON CONFLICT DO NOTHING")
_THEIRS = """
SELECT theirs.log, theirs.sequence, coalesce(theirs.log_id <> mine.log_id, false) AS is_another
FROM {theirs} AS theirs LEFT JOIN position AS mine ON mine.log = theirs.log ORDER BY theirs.log"""
"""What another state has of each log, and whether that is another log than this state has it of, as far as is known."""
