"""The laws of the fold over the state on SQL: however it came about, it answers as a replay in memory does."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from courses import Projectors, Step, courses, every_group, projectors
from folding import Events, content, decoded, in_memory
from histories import History, histories, history
from kpi_projector.answers import Answers
from kpi_projector.migrate import upgrade
from kpi_projector.moment import Moment, Positions
from kpi_projector.reading import NOWHERE
from kpi_projector.schema import METADATA
from kpi_projector.state import SqlState
from wco_common.engine import DatabaseSettings, create_engine
from wco_common.instant import parse_instant
from wco_common.problem import PlanNotAdopted
from wco_events.event_type import LOG_NAMES
from wco_kpi.board import Board
from wco_kpi.frame import NoPlan
from wco_kpi.group import GroupId
from wco_kpi.scorecard import group_answers, kpi_answers

Opening = Callable[[], AbstractAsyncContextManager[Projectors]]
PERIODS = ["2022-23", "2023-24", "2024-25", "sp-2022-2025"]
STRETCH = 10_000


@asynccontextmanager
async def on_postgresql(url: str) -> AsyncIterator[Projectors]:
    await upgrade(url, DatabaseSettings())
    engine = create_engine(url, DatabaseSettings())
    async with engine.begin() as connection:
        for table in METADATA.sorted_tables:
            await connection.execute(delete(table))
    await engine.dispose()
    async with projectors(url) as both:
        yield both


@dataclass(frozen=True)
class Question:
    """The scorecard of a period as of a moment; and of every fifth KPI, from `first` on, its groups and evidence."""

    moment: Moment
    period: str
    first: int

    def told(self, board: Board) -> tuple[Any, ...]:
        """Return the answers, and which KPIs their evidence does not add up to."""
        groups: list[Any] = []
        evidence: list[Any] = []
        amiss: list[str] = []
        for kpi, definition in list(board.plan.kpis.items())[self.first :: 5]:
            groups += [group_answers(board, kpi, self.period, each) for each in definition.measure.dimensions]
            if (measure := board.measuring(kpi, self.period)) is not None:
                rows = list(measure.evidence())
                evidence.append(rows)
                if sum((row.numerator for row in rows), Fraction(0)) != board.figure(kpi, self.period).numerator:
                    amiss.append(kpi)
        return kpi_answers(board, self.period), groups, evidence, amiss

    async def asked(self, answers: Answers) -> Any:
        """Return what is answered; None before there is a plan."""
        try:
            return await answers.ask(self.moment, self.told)
        except PlanNotAdopted:
            return None

    def replayed(self, events: Events) -> Any:
        """Return what a replay in memory answers."""
        try:
            return self.told(Board(in_memory(events, self.moment.positions), self.moment.day))
        except NoPlan:
            return None


def asking(events: Events, positions: Positions, random: Random) -> Question:
    """Ask as of positions, seen from the day of the last event among them."""
    times = [parse_instant(events[log][at - 1].recordedtime) for log, at in positions.items() if at]
    moment = Moment(max(times, default=0), dict(positions), fixed=True)
    return Question(moment, random.choice(PERIODS), random.randrange(5))


async def cells_are_those_of_a_replay(
    state: SqlState, events: Events, positions: Positions, groups: set[GroupId]
) -> None:
    memory = in_memory(events, positions)
    kept = await state.groups(groups, positions)
    for group in groups:
        assert something(kept[group]) == something(memory.group(*group)), group


def something(cells: Any) -> dict[str, Any]:
    """What cells say; a total of nothing may be a cell of nothing or no cell."""
    return {key: said for key, cell in cells.items() if (said := content(cell)) != (None, {})}


async def the_laws_hold(both: Projectors, events: Events, course: list[Step], random: Random) -> None:
    said: list[tuple[Question, Any]] = []
    for step in course:
        await both.take(step, events)
        state = both[random.randrange(2)]
        question = asking(events, await state.positions(), random)
        said.append((question, await question.asked(Answers(state, STRETCH, boards=1))))
        assert said[-1][1] == question.replayed(events), "live is not replay"
    await both.finish(events)
    state = both[random.randrange(2)]
    for question, answer in said:
        assert await question.asked(Answers(state, STRETCH, boards=1)) == answer, (
            "as of a moment is not what was said at it"
        )
    answers = Answers(state, STRETCH, boards=2)
    asked: list[Positions] = []
    positions, groups = dict(NOWHERE), await every_group(both.url, events)
    while left := [log for log in LOG_NAMES if positions[log] < len(events[log])]:
        positions[random.choice(left)] += 1
        await cells_are_those_of_a_replay(state, events, positions, groups)
        asked.append(dict(positions))
        for at in (positions, random.choice(asked[-3:])):  # of what was read for one question, another makes use
            question = asking(events, at, random)
            answer = await question.asked(answers)
            assert answer == question.replayed(events), "as of is not replay"
            assert answer is None or answer[-1] == [], "evidence does not add up"


async def test_projectors_that_begin_at_once_fold_everything_once(database_url: str) -> None:
    events = decoded(history(seed=3, events=30))
    await upgrade(database_url, DatabaseSettings())
    async with projectors(database_url) as both:
        # The first race of each log is for its row.
        for log in LOG_NAMES:
            await both.take(Step("race", 0, log, size=2, turn=2), events)
        await the_laws_hold(both, events, [], Random(1))


@settings(max_examples=12)
@given(lines=histories(30), course=courses, seed=st.integers(0, 2**32 - 1))
async def test_whatever_happens_on_sqlite_every_answer_is_that_of_a_replay(
    on_sqlite: Opening, lines: History, course: list[Step], seed: int
) -> None:
    async with on_sqlite() as both:
        await the_laws_hold(both, decoded(lines), course, Random(seed))


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(lines=histories(30), course=courses, seed=st.integers(0, 2**32 - 1))
async def test_whatever_happens_on_postgresql_every_answer_is_that_of_a_replay(
    postgres_database: str, lines: History, course: list[Step], seed: int
) -> None:
    async with on_postgresql(postgres_database) as both:
        await the_laws_hold(both, decoded(lines), course, Random(seed))
