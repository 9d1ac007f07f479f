"""Courses: random ways by which projectors come to have folded a history, and what can happen to them on the way.

Two projectors share a database, each over connections of its own, as two processes do. What they fold when, in what
batches and out of which log is drawn; and so is when one of them is ended, offered again what is folded already,
overtaken by the other, or loses the database in the middle of a transaction.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import pytest
from hypothesis import strategies as st
from sqlalchemy import Engine, event, select
from sqlalchemy.ext.asyncio import AsyncEngine

from folding import Events, in_memory
from kpi_projector.cell_rows import group_of
from kpi_projector.piece import Overtaken
from kpi_projector.schema import CELL
from kpi_projector.state import SqlState
from wco_common.engine import DatabaseSettings, create_engine
from wco_common.writer import CommitInDoubt, NotCommitted
from wco_events.event_type import LOG_NAMES, LogName
from wco_kpi.group import GroupId

Deed = Literal[
    "fold", "work ahead", "offer again", "leave a gap", "race", "break off", "lose the commit", "cancel", "restart"
]  # fmt: skip
DEEDS: tuple[Deed, ...] = (
    "fold", "fold", "work ahead", "offer again", "leave a gap", "race", "break off", "lose the commit", "cancel",
    "restart",
)  # fmt: skip
"""What can be next in a course; to fold comes more often, so that a course gets on."""

PATIENT = DatabaseSettings(lock_timeout=60)
"""Of two who fold at once one waits for the other, however long that takes."""

STATEMENTS = 3
"""Every fold sends as many at least: it moves the position, counts the log's cells, and adds the events."""


@dataclass(frozen=True, slots=True)
class Step:
    """What the projector `who` does with up to `size` next events of a log; `turn` is for what is to go wrong."""

    deed: Deed
    who: int
    log: LogName
    size: int
    turn: int


courses = st.lists(
    st.builds(
        Step,
        st.sampled_from(DEEDS),
        st.integers(0, 1),
        st.sampled_from(LOG_NAMES),
        st.integers(1, 9),
        st.integers(0, 15),
    ),
    max_size=20,
)


class Projectors:
    """Two projectors' states over one database."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._settings = PATIENT
        self._opened: list[tuple[AsyncEngine, SqlState]] = [self._open(), self._open()]

    def __getitem__(self, who: int) -> SqlState:
        return self._opened[who][1]

    def _open(self) -> tuple[AsyncEngine, SqlState]:
        engine = create_engine(self.url, self._settings)
        return engine, SqlState(engine, self._settings)

    async def close(self, who: int) -> None:
        """End a projector."""
        engine, state = self._opened[who]
        await state.aclose()
        await engine.dispose()

    async def restart(self, who: int) -> None:
        """End a projector, and start it anew."""
        await self.close(who)
        self._opened[who] = self._open()

    async def take(self, step: Step, events: Events) -> None:
        """Take a step, and demand that the position is where it has to be after it."""
        state, log = self[step.who], step.log
        at = (await state.positions())[log]
        following = events[log][at : at + step.size]
        after = {at}
        match step.deed:
            case "restart":
                await self.restart(step.who)
            case "offer again" if at:
                begin = step.turn % at
                with pytest.raises(Overtaken):
                    await state.fold(log, begin, events[log][begin : begin + step.size])
            case "leave a gap" if following[1:]:
                with pytest.raises(Overtaken):
                    await state.fold(log, at + 1, following[1:])
            case "race" if following:
                others = events[log][at : at + step.turn + 1]
                results = await asyncio.gather(
                    state.fold(log, at, following), self[1 - step.who].fold(log, at, others), return_exceptions=True
                )
                (lost,) = [result for result in results if result is not None]
                assert isinstance(lost, Overtaken)
                after = {at + len(following if results[0] is None else others)}
            case "break off" if following:
                with failing_at(step.turn) as failed:
                    after = await _tried(state, log, at, following)
                assert failed() or step.turn >= STATEMENTS
                assert not failed() or after == {at}
            case "work ahead" if following[1:]:
                await state.work_out(log, at, following[:1])
                with failing_at(step.turn):
                    written, worked_out = await asyncio.gather(
                        state.write(state.take(log)), state.work_out(log, at + 1, following[1:]), return_exceptions=True
                    )
                after = {at if written else at + 1}
                if written or worked_out:
                    with pytest.raises(Overtaken):
                        state.take(log)
                else:
                    await state.write(state.take(log))
                    after = {at + len(following)}
            case "lose the commit" if following:
                with failing_at_commit():
                    after = await _tried(state, log, at, following)
                assert after == {at}
            case "cancel" if following:
                folding = asyncio.create_task(state.fold(log, at, following))
                for _ in range(step.turn):
                    await asyncio.sleep(0)
                folding.cancel()
                await asyncio.wait([folding])
                # What went on without its caller has come to its end when the projector has.
                await self.restart(step.who)
                after = {at, at + len(following)}
            case "fold" if following:
                await state.fold(log, at, following)
                after = {at + len(following)}
        for each in (0, 1):
            assert (await self[each].positions())[log] in after, step

    async def finish(self, events: Events) -> None:
        """Fold whatever is left, in one batch a log, the projectors in turn."""
        for who, log in enumerate(LOG_NAMES):
            at = (await self[who % 2].positions())[log]
            if rest := events[log][at:]:
                await self[who % 2].fold(log, at, rest)


async def _tried(state: SqlState, log: LogName, at: int, following: Any) -> set[int]:
    """Try to fold, and return where the position is to be."""
    try:
        await state.fold(log, at, following)
    except (NotCommitted, CommitInDoubt):
        return {at}
    return {at + len(following)}


@asynccontextmanager
async def projectors(url: str) -> AsyncIterator[Projectors]:
    """Start two projectors over a database, and end them."""
    both = Projectors(url)
    try:
        yield both
    finally:
        await both.close(0)
        await both.close(1)


async def every_group(url: str, events: Events) -> set[GroupId]:
    """Return the groups of every cell that a state has a row of, and of every one that a replay of all events has."""
    engine = create_engine(url, DatabaseSettings())
    async with engine.connect() as connection:
        buckets = set(await connection.scalars(select(CELL.c.bucket)))
    await engine.dispose()
    memory = in_memory(events, {log: len(events[log]) for log in LOG_NAMES})
    memory.group("", "")
    assert memory._groups is not None
    return {group_of(bucket) for bucket in buckets} | set(memory._groups)


@contextmanager
def failing_at(statement: int) -> Iterator[Callable[[], bool]]:
    """Let a database be lost at a statement, counted from 0, whoever sends it; what is given says whether it was."""
    sent = 0

    def fail(*_: Any) -> None:
        nonlocal sent
        sent += 1
        if sent > statement:
            raise OSError("the database is lost")

    event.listen(Engine, "before_cursor_execute", fail)
    try:
        yield lambda: sent > statement
    finally:
        event.remove(Engine, "before_cursor_execute", fail)


@contextmanager
def failing_at_commit() -> Iterator[None]:
    """Let a database be lost just before it is told to commit."""

    def fail(*_: Any) -> None:
        raise OSError("the database is lost")

    event.listen(Engine, "commit", fail)
    try:
        yield
    finally:
        event.remove(Engine, "commit", fail)
