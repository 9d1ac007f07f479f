"""Answers: questions of the algebra, asked over the state as of a moment."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from kpi_projector.boards import Boards
from kpi_projector.moment import Moment
from kpi_projector.spans import Spans
from kpi_projector.state import SqlState
from wco_common.problem import NotFound, PlanNotAdopted
from wco_events.event_type import LOG_NAMES
from wco_events.fault import Fault
from wco_kpi.board import Board, UnknownKpi
from wco_kpi.changes import Sight, Touched, changes, differing, sights, touched
from wco_kpi.frame import NoPlan, UnknownPeriod
from wco_kpi.group import GroupId
from wco_kpi.loaded import Loaded
from wco_kpi.walk import Move, Walk, in_order
from wco_kpi.wanting import want

T = TypeVar("T")


class Answers:
    """Asks the algebra. Raises PlanNotAdopted and NotFound where there is nothing to ask about."""

    def __init__(self, state: SqlState, stretch: int, *, boards: int, spans: Spans | None = None) -> None:
        """Look at `stretch` events of a log in one go, and keep the `boards` of so many moments."""
        self._state = state
        self._stretch = stretch
        self._boards = Boards(state, boards)
        self._spans = spans or Spans()

    async def stop(self) -> None:
        """End the work that is under way."""
        await self._boards.stop()

    async def ask(
        self, moment: Moment, question: Callable[[Board], T], reads: Callable[[Board], object] | None = None
    ) -> T:
        """Return what a question of the board comes to as of a moment; one that does not take long.

        `reads` reads what the question reads and costs less.
        """
        with self._spans.answer(moment), _told():
            return await self._boards.at(moment).ask(question, reads)

    async def ask_apart(self, moment: Moment, question: Callable[[Board], T]) -> T:
        """Return what a long question comes to, which reads what no other does; nothing of it is kept.

        It is worked out on a thread, so that others are answered meanwhile.
        """
        with self._spans.answer(moment), _told():
            return await self._boards.apart(moment).ask_on_thread(question)

    async def over(
        self,
        since: Moment,
        until: Moment,
        question: Callable[[Loaded, list[Move]], T],
        reads: Callable[[Loaded], None],
    ) -> T:
        """Return what a question comes to of the cells as of a moment and of what moved them until another.

        `reads` reads of some cells what the question would read of them on its way.
        """
        start = Loaded()
        # What is read on the way is loaded before it, so that the way itself is gone once, not thrice.
        start.wanted |= (await self._read_at(until, reads)).groups.keys()
        while True:
            start.load(await self._state.groups(start.wanted, since.positions))
            moves = await self._state.moves(start.groups.keys(), since.positions, until.positions)
            # On a thread: a long way must not keep other requests waiting.
            result, wanted = await asyncio.to_thread(_gone, question, start, moves)
            if not wanted:
                return result
            start.wanted = wanted

    async def _read_at(self, moment: Moment, reads: Callable[[Loaded], None]) -> Loaded:
        """Return the cells that are read as of a moment."""
        cells = Loaded()
        while cells.wanted:
            cells.load(await self._state.groups(cells.wanted, moment.positions))
            await asyncio.to_thread(reads, cells)
        return cells

    async def stretches(
        self, since: Moment, until: Moment, first: int | None = None
    ) -> AsyncIterator[tuple[Moment, Moment]]:
        """Yield the stretches from a moment to another, each of a bounded number of events.

        Who may need the beginning alone says how many events are the `first` stretch; each next one has twice as many.
        """
        size = min(first or self._stretch, self._stretch)
        while since.positions != until.positions:
            time = until.time
            for log in LOG_NAMES:
                sequence = since.positions[log] + size
                if sequence < until.positions[log]:
                    time = min(time, await self._state.recorded_at(log, sequence) or time)
            if time == until.time:
                break
            cut, _ = await self._state.cut(time)
            # Moments that are positions need not be a cut in time: no stretch leads out of what lies between them.
            positions = {log: max(since.positions[log], min(until.positions[log], cut[log])) for log in LOG_NAMES}
            middle = Moment(time, positions, fixed=True)
            yield since, middle
            since, size = middle, min(2 * size, self._stretch)
        yield since, until

    async def touched(self, since: Moment, until: Moment, kpis: Sequence[str], periods: Sequence[str]) -> Touched:
        """Return what the events between two moments touched of some KPIs in some periods."""
        result = Touched({}, {})
        async for start, end in self.stretches(since, until):

            def tell(cells: Loaded, moves: list[Move], start: Moment = start) -> Touched:
                return touched(cells, start.day, periods, moves, kpis)

            def read(cells: Loaded, start: Moment = start, end: Moment = end) -> None:
                Walk(cells, start.day, kpis, periods).read_until(end.day)

            result.add(await self.over(start, end, tell, read))
        return result

    async def changes(self, since: Moment, until: Moment, period: str) -> list[dict[str, Any]]:
        """Return the KPIs that differ between two moments, with why and by which events."""
        was = await self.sights(since, period)
        later = was if since.day == until.day else await self.sights(since.seen_from(until), period)
        now = await self.sights(until, period)
        facts = (await self.touched(since, until, differing(was, now), [period])).facts
        return changes(was, later, now, {kpi: places for (kpi, _), places in facts.items()})

    async def sights(self, moment: Moment, period: str) -> dict[str, Sight]:
        """Return a period's KPIs at a moment."""
        return await self.ask(
            moment, lambda board: sights(board, period), lambda board: want(board, board.plan.kpis, period)
        )


def _gone(question: Callable[[Loaded, list[Move]], T], start: Loaded, moves: list[Move]) -> tuple[T, set[GroupId]]:
    """Return what a question comes to of cells and of what moves them, and what it wanted of them beside."""
    cells = start.copy()
    return question(cells, in_order(moves)), cells.wanted


@contextmanager
def _told() -> Iterator[None]:
    """Tell what the algebra cannot find as the problem that it is."""
    try:
        yield
    except NoPlan as error:
        raise PlanNotAdopted("no plan was adopted by that moment") from error
    except UnknownKpi as error:
        raise NotFound(str(error)) from error
    except UnknownPeriod as error:
        raise NotFound(str(error), [Fault("/period", str(error))]) from error
