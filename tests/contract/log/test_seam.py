"""What whoever follows a log relies on, wherever its events come from."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import pairwise

import pytest
from prometheus_client import CollectorRegistry

from account_service import asked
from accounts import LOG, Accounts, noted, opened, paid
from publishing import PATIENCE, KeptInMemory, carried
from settable_clock import SettableClock
from traces import TRACE
from wco_common.event import Event
from wco_common.kafka import KafkaSettings
from wco_common.kafka_log import KafkaLog
from wco_common.kafka_log_metrics import KafkaLogMetrics
from wco_common.log import Head, Line, Log
from wco_common.log_client import LogClient
from wco_common.marks import Marks
from wco_common.migrate import upgrade
from wco_common.sql_log import SqlLog, open_log
from wco_common.trace_context import NO_TRACE, TraceContext


class Followed:
    """A log as whoever follows it sees it, and what is recorded in it meanwhile."""

    def __init__(self, log: Log, recording: SqlLog) -> None:
        self.log = log
        self._recording = recording

    async def record(self, *events: Event, trace: TraceContext = NO_TRACE, dry_run: bool = False) -> None:
        await self._recording.appender.append(list(events), trace=trace, dry_run=dry_run)

    async def recorded(self, *events: Event, trace: TraceContext = NO_TRACE) -> Head:
        """Record events, and return the head once whoever follows has heard of them."""
        await self.record(*events, trace=trace)
        wanted, head = await self._recording.head(), await self.log.head()
        async with asyncio.timeout(PATIENCE):
            while head.sequence < wanted.sequence:
                head = await self.log.wait(head)
        return head


@dataclass
class Source:
    """Where a log is recorded, and by which Kafka it is followed, if by one."""

    url: str
    kafka: KafkaSettings | None = None


@pytest.fixture(params=["sqlite", "postgresql", "kafka"])
def source(request: pytest.FixtureRequest) -> Source:
    if request.param == "postgresql":
        return Source(request.getfixturevalue("postgres_database"))
    url = request.getfixturevalue("sqlite_url")
    return Source(url, request.getfixturevalue("kafka_settings") if request.param == "kafka" else None)


@pytest.fixture
async def followed(source: Source, clock: SettableClock) -> AsyncIterator[Followed]:
    await upgrade(source.url, LOG)
    async with AsyncExitStack() as stack:
        recording = await stack.enter_async_context(open_log(LOG, source.url, Accounts(), clock))
        if (settings := source.kafka) is None:
            yield Followed(recording, recording)
            return
        await stack.enter_async_context(carried(recording, settings))
        kept = KeptInMemory()
        marks = await stack.enter_async_context(Marks(settings, kept, retry=1))
        client = LogClient(LOG, await stack.enter_async_context(asked(recording, ahead=1e9)))
        log = KafkaLog(
            LOG, settings, marks, client, kept, kept.folded_log, KafkaLogMetrics(CollectorRegistry()), PATIENCE
        )
        stack.push_async_callback(log.aclose)
        yield Followed(log, recording)


def sequences(lines: Sequence[Line]) -> list[int]:
    return [line.sequence for line in lines]


async def test_a_log_in_which_nothing_is_recorded_is_at_0(followed: Followed) -> None:
    assert followed.log.name == LOG
    assert (await followed.log.head()).sequence == 0
    assert list(await followed.log.read(0, 10)) == []


async def test_it_is_read_in_order_after_a_position(followed: Followed) -> None:
    await followed.recorded(opened("a"), noted("b"), paid("a"), opened("b"), noted("a"), paid("a"))
    read = followed.log.read
    assert sequences(await read(0, 4)) == [1, 2, 3, 4]
    assert sequences(await read(4, 4)) == [5, 6]
    assert sequences(await read(6, 4)) == []


async def test_it_is_read_from_anywhere_again_and_again(followed: Followed) -> None:
    for number in range(3):
        await followed.recorded(*(noted(f"n{number}-{each}") for each in range(30)))
    whole = await followed.log.read(0, 1_000)
    assert sequences(whole) == list(range(1, 91))
    for after, limit in ((89, 5), (0, 7), (45, 90), (46, 1), (7, 20), (90, 3), (1, 88)):
        assert await followed.log.read(after, limit) == whole[after : after + limit]


async def test_several_read_it_at_once(followed: Followed) -> None:
    await followed.recorded(*(noted(f"n{number}") for number in range(40)))
    whole = await followed.log.read(0, 1_000)
    parts = await asyncio.gather(*(followed.log.read(after, 10) for after in (30, 0, 10, 20)))
    assert parts == [whole[after : after + 10] for after in (30, 0, 10, 20)]


async def test_an_event_comes_as_its_canonical_bytes_with_the_trace_that_it_came_with(followed: Followed) -> None:
    await followed.recorded(event := noted("n"), trace=TRACE)
    head = await followed.recorded(noted("n"))
    first, second = await followed.log.read(0, 10)
    assert first == Line(1, event.recorded(1, head.closed - 1, 1), *TRACE)
    assert second.trace == NO_TRACE


async def test_who_waits_is_woken_by_an_event_and_by_a_close(followed: Followed, clock: SettableClock) -> None:
    async with asyncio.timeout(PATIENCE):
        waiting = asyncio.create_task(followed.log.wait(Head(0, 0)))
        await followed.record(noted("n"))
        first = await waiting
        assert first == Head(1, clock.time)
        waiting = asyncio.create_task(followed.log.wait(first))
        clock.set("2024-06-26T13:00:00Z")
        await followed.log.close()
        assert await waiting == Head(1, clock.time)


async def test_who_is_behind_does_not_wait(followed: Followed) -> None:
    head = await followed.recorded(noted("n"))
    assert await followed.log.wait(Head(head.sequence - 1, head.closed)) == head
    assert await followed.log.wait(Head(head.sequence, head.closed - 1)) == head


async def test_nobody_is_woken_by_what_records_nothing(followed: Followed) -> None:
    head = await followed.recorded(noted("n"))
    waiting = asyncio.create_task(followed.log.wait(head))
    await followed.record(noted("n"), dry_run=True)
    assert not waiting.done()
    waiting.cancel()


async def test_to_close_it_raises_its_closed_time_to_the_clock(followed: Followed, clock: SettableClock) -> None:
    assert await followed.log.close() == Head(0, clock.time)
    assert await followed.log.head() == Head(0, clock.time)
    clock.set("2024-06-26T13:00:00Z")
    head = await followed.recorded(noted("n"))
    assert head == Head(1, clock.time)
    clock.set("2024-06-26T14:00:00Z")
    assert await followed.log.close() == Head(1, clock.time)


async def test_it_is_closed_up_to_what_another_has_closed_though_its_own_clock_is_behind(
    followed: Followed, clock: SettableClock
) -> None:
    least = clock.time + 500
    assert await followed.log.close(least) == Head(0, least)
    head = await followed.recorded(noted("n"))
    assert head == Head(1, least + 1)
    clock.set("2024-06-26T13:00:00Z")
    assert await followed.log.close(least) == Head(1, clock.time)


async def test_what_the_head_of_a_close_has_can_be_read(followed: Followed, clock: SettableClock) -> None:
    for number in range(1, 6):
        await followed.record(noted("n"), noted("n"))
        head = await followed.log.close()
        assert head.sequence == 2 * number
        assert len(await followed.log.read(0, 100)) == 2 * number


async def test_heads_never_go_back(followed: Followed, clock: SettableClock) -> None:
    heads = [await followed.log.head()]

    async def follow() -> None:
        while heads[-1].sequence < 20:
            heads.append(await followed.log.wait(heads[-1]))

    async with asyncio.timeout(PATIENCE):
        following = asyncio.create_task(follow())
        for number in range(20):
            clock.time += 1 + number % 3
            await followed.record(noted("n"))
            await followed.log.close()
        await following
    assert all(one.sequence <= other.sequence and one.closed < other.closed for one, other in pairwise(heads))
