"""Recorded times and the closed time, whatever the clock does."""

import asyncio
import random

import pytest

from accounts import noted, opened
from settable_clock import SettableClock
from wco_common.event import decode_recorded
from wco_common.instant import format_instant, parse_instant
from wco_common.log import Head
from wco_common.problem import IdReused, Unavailable
from wco_common.sql_log import SqlLog


async def test_a_clock_that_steps_back_leaves_recorded_times_rising(log: SqlLog, clock: SettableClock) -> None:
    (first,) = await log.appender.append([noted("n")])
    clock.set("2020-01-01T00:00:00Z")
    (second,) = await log.appender.append([noted("n")])
    (third,) = await log.appender.append([noted("n")])
    clock.set("2024-07-01T00:00:00Z")
    (fourth,) = await log.appender.append([noted("n")])
    assert [receipt.recordedtime for receipt in (second, third)] == [first.recordedtime + 1, first.recordedtime + 2]
    assert format_instant(fourth.recordedtime) == "2024-07-01T00:00:00.000000Z"


async def test_while_the_clock_has_leapt_nothing_is_recorded(log: SqlLog, clock: SettableClock) -> None:
    await log.appender.append([noted("n", id="1")])
    head = await log.head()
    clock.leapt = 3600.0
    for dry_run in (False, True):
        with pytest.raises(Unavailable, match=r"leapt ahead by 3600\.0 s"):
            await log.appender.append([noted("n")], dry_run=dry_run)
    assert (await log.head(), await log.close()) == (head, head)
    # What needs no time goes on.
    (again,) = await log.appender.append([noted("n", id="1")])
    assert again.duplicate
    with pytest.raises(IdReused):
        await log.appender.append([opened("n", id="1")])
    clock.leapt = None
    (receipt,) = await log.appender.append([noted("n")])
    assert receipt.sequence == 2


async def test_to_close_a_log_raises_its_closed_time_to_the_clock(log: SqlLog, clock: SettableClock) -> None:
    assert await log.close() == Head(0, clock.time)
    assert await log.head() == Head(0, clock.time)
    clock.set("2024-06-26T13:00:00Z")
    (receipt,) = await log.appender.append([noted("n")])
    assert receipt.recordedtime == clock.time
    clock.set("2024-06-26T14:00:00Z")
    assert await log.close() == Head(1, clock.time)


async def test_what_is_recorded_after_a_close_is_later_though_the_clock_stands(
    log: SqlLog, clock: SettableClock
) -> None:
    head = await log.close()
    (receipt,) = await log.appender.append([noted("n")])
    assert receipt.recordedtime == head.closed + 1


async def test_to_close_with_a_clock_that_is_behind_leaves_the_closed_time(log: SqlLog, clock: SettableClock) -> None:
    head = await log.close()
    clock.set("2024-06-26T11:00:00Z")
    assert await log.close() == head


async def test_many_who_close_at_once_share_one_commit_with_those_who_append(log: SqlLog, clock: SettableClock) -> None:
    least = clock.time + 500
    (receipt,), closed = await asyncio.gather(
        log.appender.append([noted("n")]),
        asyncio.gather(log.close(), log.close(least), *(log.close() for _ in range(5))),
    )
    assert set(closed) == {Head(1, least)}
    assert receipt.recordedtime == clock.time


async def test_up_to_a_closed_time_nothing_is_ever_recorded_again_also_under_load_and_with_a_clock_that_jumps(
    log: SqlLog, clock: SettableClock
) -> None:
    chance = random.Random(1)
    heads: list[Head] = []
    noon = parse_instant("2024-06-26T12:00:00Z")

    async def append() -> None:
        for _ in range(15):
            clock.time = noon + chance.randint(-1_000, 1_000)
            await log.appender.append([noted("n") for _ in range(chance.randint(1, 3))])

    async def close() -> None:
        for _ in range(15):
            clock.time = noon + chance.randint(-1_000, 1_000)
            heads.append(await log.close())

    await asyncio.gather(*(append() for _ in range(6)), *(close() for _ in range(3)))
    times = [parse_instant(decode_recorded(line.body).recordedtime) for line in await log.read(0, 1_000)]
    assert times == sorted(times)
    for head in heads:
        assert all(time <= head.closed for time in times[: head.sequence])
        assert all(time > head.closed for time in times[head.sequence :])
