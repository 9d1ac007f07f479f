"""A log gets events back as they were recorded, by the rules that recorded them, or gets none."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Connection

from accounts import LOG, Accounts, admit, noted, opened, paid
from settable_clock import SettableClock
from traces import TRACE
from wco_common.engine import SQLITE_WRITES, DatabaseSettings, create_engine
from wco_common.log import Head, Line
from wco_common.mark import Mark
from wco_common.migrate import upgrade
from wco_common.sql_log import SqlLog, SubjectVersion, open_log
from wco_common.statements import lock_head, set_read_only
from wco_common.taking_back import NotHealed, TakingBack

ID = UUID(int=7)


@pytest.fixture
async def lines(tmp_path: Path, clock: SettableClock) -> Sequence[Line]:
    """What another log recorded, in five commits, the last with a trace."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'other.sqlite'}"
    await upgrade(url, LOG)
    async with open_log(LOG, url, Accounts(), clock) as other:
        await other.appender.append([opened("a", id="1"), paid("a", id="2")])
        await other.appender.append([paid("a", id="3", amount=5), opened("b", id="4")])
        clock.set("2024-06-27T12:00:00Z")
        await other.appender.append([paid("b", id="5")])
        await other.appender.append([noted("n", id="6")])
        await other.appender.append([paid("a", id="7")], trace=TRACE)
        return await other.read(0, 100)


class Lost:
    """A log that has lost events, and gets some back."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url, DatabaseSettings())
        self._taking = TakingBack(LOG, Accounts(), admit, Mark.of(LOG, ID, Head(7, 0), 7))

    async def take(self, lines: Sequence[Line]) -> int:
        return await self._run(lambda connection: self._taking.take(connection, lines))

    async def set_read_only(self, reason: str | None) -> None:
        def work(connection: Connection) -> int:
            lock_head(connection, LOG)
            set_read_only(connection, LOG, reason)
            return 0

        await self._run(work)

    async def _run(self, work: Callable[[Connection], int]) -> int:
        async with self._engine.execution_options(**{SQLITE_WRITES: True}).begin() as connection:
            return await connection.run_sync(work)

    async def aclose(self) -> None:
        await self._engine.dispose()


@pytest.fixture
async def lost(log_url: str) -> AsyncIterator[Lost]:
    lost = Lost(log_url)
    await lost.set_read_only("it has lost events")
    yield lost
    await lost.aclose()


async def test_events_come_back_to_the_byte_with_their_traces_versions_and_states(
    log: SqlLog, lost: Lost, lines: Sequence[Line]
) -> None:
    assert await lost.take(lines[:3]) == 3  # in the middle of a day, but between two commits
    assert await lost.take(lines[2:]) == 4  # what is there is seen to be the same
    assert await log.read(0, 100) == lines
    assert (await log.head()).closed > 0
    await lost.set_read_only(None)
    assert await log.subject("account", "a") == SubjectVersion(4, 7)
    (again,) = await log.appender.append([paid("a", id="3", amount=5)])
    assert (again.duplicate, again.sequence) == (True, 3)
    await log.appender.append([paid("a", amount=-7), paid("b", amount=-1)])


async def test_a_commit_of_then_may_come_back_in_two_parts(log: SqlLog, lost: Lost, lines: Sequence[Line]) -> None:
    for line in lines:
        assert await lost.take([line]) == 1
    assert await log.read(0, 100) == lines


async def test_an_empty_log_becomes_the_one_that_it_gets_its_events_from(
    log: SqlLog, log_url: str, clock: SettableClock, lost: Lost, lines: Sequence[Line]
) -> None:
    await lost.take(lines[:1])
    async with open_log(LOG, log_url, Accounts(), clock) as again:
        assert again.log_id == ID != log.log_id


def changed(line: Line, before: bytes, after: bytes) -> Line:
    assert before in line.body
    return replace(line, body=line.body.replace(before, after))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda lines: [*lines[:2], *lines[3:]], "event 4 of the topic is not what the log records there"),
        (lambda lines: [lines[0], changed(lines[1], b'"amount":1', b'"amount":-1'), *lines[2:]], "/data/amount"),
        (lambda lines: [lines[0], changed(lines[1], b'"subjectversion":2', b'"subjectversion":3')], "event 2 .* not"),
        (lambda lines: [lines[0], changed(lines[1], b'"id":"2"', b'"id":"1"')], "event 2 .* used the id 1 before|id"),
        (lambda lines: [*lines[:4], changed(lines[4], b"2024-06-27T", b"2023-06-27T")], "5 .* before the one above it"),
        (lambda lines: [lines[0], changed(lines[1], b'"recordedtime"', b'"recordedtimer"')], "event 2 .* no recorded"),
    ],
    ids=["missing", "against the rules", "another version", "an id twice", "back in time", "without a time"],
)
async def test_what_the_log_would_not_have_recorded_so_is_refused_and_nothing_of_it_recorded(
    log: SqlLog, lost: Lost, lines: Sequence[Line], change: Callable[[Sequence[Line]], list[Line]], why: str
) -> None:
    with pytest.raises(NotHealed, match=why):
        await lost.take(change(lines))
    assert (await log.head()).sequence == 0


async def test_what_differs_from_what_the_log_has_is_refused(log: SqlLog, lost: Lost, lines: Sequence[Line]) -> None:
    await lost.take(lines[:2])
    with pytest.raises(NotHealed, match="the topic has another event at 2 than the log"):
        await lost.take([changed(lines[1], b'"amount":1', b'"amount":2'), *lines[2:]])
    assert (await log.head()).sequence == 2


async def test_a_log_that_records_gets_nothing_back(log: SqlLog, lost: Lost, lines: Sequence[Line]) -> None:
    await lost.set_read_only(None)
    with pytest.raises(NotHealed, match="was healed meanwhile"):
        await lost.take(lines)
    assert (await log.head()).sequence == 0
