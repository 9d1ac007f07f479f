"""The boards of the moments that were asked about last.

Who looks at a page asks of one moment for several periods and KPIs, and each of these reads much of what the others
do. What a board has loaded and worked out stays true, as a moment's answers do.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from datetime import date
from functools import partial
from typing import Any, TypeVar

from kpi_projector.moment import Moment
from kpi_projector.state import SqlState
from wco_common.problem import Problem
from wco_common.shared import Kept
from wco_events.event_type import LOG_NAMES
from wco_kpi.board import Board, UnknownKpi
from wco_kpi.frame import NoPlan, UnknownPeriod
from wco_kpi.loaded import Loaded

T = TypeVar("T")

Loading = Callable[[Coroutine[Any, Any, None]], "asyncio.Task[None]"]
"""Begins to load."""

_ANSWERS = (NoPlan, UnknownKpi, UnknownPeriod, Problem)
"""What a question raises that is an answer too."""


class BoardAt:
    """The board over the cells as of some positions, seen from a day: the cells are loaded as questions want them.

    Several may ask at once. What is missing is loaded once for all of them, and nobody is told of a board that lacks
    something.
    """

    def __init__(self, state: SqlState, moment: Moment, loading: Loading) -> None:
        self._state = state
        self._positions = moment.positions
        self._day = moment.day
        self._begin = loading
        self._loading: asyncio.Task[None] | None = None
        self._is_reading = False
        self._cells = Loaded()
        self._board: Board | None = None

    async def ask(self, question: Callable[[Board], T], reads: Callable[[Board], object] | None = None) -> T:
        """Return what a question of the board comes to. Raises what it raises, and NoPlan.

        `reads` reads what the question reads and costs less: it is asked until nothing is missing, and the question
        once.
        """
        if reads is not None:
            await self._ask(reads, _at_once)
        return await self._ask(question, _at_once)

    async def ask_on_thread(self, question: Callable[[Board], T]) -> T:
        """Return what a long question comes to. Nobody else may ask meanwhile."""
        return await self._ask(question, asyncio.to_thread)

    async def _ask(self, question: Callable[[Board], T], work: Callable[[Callable[[], T]], Awaitable[T]]) -> T:
        while True:
            # Until it is read what is missing, others may want more of it; then it is waited for.
            if (board := self._board) is not None and not self._is_reading:
                try:
                    result = await work(partial(question, board))
                except _ANSWERS:
                    raise
                except Exception:
                    # What it has left half done is told to nobody.
                    self._board = None
                    raise
                if not self._cells.wanted:
                    return result
            if self._loading is None:
                self._loading = self._begin(self._load())
            # Who goes away must not take from the others what is loaded for them too.
            await asyncio.shield(self._loading)

    async def _load(self) -> None:
        wanted, self._is_reading = set(self._cells.wanted), True
        try:
            self._cells.load(await self._state.groups(wanted, self._positions))
            if self._board is None:
                self._board = Board(self._cells, self._day)
            else:
                self._board.gained(wanted)
        finally:
            self._loading, self._is_reading = None, False


class Boards:
    """Boards by moment, so many of them kept."""

    def __init__(self, state: SqlState, most: int) -> None:
        self._state = state
        self._kept: Kept[tuple[date, tuple[int, ...]], BoardAt] = Kept(most)
        self._loading: set[asyncio.Task[None]] = set()

    def at(self, moment: Moment) -> BoardAt:
        """Return the board of a moment, which others ask too."""
        key = (moment.day, tuple(moment.positions[log] for log in LOG_NAMES))
        board = self._kept.get(key)
        if board is None:
            board = self.apart(moment)
            self._kept.keep(key, board)
        return board

    def apart(self, moment: Moment) -> BoardAt:
        """Return a board that nobody else asks, and of which nothing is kept."""
        return BoardAt(self._state, moment, self._begin)

    async def stop(self) -> None:
        """End what is being loaded."""
        for task in list(self._loading):
            task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await task

    def _begin(self, load: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        task = asyncio.create_task(load)
        self._loading.add(task)
        task.add_done_callback(self._end)
        return task

    def _end(self, task: "asyncio.Task[None]") -> None:
        self._loading.discard(task)
        if not task.cancelled():
            task.exception()  # where everybody has gone away, nobody asks why it failed


async def _at_once(work: Callable[[], T]) -> T:
    return work()
