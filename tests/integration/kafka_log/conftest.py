"""A log of accounts on SQLite, with a topic that holds what a test puts there."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import httpx
import pytest
from prometheus_client import CollectorRegistry

from account_service import asked
from accounts import LOG, Accounts, noted
from publishing import PATIENCE, KeptInMemory, Publisher, publisher
from wco_common.clock import SystemClock
from wco_common.kafka import KafkaSettings
from wco_common.kafka_log import KafkaLog
from wco_common.kafka_log_metrics import KafkaLogMetrics
from wco_common.log import Head, Line
from wco_common.log_client import LogClient
from wco_common.marks import Marks
from wco_common.migrate import upgrade
from wco_common.sql_log import SqlLog, open_log


@dataclass
class Topic:
    """A log's topic, the log that it should be of, and both as they are followed. It starts as a new process does."""

    recorded: SqlLog
    publisher: Publisher
    kafka: KafkaSettings
    client: httpx.AsyncClient
    stack: AsyncExitStack
    kept: KeptInMemory = field(default_factory=KeptInMemory)
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    metrics: KafkaLogMetrics = field(init=False)

    def __post_init__(self) -> None:
        self.metrics = KafkaLogMetrics(self.registry)

    async def events(self, number: int) -> list[Line]:
        """Record so many events, and return all of the log."""
        if number:
            await self.recorded.appender.append([noted(f"n{each % 7}") for each in range(number)])
        return list(await self.recorded.read(0, 100_000))

    async def mark(self) -> Head:
        """Say that all of the log is in the topic."""
        head = await self.recorded.close()
        await self.publisher.mark(head)
        return head

    async def followed(self, *, client: httpx.AsyncClient | None = None, mark_timeout: float = PATIENCE) -> KafkaLog:
        """The log as a process that starts now follows it."""
        marks = await self.stack.enter_async_context(Marks(self.kafka, self.kept, retry=0.05))
        asking = LogClient(LOG, client or self.client)
        log = KafkaLog(LOG, self.kafka, marks, asking, self.kept, self.kept.folded_log, self.metrics, mark_timeout)
        self.stack.push_async_callback(log.aclose)
        return log

    def counted(self, name: str) -> float:
        """What a metric of the log says."""
        return self.registry.get_sample_value(f"wco_kpi_topic_{name}_total", {"log": LOG}) or 0

    def reasons(self) -> list[str]:
        """Why records are in quarantine."""
        return [record.reason for record in self.kept.quarantine]


@pytest.fixture
async def topic(sqlite_url: str, kafka_settings: KafkaSettings) -> AsyncIterator[Topic]:
    await upgrade(sqlite_url, LOG)
    async with AsyncExitStack() as stack:
        recorded = await stack.enter_async_context(open_log(LOG, sqlite_url, Accounts(), SystemClock(5)))
        writing = await stack.enter_async_context(publisher(LOG, kafka_settings, recorded.log_id))
        client = await stack.enter_async_context(asked(recorded))
        yield Topic(recorded, writing, kafka_settings, client, stack)


@pytest.fixture
async def nobody() -> AsyncIterator[httpx.AsyncClient]:
    """A client of a service that is not there."""
    async with httpx.AsyncClient(transport=httpx.MockTransport(_refuse), base_url="http://nobody.test") as client:
        yield client


def _refuse(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("nobody is there", request=request)
