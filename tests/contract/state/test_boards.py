"""A moment's board is asked by many: each is answered as if it were alone, and what one has read, none reads again."""

import asyncio
from collections.abc import Collection, Mapping
from itertools import count
from typing import Any

import pytest

from folding import Events, positions_at, times
from kpi_projector.answers import Answers
from kpi_projector.moment import Moment, Positions
from kpi_projector.state import SqlState
from wco_common.problem import NotFound
from wco_kpi.board import Board
from wco_kpi.cell import Address
from wco_kpi.figure import Figure
from wco_kpi.group import Group, GroupId
from wco_kpi.loaded import FRAME
from wco_kpi.measures.activities import Share
from wco_kpi.measuring import Part
from wco_kpi.scorecard import kpi_answers

PERIODS = ["2022-23", "2023-24", "2024-25", "sp-2022-2025"]


class Told(SqlState):
    """A state that notes which groups it was asked for, and can be slow or fail."""

    def __init__(self, state: SqlState) -> None:
        self.__dict__ = state.__dict__
        self.hinders: asyncio.Event | None = None
        self.fails = False
        self.read: list[tuple[Positions, GroupId]] = []

    async def groups(self, groups: Collection[GroupId], at: Positions) -> dict[GroupId, Group]:
        """Return what the state has of them."""
        self.read += [(at, group) for group in groups]
        if self.hinders is not None:
            await self.hinders.wait()
        if self.fails:
            raise OSError("the database is gone")
        return await super().groups(groups, at)


@pytest.fixture
def told(state: SqlState) -> Told:
    return Told(state)


@pytest.fixture
def moments(events: Events) -> list[Moment]:
    """The last moments of a history, the newest first."""
    return [Moment(time, positions_at(events, time), fixed=True) for time in reversed(times(events)[-5:])]


def scorecard(period: str) -> Any:
    return lambda board: kpi_answers(board, period)


async def test_questions_that_come_at_once_are_answered_as_if_each_were_alone(
    told: Told, moments: list[Moment]
) -> None:
    questions = [(moment, period) for moment in moments[:3] for period in PERIODS]
    alone = [await Answers(told, 1, boards=1).ask(moment, scorecard(period)) for moment, period in questions]

    told.read.clear()
    answers = Answers(told, 1, boards=2)
    at_once = [answers.ask(moment, scorecard(period)) for moment, period in questions]

    assert await asyncio.gather(*at_once) == alone
    assert len(told.read) == sum(len({group for at, group in told.read if at == each.positions}) for each in moments)


async def test_what_was_read_of_a_moment_is_not_read_again(told: Told, moments: list[Moment]) -> None:
    answers = Answers(told, 1, boards=1)
    for period in PERIODS:
        await answers.ask(moments[0], scorecard(period))
    groups = [group for _, group in told.read]
    assert len(groups) == len(set(groups)) > 0

    told.read.clear()
    for period in PERIODS:
        await answers.ask(moments[0], scorecard(period))
    assert told.read == []


async def test_no_more_moments_are_kept_than_is_said(told: Told, moments: list[Moment]) -> None:
    answers = Answers(told, 1, boards=2)
    for moment in (moments[0], moments[1], moments[0], moments[2]):
        await answers.ask(moment, scorecard(PERIODS[0]))

    told.read.clear()
    await answers.ask(moments[0], scorecard(PERIODS[0]))
    assert told.read == []
    await answers.ask(moments[1], scorecard(PERIODS[0]))
    assert told.read


async def test_the_same_positions_seen_from_another_day_are_another_moment(
    state: SqlState, moments: list[Moment]
) -> None:
    answers = Answers(state, 1, boards=2)
    later = Moment(moments[0].time + 86_400_000_000, moments[0].positions, fixed=True)

    def day(board: Board) -> Any:
        return board.day

    assert (await answers.ask(moments[0], day), await answers.ask(later, day)) == (moments[0].day, later.day)


async def test_nothing_is_kept_of_a_question_that_is_asked_apart(told: Told, moments: list[Moment]) -> None:
    answers = Answers(told, 1, boards=1)
    await answers.ask_apart(moments[0], scorecard(PERIODS[0]))
    read = list(told.read)

    told.read.clear()
    await answers.ask(moments[0], scorecard(PERIODS[0]))
    assert sorted(map(str, told.read)) == sorted(map(str, read))


async def test_a_defect_in_the_middle_of_a_question_is_told_to_nobody_as_an_answer(
    state: SqlState, moments: list[Moment], monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = await Answers(state, 1, boards=1).ask(moments[0], scorecard(PERIODS[0]))
    answers = Answers(state, 1, boards=1)
    figure, turn = Share.figure, count()

    def failing(self: Share, parts: Mapping[Address, Part]) -> Figure:
        if next(turn) == 1:
            raise ValueError("a defect")
        return figure(self, parts)

    with monkeypatch.context() as broken:
        broken.setattr(Share, "figure", failing)
        with pytest.raises(ValueError, match="a defect"):
            await answers.ask(moments[0], scorecard(PERIODS[0]))
    assert await answers.ask(moments[0], scorecard(PERIODS[0])) == alone


async def test_what_a_question_does_not_find_is_no_harm_to_the_next(state: SqlState, moments: list[Moment]) -> None:
    answers = Answers(state, 1, boards=1)
    for _ in range(2):
        with pytest.raises(NotFound, match="2031"):
            await answers.ask(moments[0], scorecard("2031"))
    alone = await Answers(state, 1, boards=1).ask(moments[0], scorecard(PERIODS[0]))
    assert await answers.ask(moments[0], scorecard(PERIODS[0])) == alone


async def test_who_goes_away_takes_nothing_from_who_waits_for_the_same(told: Told, moments: list[Moment]) -> None:
    # given
    answers = Answers(told, 1, boards=1)
    told.hinders = asyncio.Event()
    gone, stays = (asyncio.create_task(answers.ask(moments[0], scorecard(PERIODS[0]))) for _ in range(2))
    while not told.read:  # noqa: ASYNC110 -- the loop's own turns
        await asyncio.sleep(0)

    # when
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    told.hinders.set()

    # then
    assert await stays == await Answers(told, 1, boards=1).ask(moments[0], scorecard(PERIODS[0]))


async def test_a_database_that_fails_fails_all_who_wait_at_once_and_the_next_asks_it_again(
    told: Told, moments: list[Moment]
) -> None:
    # given
    answers = Answers(told, 1, boards=1)
    told.fails, told.hinders = True, asyncio.Event()
    waiting = [asyncio.create_task(answers.ask(moments[0], scorecard(period))) for period in PERIODS]
    while not told.read:  # noqa: ASYNC110 -- the loop's own turns
        await asyncio.sleep(0)

    # when
    told.hinders.set()
    failed = await asyncio.gather(*waiting, return_exceptions=True)

    # then
    assert [type(error) for error in failed] == [OSError] * len(PERIODS)
    assert len(told.read) == len(FRAME), "it was asked again and again"
    told.fails = False
    assert await answers.ask(moments[0], scorecard(PERIODS[0]))


async def test_nothing_is_loaded_any_more_once_it_is_stopped(told: Told, moments: list[Moment]) -> None:
    answers = Answers(told, 1, boards=1)
    told.hinders = asyncio.Event()
    waiting = asyncio.create_task(answers.ask(moments[0], scorecard(PERIODS[0])))
    while not told.read:  # noqa: ASYNC110 -- the loop's own turns
        await asyncio.sleep(0)
    await answers.stop()
    with pytest.raises(asyncio.CancelledError):
        await waiting
