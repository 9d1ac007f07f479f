"""Reading a log, following it, and asking after subjects."""

import asyncio
from collections.abc import Sequence

import pytest

from accounts import NOTED, OPENED, PAID, Accounts, noted, opened, paid
from settable_clock import SettableClock
from wco_common.log import Head, Line
from wco_common.sql_log import SqlLog, SubjectVersion, open_log


def sequences(lines: Sequence[Line]) -> list[int]:
    return [line.sequence for line in lines]


@pytest.fixture
async def six(log: SqlLog) -> SqlLog:
    await log.appender.append([opened("a"), noted("b"), paid("a"), opened("b"), noted("a"), paid("a")])
    return log


async def test_a_log_is_read_in_order_after_a_position(six: SqlLog) -> None:
    assert sequences(await six.read(0, 4)) == [1, 2, 3, 4]
    assert sequences(await six.read(4, 4)) == [5, 6]
    assert sequences(await six.read(6, 4)) == []


async def test_it_is_read_by_type_by_subject_and_by_both(six: SqlLog) -> None:
    assert sequences(await six.read(0, 9, type=PAID.type)) == [3, 6]
    assert sequences(await six.read(0, 9, subject="b")) == [2, 4]
    assert sequences(await six.read(1, 1, subject="a")) == [3]
    assert sequences(await six.read(0, 9, type=NOTED.type, subject="a")) == [5]
    assert sequences(await six.read(1, 9, type=OPENED.type, subject="a")) == []


async def test_one_event_is_read_by_its_position(six: SqlLog) -> None:
    lines = await six.read(0, 9)
    assert await six.event(3) == lines[2]
    assert isinstance(lines[2], Line)
    assert (await six.event(0), await six.event(7)) == (None, None)


async def test_a_subject_has_a_version_and_a_last_event_for_each_kind(six: SqlLog) -> None:
    assert await six.subject("account", "a") == SubjectVersion(3, 6)
    assert await six.subject("note", "a") == SubjectVersion(1, 5)
    assert await six.subject("account", "c") is None


async def test_who_waits_is_woken_by_an_event_and_by_a_close(log: SqlLog, clock: SettableClock) -> None:
    waiting = asyncio.create_task(log.wait(Head(0, 0)))
    await log.appender.append([noted("n")])
    first = await waiting
    assert first == Head(1, clock.time)
    waiting = asyncio.create_task(log.wait(first))
    clock.set("2024-06-26T13:00:00Z")
    await log.close()
    assert await waiting == Head(1, clock.time)


async def test_who_is_behind_does_not_wait(six: SqlLog) -> None:
    head = await six.head()
    assert await six.wait(Head(head.sequence - 1, head.closed)) == head
    assert await six.wait(Head(head.sequence, head.closed - 1)) == head


async def test_nobody_is_woken_by_what_records_nothing(six: SqlLog) -> None:
    waiting = asyncio.create_task(six.wait(await six.head()))
    await six.appender.append([noted("n")], dry_run=True)
    assert not waiting.done()
    waiting.cancel()


async def test_a_database_that_holds_another_log_is_not_opened(log_url: str, clock: SettableClock) -> None:
    with pytest.raises(ValueError, match="holds the log operations-feed, not survey-intake"):
        await open_log("survey-intake", log_url, Accounts(), clock).__aenter__()
