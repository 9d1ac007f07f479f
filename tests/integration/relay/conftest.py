"""A log of accounts on PostgreSQL, its topics on a real broker, and relays between them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from itertools import pairwise
from typing import Any

import pytest

from accounts import LOG, Accounts
from wco_common.clock import SystemClock
from wco_common.event import decode_recorded
from wco_common.instant import parse_instant
from wco_common.kafka import KafkaSettings
from wco_common.lease import LeaseSettings
from wco_common.mark import Mark, decode_mark
from wco_common.migrate import upgrade
from wco_common.relay import Relay, RelaySettings
from wco_common.relay_app import relaying as relay_running
from wco_common.settings import LogSettings
from wco_common.sql_log import SqlLog, open_log
from wco_common.topic_end import consuming, offsets, read
from wco_common.topics import events_topic, marks_topic

Relaying = Callable[..., AbstractAsyncContextManager[Relay]]
PATIENCE = 60.0
"""Seconds that a test waits for what is to come, on a machine that is busy with others."""

LEASE = LeaseSettings(seconds=30, renew_every=0.2, margin=0.5)
"""Of a relay that has no other beside it: to stand still for a while is not to lose it."""


@pytest.fixture
async def log_url(postgres_database: str) -> str:
    """The URL of a database in which a log was born."""
    await upgrade(postgres_database, LOG)
    return postgres_database


def opened_log(url: str) -> AbstractAsyncContextManager[SqlLog]:
    """Open the log in a database."""
    return open_log(LOG, url, Accounts(), SystemClock(5))


@pytest.fixture
async def log(log_url: str) -> AsyncIterator[SqlLog]:
    async with opened_log(log_url) as log:
        yield log


@pytest.fixture
def relaying(log_url: str, kafka_settings: KafkaSettings) -> Relaying:
    """Has a relay run, on another database or with some settings other than the usual."""

    def run(url: str = log_url, **settings: Any) -> AbstractAsyncContextManager[Relay]:
        settings = {"retry": 0.2} | settings
        return relay_running(LogSettings(database_url=url), kafka_settings, RelaySettings(log=LOG, **settings), LEASE)

    return run


async def until(what: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something is so. None of those that are asked here tells anybody."""
    async with asyncio.timeout(PATIENCE):
        while not await what():  # noqa: ASYNC110
            await asyncio.sleep(0.05)


class Topics:
    """What the topics of the log hold."""

    def __init__(self, settings: KafkaSettings) -> None:
        self.settings = settings
        self.of_events = events_topic(LOG, settings)
        self.of_marks = marks_topic(settings)

    async def events(self) -> list[Any]:
        """Every record of the log's topic."""
        return await self._records(self.of_events.name)

    async def marks(self) -> list[Mark]:
        return [decode_mark(record.value) for record in await self._records(self.of_marks.name)]

    async def marked(self, sequence: int) -> Mark:
        """Wait for a mark of at least that sequence, and return the first."""
        found: list[Mark] = []

        async def is_there() -> bool:
            found[:] = [mark for mark in await self.marks() if mark.sequence >= sequence]
            return bool(found)

        await until(is_there)
        return found[0]

    async def _records(self, topic: str) -> list[Any]:
        async with consuming(self.settings) as consumer:
            if topic not in await consumer.topics():
                return []
            within = await offsets(consumer, topic)
            return [record async for record in read(consumer, topic, within, PATIENCE)]


@pytest.fixture
def topics(kafka_settings: KafkaSettings) -> Topics:
    return Topics(kafka_settings)


def sequences(records: list[Any]) -> list[int]:
    return [int(decode_recorded(record.value).sequence) for record in records]


def first_of_each(records: list[Any]) -> list[Any]:
    """The records without repeats; seen to be in order, and repeats to be the same."""
    first: dict[int, Any] = {}
    for sequence, record in zip(sequences(records), records, strict=True):
        assert sequence <= len(first) + 1, f"{sequence} came before {len(first) + 1}"
        assert first.setdefault(sequence, record).value == record.value
    return list(first.values())


async def hold(log: SqlLog, topics: Topics, *, stopped: int = 0) -> None:
    """See that the topic has every event of the log in order, and that each mark was true of it.

    Of the relays `stopped` were stopped past their lease: each may have sent a mark late, and no more.
    """
    events = await topics.events()
    marks = await topics.marks()
    assert [record.value for record in first_of_each(events)] == [line.body for line in await log.read(0, 1_000_000)]
    in_time = [(mark.head.closed, mark.head.sequence) for mark in marks]
    assert sum(later < earlier for earlier, later in pairwise(in_time)) <= stopped
    times = [parse_instant(decode_recorded(record.value).recordedtime) for record in events]
    for mark in marks:
        assert mark.log_id == log.log_id
        below = sequences([record for record in events if record.offset < mark.offset])
        assert set(range(1, mark.sequence + 1)) <= set(below)
        beyond = [time for time, sequence in zip(times, sequences(events), strict=True) if sequence > mark.sequence]
        assert min(beyond, default=mark.closed + 1) > mark.closed
