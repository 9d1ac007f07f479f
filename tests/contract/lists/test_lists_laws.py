"""The laws of lists on both databases: however they came about, they hold every version that a replay makes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from courses import PATIENT, failing_at, failing_at_commit
from folding import decoded
from histories import History, histories
from listing import Listed
from wco_common.engine import create_engine
from wco_common.event import RecordedEvent
from wco_common.lists.table import HOLDS, Key, ListTable, Version
from wco_common.lists.writing import ListTables, Overtaken, Standing
from wco_common.writer import CommitInDoubt, NotCommitted, Writer, writer
from wco_embedded.logs import LOGS
from wco_events.event_type import LOG_NAMES, LogName

Deed = Literal["write", "offer again", "leave a gap", "race", "break off", "lose the commit", "restart"]
DEEDS: tuple[Deed, ...] = (
    "write", "write", "offer again", "leave a gap", "race", "break off", "lose the commit", "restart",
)  # fmt: skip
LOG_ID = "00000000-0000-0000-0000-000000000000"

Rows = dict[str, set[tuple[Any, ...]]]


@dataclass(frozen=True)
class Step:
    """What the instance `who` does with up to `size` next events; `turn` is for what is to go wrong."""

    deed: Deed
    who: int
    size: int
    turn: int


courses = st.lists(
    st.builds(Step, st.sampled_from(DEEDS), st.integers(0, 1), st.integers(1, 9), st.integers(0, 12)), max_size=20
)


class Instances:
    """Two instances of a service that write lists into one database."""

    def __init__(self, url: str, tables: ListTables) -> None:
        self.tables = tables
        self._url = url
        self._opened = [self._open(), self._open()]

    def _open(self) -> tuple[AsyncEngine, Writer]:
        engine = create_engine(self._url, PATIENT)
        return engine, writer(engine, PATIENT)

    async def close(self, who: int) -> None:
        engine, writes = self._opened[who]
        await writes.aclose()
        await engine.dispose()

    async def standing(self, who: int = 0) -> Standing:
        stands = await self._opened[who][1].transact(self.tables.standing)
        assert stands is not None
        return stands

    async def begin(self) -> None:
        writes = self._opened[0][1]
        stood = await writes.transact(self.tables.standing)
        await writes.transact(partial(self.tables.begin, log_id=LOG_ID, stood=stood))

    async def write(self, who: int, stands: Standing, events: list[RecordedEvent]) -> None:
        await self._opened[who][1].transact(partial(self.tables.write, stood=stands, events=events))

    async def take(self, step: Step, events: list[RecordedEvent]) -> None:
        """Take a step, and demand that the lists stand where they have to after it."""
        stands = await self.standing(step.who)
        at = stands.sequence
        following = events[at : at + step.size]
        after = {at}
        match step.deed:
            case "restart":
                await self.close(step.who)
                self._opened[step.who] = self._open()
            case "offer again" if at:
                begin = step.turn % at
                with pytest.raises(Overtaken):
                    await self.write(step.who, stands._replace(sequence=begin), events[begin : begin + step.size])
            case "leave a gap" if following[1:]:
                with pytest.raises(Overtaken):
                    await self.write(step.who, stands._replace(sequence=at + 1), following[1:])
            case "race" if following:
                others = events[at : at + step.turn + 1]
                results = await asyncio.gather(
                    self.write(step.who, stands, following),
                    self.write(1 - step.who, stands, others),
                    return_exceptions=True,
                )
                (lost,) = [result for result in results if result is not None]
                assert isinstance(lost, Overtaken)
                after = {at + len(following if results[0] is None else others)}
            case "break off" if following:
                with failing_at(step.turn) as failed:
                    after = await self._tried(step, stands, following)
                assert not failed() or after == {at}
            case "lose the commit" if following:
                with failing_at_commit():
                    after = await self._tried(step, stands, following)
                assert after == {at}
            case "write" if following:
                await self.write(step.who, stands, following)
                after = {at + len(following)}
        assert (await self.standing(step.who)).sequence in after, step

    async def _tried(self, step: Step, stands: Standing, following: list[RecordedEvent]) -> set[int]:
        try:
            await self.write(step.who, stands, following)
        except (NotCommitted, CommitInDoubt):
            return {stands.sequence}
        return {stands.sequence + len(following)}

    async def rows(self) -> Rows:
        """Every row of every table, as stored."""
        async with self._opened[0][0].connect() as connection:
            return {
                derived.table.name: {tuple(row) for row in await connection.execute(select(derived.table.table))}
                for derived in self.tables.derived
            }


@asynccontextmanager
async def instances(url: str, log: LogName) -> AsyncIterator[Instances]:
    """Two instances over a database whose tables are there, and empty."""
    lists = LOGS[log].lists
    await lists.migrations.upgrade(url)
    both = Instances(url, lists.tables)
    try:
        await both.begin()
        yield both
    finally:
        await both.close(0)
        await both.close(1)


def stored(table: ListTable, versions: dict[Key, list[Version]]) -> set[tuple[Any, ...]]:
    """The rows that a table has to have, by a replay in memory."""
    rows = set()
    for course in versions.values():
        untils = [version.sequence for version in course[1:]] + [HOLDS]
        for version, until in zip(course, untils, strict=True):
            if version.row is not None:
                rows.add(table.stored(version, until))
    return rows


async def the_law_holds(both: Instances, events: list[RecordedEvent], course: list[Step]) -> None:
    for step in course:
        await both.take(step, events)
    stands = await both.standing()
    if rest := events[stands.sequence :]:
        await both.write(1, stands, rest)
    replayed = Listed(both.tables)
    replayed.add(events)
    kept = await both.rows()
    for derived in both.tables.derived:
        table = derived.table
        assert kept[table.name] == stored(table, replayed.every()[table.name]), table.name


@pytest.fixture(params=LOG_NAMES)
def log(request: pytest.FixtureRequest) -> LogName:
    found: LogName = request.param
    return found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=15)
@given(written=histories(150), course=courses)
async def test_rows_are_those_of_a_replay_whatever_happened_on_the_way_on_sqlite(
    tmp_path_factory: pytest.TempPathFactory, log: LogName, written: History, course: list[Step]
) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('lists') / 'lists.sqlite'}"
    async with instances(url, log) as both:
        await the_law_holds(both, decoded(written)[log], course)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=15)
@given(written=histories(150), course=courses)
async def test_rows_are_those_of_a_replay_whatever_happened_on_the_way_on_postgresql(
    postgres_database: str, log: LogName, written: History, course: list[Step]
) -> None:
    async with instances(postgres_database, log) as both:
        await the_law_holds(both, decoded(written)[log], course)
