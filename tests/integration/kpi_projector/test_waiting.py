"""A request waits for all that it waits for, together, no longer than the setting says."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from hurried_loop import HurriedLoop
from kpi_projector.moments import Moments
from kpi_projector.progress import Progress
from kpi_projector.settings import ProjectorSettings
from listed_log import ListedLog
from settable_clock import SettableClock
from sql_state import sql_state
from wco_common.problem import NotReached
from wco_events.event_type import LOG_NAMES

WAIT = 60
LATE = 50
"""Seconds after which the first thing that is waited for is there; to wait as long again would be too long."""

SETTLED = 1_000


@asynccontextmanager
async def waiting(url: str) -> AsyncIterator[tuple[Moments, Progress]]:
    """Logs of seven events each, which nobody folds and which do not close."""
    logs = [ListedLog(log, [b""] * 7) for log in LOG_NAMES]
    progress = Progress(logs)
    settings = ProjectorSettings(database_url=url, wait=WAIT)
    async with sql_state(url) as state:
        yield Moments(logs, state, progress, SettableClock(), settings), progress


async def after_an_event(moments: Moments, by: float) -> None:
    """The event comes late, and then its log does not close."""
    await moments.asked({"after": ("operations-feed", 3)}, by)


async def at_two_times(moments: Moments, by: float) -> None:
    """The first is settled late, the second not at all."""
    await moments.at(SETTLED, by, "from")
    await moments.at(SETTLED + 1, by, "to")


@pytest.mark.parametrize(
    ("waits", "settled", "pointer"), [(after_an_event, 0, "/after"), (at_two_times, SETTLED, "/to")]
)
def test_the_waits_of_a_request_do_not_add_up(
    sqlite_url: str, waits: Callable[[Moments, float], Awaitable[None]], settled: int, pointer: str
) -> None:
    async def ask() -> None:
        async with waiting(sqlite_url) as (moments, progress):
            loop = asyncio.get_running_loop()
            asked = loop.time()
            for log in LOG_NAMES:
                loop.call_later(LATE, progress.advance, log, 3, settled)
            with pytest.raises(NotReached, match=f"within {WAIT} s") as late:
                await waits(moments, moments.deadline())
            assert [fault.pointer for fault in late.value.faults] == [pointer]
            assert loop.time() - asked == pytest.approx(WAIT)

    with asyncio.Runner(loop_factory=HurriedLoop) as runner:
        runner.run(ask())
