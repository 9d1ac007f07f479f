"""Following a log: read what is new, fold it, and say how far it is settled."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, suppress
from types import TracebackType
from typing import Self

import msgspec
import structlog
from sqlalchemy.exc import SQLAlchemyError

from kpi_projector.cannot_follow import AnotherLog, CannotFollow, NoEvent
from kpi_projector.piece import Overtaken, Piece
from kpi_projector.progress import Progress, within
from kpi_projector.spans import Spans
from kpi_projector.standby import stand_by
from kpi_projector.state import SqlState
from kpi_projector.turns import EVERY_TURN, Turns
from wco_common.ending import end
from wco_common.event import RecordedEvent
from wco_common.instant import parse_instant
from wco_common.log import Line, Log
from wco_common.problem import Problem
from wco_common.trace_context import TraceContext
from wco_common.writer import CommitInDoubt, NotCommitted
from wco_events.event_type import LogName
from wco_kpi.fold import Unfoldable
from wco_kpi.walk import Place

_log = structlog.get_logger(__name__)

_AT_A_TIME = 500
"""Events that are worked out before the next are read: what is made of them is still in the processor's cache then."""

_NO_EVENTS_FAULT = (Overtaken, SQLAlchemyError, NotCommitted, CommitInDoubt, OSError, Problem)
"""Why a fold fails that has nothing to do with what is folded."""


async def follow(
    log: Log,
    state: SqlState,
    progress: Progress,
    *,
    batch: int,
    retry: float,
    turns: Turns = EVERY_TURN,
    look_every: float = 0.02,
    fold_every: float = 0,
    spans: Spans | None = None,
) -> None:
    """Fold a log for ever, `batch` events at most at a time; while it is another instance's turn, follow that one.

    Between the beginnings of two folds of what is new lie `fold_every` seconds: what comes meanwhile shares a
    transaction, where each event alone would cost nearly as much.

    An event that cannot be folded stops the log just before it, in view: answers stay right and grow old. What a
    database or a log cannot do now, an event that is missing too, is tried again every `retry` seconds. How far
    another instance has come is looked up every `look_every` seconds while it is behind, more seldom while
    it is far behind.
    """
    spans = spans or Spans()
    while True:
        try:
            if turns.has(log.name):
                await _follow(log, state, progress, batch, turns, fold_every, spans)
            else:
                await stand_by(log, state, progress, turns, look_every)
        except Overtaken:
            _log.info("another projector has folded on", log=log.name)
        except (Unfoldable, NoEvent) as error:
            _log.exception("the fold of a log has stopped", log=log.name)
            progress.stop(log.name, str(error))
            with suppress(*_NO_EVENTS_FAULT):
                await state.stop(log.name, progress.positions[log.name], str(error))
            while turns.has(log.name):  # noqa: ASYNC110 -- a turn passes with time
                await asyncio.sleep(retry)
        except Exception as error:
            why = str(error) if isinstance(error, (CannotFollow, Problem)) else type(error).__name__
            why = f"{why}; it is tried again every {retry:g} s"
            if progress.stopped.get(log.name) != why:
                _log.exception("the fold of a log waits", log=log.name)
            progress.stop(log.name, why)
            await asyncio.sleep(retry)


async def _follow(
    log: Log, state: SqlState, progress: Progress, batch: int, turns: Turns, fold_every: float, spans: Spans
) -> None:
    position = await _begin(log, state, progress)
    head = await log.head()
    while turns.has(log.name):
        again = within(fold_every)
        if position < head.sequence:
            async with (
                _Folding(log.name, state, progress, batch, spans) as folding,
                aclosing(_ahead(log, position, head.sequence, min(batch, _AT_A_TIME))) as pieces,
            ):
                async for lines in pieces:
                    events, fault = _events(lines, position)
                    if events:
                        await folding.fold(events, [line.trace for line in lines[: len(events)] if line.traceparent])
                        position += len(events)
                    if fault is not None:
                        raise fault
                    if not turns.has(log.name):
                        break
        if head.sequence < position and not await _has(log, state, position):
            raise AnotherLog(position)
        if position < head.sequence:
            return
        progress.advance(log.name, position, head.closed)
        seen, head = head, await log.wait(head)
        if head.sequence > position and (rest := again - within(0)) > 0:
            await asyncio.sleep(rest)
            head = await log.wait(seen)


async def _ahead(log: Log, after: int, until: int, batch: int) -> AsyncGenerator[Sequence[Line], None]:
    """Yield the events after a position and up to another in pieces; while one is used, the next is read."""
    reading: asyncio.Future[Sequence[Line]] | None = None
    try:
        while after < until:
            lines = await (reading or log.read(after, min(batch, until - after)))
            reading, after = None, after + len(lines)
            if lines and after < until:
                reading = asyncio.ensure_future(log.read(after, min(batch, until - after)))
            yield lines
    finally:
        if reading is not None:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)


async def _begin(log: Log, state: SqlState, progress: Progress) -> int:
    """Return the position to fold on from, once it is sure that the log is the one that was folded up to there."""
    state.forget(log.name)  # another instance may have had the turn
    position = (await state.positions())[log.name]
    if position and not await _has(log, state, position):
        if progress.positions[log.name]:
            raise AnotherLog(position)
        _log.warning(
            "the log is not the one that was folded, as if a backup had taken its place; it is folded anew",
            log=log.name,
            folded=position,
        )
        await state.begin_anew(log.name, position)
        position = 0
    # What is folded is answered, even if nothing more can be: all before the last event's time is there.
    progress.begin(log.name, position, max((await state.recorded_at(log.name, position) or 0) - 1, 0))
    return position


async def _has(log: Log, state: SqlState, position: int) -> bool:
    """Say whether the log has the event that was folded last, at its place."""
    head = await log.head()
    if head.sequence < position:
        # Who hears of a log late may be behind the fold; the log itself, which is what closes, is not.
        head = await log.close()
    if head.sequence < position:
        return False
    events, fault = _events(await log.read(position - 1, 1), position - 1)
    if fault is not None:
        raise fault
    place = Place(log.name, position)
    folded = (await state.described([place])).get(place), await state.recorded_at(*place)
    return folded == ((events[0].source, events[0].id, events[0].subject), parse_instant(events[0].recordedtime))


def _events(lines: Sequence[Line], after: int) -> tuple[list[RecordedEvent], Exception | None]:
    """Return the events that follow a position without a gap, and what is wrong where that is not all."""
    events: list[RecordedEvent] = []
    for line in lines:
        place = after + len(events) + 1
        if line.sequence != place:
            break
        try:
            event = line.read()
        except (msgspec.MsgspecError, ValueError) as error:
            return events, NoEvent(place, str(error))
        if event.sequence != f"{place:016d}":
            return events, NoEvent(place, f"its sequence is {event.sequence}")
        events.append(event)
    if lines and len(events) == len(lines):
        return events, None
    return events, CannotFollow(f"event {after + len(events) + 1} is missing, though the log is longer")


class _Folding:
    """Folds events of a log: while some are written, `batch` at most at a time, the next are worked out.

    Left, all that it was given is folded, or it raises why not. Where an event cannot be, all before it are.
    """

    def __init__(self, log: LogName, state: SqlState, progress: Progress, batch: int, spans: Spans) -> None:
        self._log = log
        self._state = state
        self._progress = progress
        self._batch = batch
        self._spans = spans
        self._unwritten = 0
        self._traces: list[TraceContext] = []
        """Those that the unwritten events came with."""
        self._writing: asyncio.Task[None] | None = None

    async def fold(self, events: Sequence[RecordedEvent], traces: Sequence[TraceContext]) -> None:
        """Fold the next events, which came with some traces. Raises what became of those before."""
        if self._unwritten + len(events) > self._batch:
            await self._write()
        try:
            await self._work_out(events)
        except _NO_EVENTS_FAULT:
            raise
        except Exception as error:
            await self._write()
            await self._written()
            await self._fold_parts(events, error)
            return
        self._traces += traces

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None or isinstance(error, Exception):
                await self._write()
                await self._written()
        finally:
            if self._writing is not None:
                with suppress(Exception):  # it is left for another reason
                    await end(self._writing)

    async def _fold_parts(self, events: Sequence[RecordedEvent], error: Exception) -> None:
        """Fold events that cannot be folded together: all before the one at fault. Raises Unfoldable for that one."""
        if len(events) == 1:
            raise error if isinstance(error, Unfoldable) else Unfoldable(events[0], error)
        # Which one it is shows in ever smaller parts; and those before it are folded.
        middle = len(events) // 2
        await self.fold(events[:middle], ())
        await self.fold(events[middle:], ())

    async def _work_out(self, events: Sequence[RecordedEvent]) -> None:
        await self._state.work_out(self._log, int(events[0].sequence) - 1, events)
        self._unwritten += len(events)

    async def _write(self) -> None:
        """Begin to write what is worked out, once what was before is written."""
        await self._written()
        if self._unwritten:
            piece, traces = self._state.take(self._log), self._traces
            self._unwritten, self._traces = 0, []
            self._writing = asyncio.create_task(self._write_now(piece, traces), name=f"write {self._log}")

    async def _write_now(self, piece: Piece, traces: Sequence[TraceContext]) -> None:
        last = piece.stands.sequence
        with self._spans.fold(self._log, piece.at.sequence + 1, last, traces):
            await self._state.write(piece)
        # More events of the last one's commit, which share its time, may follow.
        self._progress.advance(self._log, last, piece.recorded_at - 1)

    async def _written(self) -> None:
        """Return once nothing is being written. Raises what has hindered it."""
        if (writing := self._writing) is not None:
            await asyncio.wait([writing])
            self._writing = None
            writing.result()
