"""A log of accounts on PostgreSQL, its topics on a real broker, and relays between them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Any

import pytest

from accounts import LOG, Accounts
from wco_common.clock import SystemClock
from wco_common.commit import LogTransactions
from wco_common.engine import DatabaseSettings, create_engine
from wco_common.kafka import KafkaSettings
from wco_common.mark import Mark, decode_mark
from wco_common.migrate import upgrade
from wco_common.relay import Relay, RelaySettings
from wco_common.sql_log import SqlLog, open_log
from wco_common.topic_end import consuming, offsets, read
from wco_common.topics import events_topic, marks_topic
from wco_common.writer import writer

Relaying = Callable[[], AbstractAsyncContextManager[None]]
PATIENCE = 20.0


@pytest.fixture
async def log_url(database_url: str) -> str:
    """The URL of a database in which a log was born."""
    await upgrade(database_url, LOG)
    return database_url


@pytest.fixture
async def log(log_url: str) -> AsyncIterator[SqlLog]:
    async with open_log(LOG, log_url, Accounts(), SystemClock(5)) as log:
        yield log


@pytest.fixture
def relaying(log_url: str, kafka_settings: KafkaSettings) -> Relaying:
    """Has a relay run."""

    @asynccontextmanager
    async def run() -> AsyncIterator[None]:
        engine = create_engine(log_url, DatabaseSettings())
        writes = writer(engine, DatabaseSettings())
        transactions = LogTransactions(LOG, Accounts(), SystemClock(5))
        task = asyncio.create_task(Relay(transactions, engine, writes, kafka_settings, RelaySettings()).publish())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            await writes.aclose()
            await engine.dispose()

    return run


class Topics:
    """What the topics of the log hold."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._settings = settings

    async def events(self) -> list[Any]:
        return await self._records(events_topic(LOG, self._settings).name)

    async def marks(self) -> list[Mark]:
        return [decode_mark(record.value) for record in await self._records(marks_topic(self._settings).name)]

    async def marked(self, sequence: int) -> Mark:
        """Wait for a mark of at least that sequence."""
        async with asyncio.timeout(PATIENCE):
            while not (found := [mark for mark in await self.marks() if mark.sequence >= sequence]):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        return found[0]

    async def _records(self, topic: str) -> list[Any]:
        async with consuming(self._settings) as consumer:
            if topic not in await consumer.topics():
                return []
            within = await offsets(consumer, topic)
            return [record async for record in read(consumer, topic, within, PATIENCE)]


@pytest.fixture
def topics(kafka_settings: KafkaSettings) -> Topics:
    return Topics(kafka_settings)
