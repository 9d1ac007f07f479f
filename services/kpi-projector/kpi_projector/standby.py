"""Standing by: following how far another instance has folded a log, so as to answer as it does."""

import asyncio
from contextlib import suppress

from kpi_projector.cannot_follow import FoldedAnew
from kpi_projector.progress import Progress
from kpi_projector.state import SqlState
from kpi_projector.turns import Turns
from wco_common.log import Log

_TURN_LOOKED_FOR = 0.25
"""Seconds after which it is looked whose turn it is though nothing has happened in the log."""


_FAR = 10_000
"""Events by which a log is far behind: so old are answers then that they may be so a little longer."""
_FAR_LONGER = 10
"""How many times as long it is until the next look then."""


async def stand_by(log: Log, state: SqlState, progress: Progress, turns: Turns, look_every: float) -> None:
    """Follow what another instance folds of a log, until it is this one's turn.

    How far the log is closed, its head says here as it does there; what of it is folded, the database that both share.
    """
    while True:
        moved = turns.moved
        if turns.has(log.name):
            return
        head = await log.head()
        stands = await state.standing(log.name)
        before = progress.positions[log.name]
        if stands.position < before:
            raise FoldedAnew(stands.position, before)
        # More events of the last one's commit, which share its time, may follow.
        settled = head.closed if stands.position >= head.sequence else max(stands.recorded_at - 1, 0)
        if stands.stopped is None:
            progress.advance(log.name, stands.position, settled)
        else:
            progress.begin(log.name, stands.position, settled)
            progress.stop(log.name, stands.stopped)
        behind = head.sequence - stands.position
        with suppress(TimeoutError):
            if behind > 0:
                async with asyncio.timeout(look_every * _FAR_LONGER if behind > _FAR else look_every):
                    await moved.wait()
            else:
                async with asyncio.timeout(_TURN_LOOKED_FOR):
                    await log.wait(head)
