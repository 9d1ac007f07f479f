"""Filling an empty log with recorded lines."""

from collections.abc import Iterable
from typing import Any

import pytest
from sqlalchemy import select

from accounts import LOG, Accounts, admit, noted, opened, paid
from contract.log.conftest import Opening
from settable_clock import SettableClock
from wco_common.engine import DatabaseSettings, create_engine
from wco_common.event import Event
from wco_common.instant import Instant, parse_instant
from wco_common.log import Head
from wco_common.migrate import upgrade
from wco_common.problem import Conflict
from wco_common.restore import NotRestored, restore
from wco_common.schema import ENTITY, EVENT, SUBJECT
from wco_common.sql_log import SqlLog

NOON = parse_instant("2024-06-26T12:00:00Z")


def lines_of(*placed: tuple[Event, Instant, int]) -> list[bytes]:
    """The lines of events with their recorded times and versions."""
    return [
        event.recorded(sequence, recordedtime, version)
        for sequence, (event, recordedtime, version) in enumerate(placed, start=1)
    ]


A = [opened("a", id="1"), noted("a", id="2"), paid("a", id="3"), paid("a", id="4", amount=4)]
LINES = lines_of((A[0], NOON - 9, 1), (A[1], NOON - 9, 1), (A[2], NOON - 9, 2), (A[3], NOON - 5, 3))


async def restored(url: str, lines: Iterable[bytes], clock: SettableClock, closed: Instant | None = None) -> Head:
    return await restore(LOG, url, lines, decider=Accounts(), admit=admit, clock=clock, closed=closed)


async def contents(url: str) -> list[list[Any]]:
    engine = create_engine(url, DatabaseSettings())
    async with engine.connect() as connection:
        rows = [sorted((await connection.execute(select(table))).all(), key=str) for table in (EVENT, SUBJECT, ENTITY)]
    await engine.dispose()
    return [list(table) for table in rows]


async def test_a_restored_log_goes_on_where_the_lines_end(log_url: str, opening: Opening, clock: SettableClock) -> None:
    assert await restored(log_url, LINES, clock, closed=NOON - 2) == Head(4, NOON - 2)
    async with opening() as log:
        assert [line.body for line in await log.read(0, 10)] == LINES
        assert await log.head() == Head(4, NOON - 2)
        with pytest.raises(Conflict):
            await log.appender.append([paid("a", amount=-6)])
        clock.time = NOON - 3
        again, new = await log.appender.append([A[2], paid("a", amount=-5)])
        assert (again.duplicate, again.sequence, again.recordedtime) == (True, 3, NOON - 9)
        assert (new.sequence, new.subjectversion, new.recordedtime) == (5, 4, NOON - 1)


async def test_it_holds_the_same_as_the_log_that_the_lines_are_of(
    log: SqlLog, log_url: str, clock: SettableClock, tmp_path: Any
) -> None:
    await log.appender.append([opened("a"), opened("b"), noted("a"), paid("a", amount=7)])
    await log.appender.append([paid("a", amount=-3, to="b"), noted("c")])
    lines = [line.body + b"\n" for line in await log.read(0, 10)]
    clock.set("2024-06-26T13:00:00Z")
    other = f"sqlite+aiosqlite:///{tmp_path / 'other.sqlite'}"
    await upgrade(other, LOG)
    assert await restored(other, iter(lines), clock, closed=None) == await log.head()
    assert await contents(other) == await contents(log_url)


async def test_more_lines_than_are_inserted_at_once_are_restored(log_url: str, clock: SettableClock) -> None:
    lines = lines_of(*((noted("n"), NOON - 5, version) for version in range(1, 4_502)))
    assert await restored(log_url, lines, clock) == Head(4_501, NOON - 5)
    assert [row.version for row in (await contents(log_url))[1]] == [4_501]


async def test_no_lines_leave_an_empty_log_that_is_closed(log_url: str, opening: Opening, clock: SettableClock) -> None:
    assert await restored(log_url, [], clock, closed=NOON - 1) == Head(0, NOON - 1)
    async with opening() as log:
        assert await log.head() == Head(0, NOON - 1)


async def test_a_restored_log_is_another_log_than_the_empty_one_was(
    log_url: str, opening: Opening, clock: SettableClock
) -> None:
    async with opening() as log:
        # The empty log was closed up to now, which what is restored does not keep to.
        await log.close()
        log_id = log.log_id
    await restored(log_url, LINES, clock)
    async with opening() as log:
        assert log.log_id != log_id
        assert await log.head() == Head(4, NOON - 5)


async def test_a_log_that_has_events_is_not_restored_into(log: SqlLog, log_url: str, clock: SettableClock) -> None:
    await log.appender.append([noted("n")])
    with pytest.raises(NotRestored, match="is not empty: it has 1 events"):
        await restored(log_url, LINES, clock)
    assert (await log.head()).sequence == 1


BAD = {
    "a line that is no JSON": ([*LINES[:2], b"{"], "line 3: DecodeError"),
    "a line that lacks its time": ([b"{}"], "line 1: KeyError: 'recordedtime'"),
    "an empty line": ([LINES[0], b"", *LINES[1:]], "line 2"),
    "a line that is missing": ([LINES[0], *LINES[2:]], "line 2: .* sequence 2"),
    "a line that is there twice": ([LINES[0], *LINES], "line 2: .* sequence 2"),
    "a line in another form": ([LINES[0].replace(b'":', b'": ')], "line 1: .* not what the log records"),
    "a version that is skipped": (
        lines_of((A[0], NOON - 9, 1), (A[2], NOON - 9, 3)),
        "line 2: .* as version 2 of its subject",
    ),
    "a time that runs backwards": (
        lines_of((A[0], NOON - 5, 1), (A[1], NOON - 9, 1)),
        "line 2: .* before the line above",
    ),
    "a time that is still to come": (lines_of((A[0], NOON + 1, 1)), "line 1: .* still to come"),
    "an id used twice": (
        lines_of((A[0], NOON - 9, 1), (noted("b", id="1"), NOON - 9, 1)),
        "line 2: .* has used the id 1 before",
    ),
    "an event of another log": ([LINES[0].replace(b"account.opened", b"survey.opened")], "line 1: KeyError"),
    "data that are not valid": ([*LINES[:1], LINES[1].replace(b"owner", b"Owner")], "line 2: ValidationError"),
}


@pytest.mark.parametrize(("lines", "why"), BAD.values(), ids=BAD)
async def test_lines_that_no_log_recorded_leave_the_log_empty(
    log_url: str, clock: SettableClock, lines: list[bytes], why: str
) -> None:
    with pytest.raises(NotRestored, match=why):
        await restored(log_url, lines, clock)
    assert await contents(log_url) == [[], [], []]
    assert await restored(log_url, LINES, clock) == Head(4, NOON - 5)


@pytest.mark.parametrize("closed", [NOON - 6, NOON + 1])
async def test_a_log_is_not_closed_before_its_last_event_nor_in_the_future(
    log_url: str, clock: SettableClock, closed: Instant
) -> None:
    with pytest.raises(NotRestored, match="before its last event, or still to come"):
        await restored(log_url, LINES, clock, closed=closed)
    assert await contents(log_url) == [[], [], []]
