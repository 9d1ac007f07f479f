"""Following a log: read what is new, fold it, and say how far it is settled."""

import asyncio

import msgspec
import structlog
from sqlalchemy.exc import SQLAlchemyError

from kpi_projector.progress import Progress
from kpi_projector.state import SqlState
from kpi_projector.writing import Overtaken
from wco_common.event import RecordedEvent, decode_recorded
from wco_common.instant import parse_instant
from wco_common.log import Log
from wco_common.problem import Problem
from wco_common.writer import CommitInDoubt, NotCommitted
from wco_kpi.fold import Unfoldable

_log = structlog.get_logger(__name__)


async def follow(log: Log, state: SqlState, progress: Progress, *, batch: int, retry: float) -> None:
    """Fold a log for ever, `batch` events at most at a time.

    An event that cannot be folded stops the log just before it, in view: answers stay right and grow old. What a
    database or a log cannot do now is tried again every `retry` seconds.
    """
    while True:
        try:
            await _follow(log, state, progress, batch)
        except Overtaken:
            _log.info("another projector has folded on", log=log.name)
        except Unfoldable as error:
            _log.exception("the fold of a log has stopped", log=log.name)
            progress.stop(log.name, str(error))
            await asyncio.Event().wait()
        except msgspec.MsgspecError as error:
            _log.exception("a log gives what is no event", log=log.name)
            progress.stop(log.name, f"a line after {progress.positions[log.name]} is no event: {error}")
            await asyncio.Event().wait()
        except (SQLAlchemyError, NotCommitted, CommitInDoubt, OSError, Problem) as error:
            _log.exception("the fold of a log waits", log=log.name)
            progress.stop(log.name, f"{type(error).__name__}; it is tried again every {retry:g} s")
            await asyncio.sleep(retry)


async def _follow(log: Log, state: SqlState, progress: Progress, batch: int) -> None:
    position = (await state.positions())[log.name]
    # What is folded is answered, even if nothing more can be: all before the last event's time is there.
    progress.advance(log.name, position, max((await state.recorded_at(log.name, position) or 0) - 1, 0))
    head = await log.head()
    while True:
        while position < head.sequence:
            lines = await log.read(position, min(batch, head.sequence - position))
            events = [decode_recorded(line.body) for line in lines]
            try:
                position = await _fold(state, log, progress, events)
            except Unfoldable as error:
                if before := [event for event in events if int(event.sequence) < error.sequence]:
                    await _fold(state, log, progress, before)
                raise
        progress.advance(log.name, position, head.closed)
        head = await log.wait(head)


async def _fold(state: SqlState, log: Log, progress: Progress, events: list[RecordedEvent]) -> int:
    """Fold events, and return the position after them."""
    await state.fold(log.name, int(events[0].sequence) - 1, events)
    position = int(events[-1].sequence)
    # More events of the last one's commit, which share its time, may follow.
    progress.advance(log.name, position, parse_instant(events[-1].recordedtime) - 1)
    return position
