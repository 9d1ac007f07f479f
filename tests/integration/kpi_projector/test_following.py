"""A log is followed to where it can be: what is no event, cannot be folded, is missing or is another's stops it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from structlog.testing import capture_logs

from kpi_projector.follow import follow
from kpi_projector.progress import Progress, within
from kpi_projector.state import SqlState
from kpi_projector.turns import EVERY_TURN, Turns
from listed_log import ListedLog
from sql_state import sql_state
from wco_common.canonical import canonical
from wco_common.log import Line
from wco_common.problem import Unavailable
from wco_events.event_type import LogName
from wco_kpi.walk import Place

LOG: LogName = "operations-feed"
LATER = 3600
"""Seconds between two tries, where a test is not about the second."""


@pytest.fixture
async def state(sqlite_url: str) -> AsyncIterator[SqlState]:
    async with sql_state(sqlite_url) as state:
        yield state


def event(place: int, **differently: Any) -> bytes:
    """A report of as many seizures as its place says, or something else."""
    data = {"operation": "op", "report": f"r{place}", "member": "KEN", "seizures": place}
    attributes = {
        "specversion": "1.0",
        "id": f"e{place}",
        "source": "urn:example:tests",
        "type": "org.wcoomd.seizure.reported.v1",
        "subject": f"op/r{place}",
        "sequence": f"{place:016d}",
        "recordedtime": f"2023-01-{place:02d}T00:00:00.000000Z",
        "subjectversion": 1,
        "data": data,
    }
    return canonical(attributes | differently)


def events(number: int, **differently: Any) -> list[bytes]:
    return [event(sequence, **differently) for sequence in range(1, number + 1)]


@asynccontextmanager
async def following(
    log: ListedLog,
    state: SqlState,
    progress: Progress | None = None,
    *,
    batch: int = 5,
    retry: float = LATER,
    turns: Turns = EVERY_TURN,
    look_every: float = 0.02,
) -> AsyncIterator[Progress]:
    """Follow a log for a while, as a service that starts, or with the progress of one that runs."""
    progress = progress or Progress([log])
    task = asyncio.create_task(
        follow(log, state, progress, batch=batch, retry=retry, turns=turns, look_every=look_every)
    )
    yield progress
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def stopped(progress: Progress) -> str:
    """Why the fold of the log has stopped, once it has."""
    assert await progress.until(lambda: LOG in progress.stopped, within(20))
    return progress.stopped[LOG]


async def folded(progress: Progress, position: int) -> bool:
    """Whether the fold comes to a position, and does not stand still there."""
    return await progress.until(lambda: progress.positions[LOG] == position and LOG not in progress.stopped, within(20))


async def seizures(state: SqlState, position: int) -> int:
    """How many seizures are reported, as the fold has added them up."""
    found = await state.groups([("operation", "op")], {"plan-registry": 0, "survey-intake": 0, LOG: position})
    return found["operation", "op"][""].sums["seizures"]


@pytest.mark.parametrize(
    "differently",
    [
        {"data": {"operation": "op"}},
        {"data": {"operation": "op", "report": "r3", "seizures": "three"}},
        {"recordedtime": "yesterday"},
    ],
    ids=["that lacks something", "that adds what is no number", "whose time is none"],
)
@pytest.mark.parametrize("batch", [1, 2, 7])
async def test_an_event_that_cannot_be_folded_stops_its_log_just_before_it(
    state: SqlState, differently: dict[str, Any], batch: int
) -> None:
    log = ListedLog(LOG, [*events(2), event(3, **differently), *events(7)[3:]])
    for _ in range(2):
        # The second time is a restart.
        async with following(log, state, batch=batch) as progress:
            assert (await stopped(progress)).startswith("event 3 (org.wcoomd.seizure.reported.v1, subject op/r3)")
            assert progress.positions[LOG] == 2
    assert await seizures(state, 7) == 1 + 2


async def test_of_several_such_events_the_first_is_named_whatever_is_wrong_with_it(state: SqlState) -> None:
    adds_no_number = event(3, data={"operation": "op", "report": "r3", "seizures": "three"})
    lacks_something = event(5, data={"operation": "op"})
    log = ListedLog(LOG, [*events(2), adds_no_number, event(4), lacks_something, event(6)])
    async with following(log, state, batch=6) as progress:
        assert (await stopped(progress)).startswith("event 3 ")
        assert progress.positions[LOG] == 2


@pytest.mark.parametrize(
    "line",
    [b"", b"{}", b"no JSON", b"[1]", b"\xff", event(4), event(3, sequence="three"), event(3, source=None)],
    ids=["empty", "of nothing", "of text", "a list", "of bytes", "of another place", "of no place", "of no source"],
)
async def test_a_line_that_is_no_event_of_its_place_stops_its_log_just_before_it(state: SqlState, line: bytes) -> None:
    log = ListedLog(LOG, [*events(2), line, *events(7)[3:]])
    async with following(log, state) as progress:
        assert (await stopped(progress)).startswith("the line at 3 is no event of that place: ")
        assert progress.positions[LOG] == 2
    assert await seizures(state, 7) == 1 + 2


@pytest.mark.parametrize("missing", [1, 4, 6, 7])
async def test_an_event_that_is_missing_is_named_and_the_fold_goes_on_once_it_is_there(
    state: SqlState, missing: int
) -> None:
    log = ListedLog(LOG, events(7))
    del log.lines[missing]
    async with following(log, state, retry=0.01) as progress:
        assert f"event {missing} is missing" in await stopped(progress)
        assert progress.positions[LOG] == missing - 1
        log.lines[missing] = Line(missing, event(missing))
        assert await folded(progress, 7)
    assert await seizures(state, 7) == sum(range(8))


async def test_a_log_whose_last_event_is_missing_when_it_is_followed_again_is_not_taken_for_another(
    state: SqlState,
) -> None:
    log = ListedLog(LOG, events(7))
    async with following(log, state) as progress:
        assert await folded(progress, 7)
    del log.lines[7]
    async with following(log, state) as progress:
        assert "event 7 is missing" in await stopped(progress)
    assert await seizures(state, 7) == sum(range(8))


@pytest.mark.parametrize(
    ("hindrance", "said"),
    [
        (Unavailable("the topic is gone"), "the topic is gone; it is tried again every 0.01 s"),
        (ConnectionResetError("by 10.0.0.1"), "ConnectionResetError; it is tried again every 0.01 s"),
        (ZeroDivisionError("division by zero"), "ZeroDivisionError; it is tried again every 0.01 s"),
    ],
    ids=["known", "of the system", "of a defect"],
)
async def test_whatever_hinders_a_log_is_said_and_it_is_tried_again(
    state: SqlState, hindrance: Exception, said: str
) -> None:
    log = ListedLog(LOG, events(7))
    log.hindrance = hindrance
    async with following(log, state, retry=0.01) as progress:
        assert await stopped(progress) == said
        log.hindrance = None
        assert await folded(progress, 7)


async def test_what_stands_still_stays_in_view_while_it_is_tried_again(state: SqlState) -> None:
    log = ListedLog(LOG, events(7))
    del log.lines[4]
    async with following(log, state, retry=0.001) as progress:
        await stopped(progress)
        for _ in range(20):
            async with asyncio.timeout(20):
                await progress.moved()
            assert LOG in progress.stopped


BACKUPS: dict[str, Sequence[bytes]] = {
    "shorter": events(3),
    "as long, with other events": [*events(3), *events(7, id="other")[3:]],
    "as long, recorded at other times": [*events(3), *events(7, recordedtime="2023-02-01T00:00:00.000000Z")[3:]],
    "longer, with other events": [*events(3), *events(9, id="other")[3:]],
    "empty": [],
}


@pytest.mark.parametrize("lines", BACKUPS.values(), ids=BACKUPS)
async def test_a_log_that_a_backup_has_taken_the_place_of_is_folded_anew(
    state: SqlState, lines: Sequence[bytes]
) -> None:
    async with following(ListedLog(LOG, events(7)), state) as progress:
        assert await folded(progress, 7)
    log = ListedLog(LOG, lines)
    with capture_logs() as told:
        async with following(log, state) as progress:
            assert await progress.until(lambda: bool(progress.settled[LOG]) or not lines, within(20))
            assert await folded(progress, len(lines))
            # What is recorded from then on is folded onto that.
            log.put([*lines, event(len(lines) + 1)])
            assert await folded(progress, len(lines) + 1)
    assert [line["log_level"] for line in told if "folded anew" in line["event"]] == ["warning"]
    assert await seizures(state, 99) == sum(range(len(lines) + 2))
    kept = await state.described([Place(LOG, sequence) for sequence in range(1, 20)])
    assert [place.sequence for place in kept] == list(range(1, len(lines) + 2))


async def test_the_state_of_the_other_logs_stays(state: SqlState) -> None:
    registry = ListedLog("plan-registry", events(4, type="org.wcoomd.action.started.v1"))
    async with following(registry, state) as progress:
        assert await progress.until(lambda: progress.positions["plan-registry"] == 4, within(20))
    async with following(ListedLog(LOG, events(7)), state) as progress:
        assert await folded(progress, 7)
    async with following(ListedLog(LOG, []), state) as progress:
        assert await progress.until(lambda: progress.settled[LOG] > 0, within(20))
    assert await state.positions() == {"plan-registry": 4, "survey-intake": 0, LOG: 0}
    assert await state.recorded_at("plan-registry", 4) is not None
    assert await state.recorded_at(LOG, 1) is None


async def test_a_log_that_changes_into_another_while_it_is_answered_stops_in_view(state: SqlState) -> None:
    log = ListedLog(LOG, events(7))
    async with following(log, state, retry=0.01) as progress:
        assert await folded(progress, 7)
        log.put(events(3))
        why = await stopped(progress)
        assert "is not the one that was folded up to 7" in why
        assert "start the service again" in why
        assert await seizures(state, 7) == sum(range(8))
        # Put back, it is followed again.
        log.put(events(8))
        assert await folded(progress, 8)


class LaterTurn:
    """A turn that comes when a test says so; `asked` is set once it was asked for by who stands by."""

    def __init__(self) -> None:
        self.moved = asyncio.Event()
        self.asked = asyncio.Event()
        self._times = 0

    def has(self, log: LogName) -> bool:
        self._times += 1
        if self._times > 1:  # the first one is asked for before
            self.asked.set()
        return self.moved.is_set()


async def test_who_stands_by_begins_to_fold_as_soon_as_its_turn_comes(state: SqlState) -> None:
    # given: it looks once an hour how far the other is
    log, turn = ListedLog(LOG, events(7)), LaterTurn()
    async with following(log, state, turns=turn, look_every=LATER) as progress:
        async with asyncio.timeout(20):
            await turn.asked.wait()
        # when
        turn.moved.set()
        # then
        assert await folded(progress, 7)
