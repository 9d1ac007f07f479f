"""Requests that wait for their commit: how many may, and what becomes of those whose callers leave."""

import asyncio

import pytest

from accounts import noted
from contract.log.conftest import Holding, Opening
from wco_common.append import AppendSettings
from wco_common.engine import DatabaseSettings
from wco_common.event import Receipt, decode_recorded
from wco_common.problem import TooManyRequests, Unavailable
from wco_common.sql_log import SqlLog

Appending = asyncio.Task[list[Receipt]]


def waiting(log: SqlLog, *ids: str) -> list[Appending]:
    """Requests, of an event each, that begin to wait as soon as others may run."""
    return [asyncio.create_task(log.appender.append([noted("n", id=id)])) for id in ids]


async def under_way(log: SqlLog, id: str) -> Appending:
    """A request whose commit has begun, and waits for the lock."""
    (task,) = waiting(log, id)
    await asyncio.sleep(0)
    while log.appender.events_waiting:  # noqa: ASYNC110 -- nothing tells when a request is taken
        await asyncio.sleep(0)
    return task


async def recorded(log: SqlLog) -> list[str]:
    return [decode_recorded(line.body).id for line in await log.read(0, 100)]


async def test_a_request_is_refused_when_too_many_events_wait_and_may_come_again(
    opening: Opening, held: Holding
) -> None:
    async with opening(settings=AppendSettings(events_waiting=3, retry_after=7)) as log:
        async with held():
            others = [await under_way(log, "0"), *waiting(log, "1", "2")]
            await asyncio.sleep(0)
            assert log.appender.events_waiting == 2
            with pytest.raises(TooManyRequests) as refused:
                await log.appender.append([noted("n"), noted("n")])
            assert refused.value.headers == {"Retry-After": "7"}
            others += waiting(log, "3")
            await asyncio.sleep(0)
            with pytest.raises(TooManyRequests):
                await log.appender.append([noted("n")])
        await asyncio.gather(*others)
        await log.appender.append([noted("n", id="4"), noted("n", id="5")])
        assert await recorded(log) == ["0", "1", "2", "3", "4", "5"]


async def test_a_batch_larger_than_the_queue_is_taken_when_nobody_waits(opening: Opening) -> None:
    async with opening(settings=AppendSettings(events_waiting=3)) as log:
        assert len(await log.appender.append([noted("n") for _ in range(5)])) == 5


async def test_a_request_whose_caller_leaves_before_its_commit_is_dropped(log: SqlLog, held: Holding) -> None:
    async with held():
        first = await under_way(log, "1")
        second, third = waiting(log, "2", "3")
        await asyncio.sleep(0)
        second.cancel()
        await asyncio.sleep(0)
    await asyncio.gather(first, third)
    assert await recorded(log) == ["1", "3"]
    assert log.appender.events_waiting == 0


async def test_a_commit_goes_on_when_a_caller_leaves(log: SqlLog, held: Holding) -> None:
    async with held():
        leaving = await under_way(log, "1")
        leaving.cancel()
        (staying,) = waiting(log, "2")
        await asyncio.sleep(0)
    assert leaving.cancelled()
    await staying
    assert await recorded(log) == ["1", "2"]
    # Whoever left and comes again is told the truth.
    (receipt,) = await log.appender.append([noted("n", id="1")])
    assert (receipt.sequence, receipt.duplicate) == (1, True)


async def test_who_waits_for_a_close_may_leave(log: SqlLog, held: Holding) -> None:
    async with held():
        leaving, staying = [asyncio.create_task(log.close()) for _ in range(2)]
        await asyncio.sleep(0)
        leaving.cancel()
    assert await staying == await log.head()


async def test_a_log_that_is_left_records_what_waits_and_takes_nothing_more(opening: Opening, held: Holding) -> None:
    async with opening() as log, held():
        requests = [await under_way(log, "1"), *waiting(log, "2", "3")]
        closing = asyncio.create_task(log.close())
        await asyncio.sleep(0)
    assert [task.result()[0].sequence for task in requests] == [1, 2, 3]
    assert closing.result().sequence == 3
    for late in (log.appender.append([noted("n")]), log.close()):
        with pytest.raises(Unavailable, match="about to stop"):
            await late


async def test_a_lock_that_another_holds_too_long_makes_the_log_unavailable_for_that_time(
    opening: Opening, held: Holding
) -> None:
    async with opening(database=DatabaseSettings(lock_timeout=0.1)) as log:
        async with held():
            for late in (log.appender.append([noted("n", id="1")]), log.close()):
                with pytest.raises(Unavailable, match="nothing was recorded"):
                    await late
        await log.appender.append([noted("n", id="2")])
        assert await recorded(log) == ["2"]
