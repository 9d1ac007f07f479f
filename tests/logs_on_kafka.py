"""Three logs with relays on a real broker, and projectors that fold them from there into one database."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec

from histories import History
from kpi_projector.app import KpiProjector
from kpi_projector.moment import Moment
from kpi_projector.program import projector
from kpi_projector.progress import within
from kpi_projector.settings import ProjectorSettings
from publishing import KeptInMemory
from system import database, restored, served
from wco_common.engine import DatabaseSettings
from wco_common.instant import Instant
from wco_common.kafka import KafkaSettings
from wco_common.lease import LeaseSettings
from wco_common.log_client import LogClientSettings
from wco_common.log_service import LogService
from wco_common.marks import Marks
from wco_common.relay import RelaySettings
from wco_common.relay_app import relaying
from wco_common.settings import LogSettings
from wco_common.span_export import NOT_EXPORTED, SpanExport
from wco_embedded.logs import LOGS
from wco_events.event_type import LOG_NAMES, LogName
from wco_kpi.board import Board
from wco_kpi.scorecard import group_answers, heading, kpi_answers

PATIENCE = 40.0
"""Seconds in which something happens that has to, on a machine that runs other tests at the same time."""

LEASE = LeaseSettings(seconds=2, renew_every=0.1, margin=0.2)
_NOBODY = "http://127.0.0.1:9"
NOWHERE = LogClientSettings(plan_registry=_NOBODY, survey_intake=_NOBODY, operations_feed=_NOBODY)
"""Where no service answers."""


class LogsOnKafka:
    """The logs as services that answer over HTTP, and the topics that they are carried into."""

    def __init__(
        self, kafka: KafkaSettings, services: dict[LogName, LogService], addresses: dict[LogName, str]
    ) -> None:
        self.kafka = kafka
        self.services = services
        self.addresses = addresses

    async def post(self, log: LogName, event: Mapping[str, Any], **headers: str) -> int:
        """Post an event, and return its sequence."""
        async with httpx.AsyncClient(timeout=PATIENCE) as client:
            answer = await client.post(
                f"{self.addresses[log]}/v1/events",
                content=json.dumps(event),
                headers={"content-type": "application/cloudevents+json", **headers},
            )
        assert answer.status_code in {200, 201}, answer.text
        return int(answer.json()["sequence"])

    async def launch(self, operation: str, **headers: str) -> int:
        """Record that an operation is launched, and return its sequence."""
        return await self.post(
            "operations-feed",
            {
                "specversion": "1.0",
                "id": f"launch-{operation}",
                "source": "urn:example:tests",
                "type": "org.wcoomd.operation.launched.v1",
                "subject": operation,
                "data": {"title": "t", "starts_on": "2023-01-01", "ends_on": "2023-01-31", "participants": []},
            },
            **headers,
        )

    def clients(self) -> LogClientSettings:
        """Settings by which the services are asked."""
        return LogClientSettings(
            plan_registry=self.addresses["plan-registry"],
            survey_intake=self.addresses["survey-intake"],
            operations_feed=self.addresses["operations-feed"],
            answer_timeout=PATIENCE,
            mark_timeout=PATIENCE,
        )


@asynccontextmanager
async def logs_on_kafka(
    folder: Path, kafka: KafkaSettings, history: History | None = None, spans: SpanExport = NOT_EXPORTED
) -> AsyncIterator[LogsOnKafka]:
    """Serve logs that hold a history."""
    await asyncio.to_thread(folder.mkdir, exist_ok=True)
    if history is not None:
        await restored(folder, history)
    async with AsyncExitStack() as stack:
        services = {
            log: await stack.enter_async_context(parts.service(LogSettings(database_url=database(folder, log)), spans))
            for log, parts in LOGS.items()
        }
        addresses = {log: await stack.enter_async_context(served(each.app)) for log, each in services.items()}
        yield LogsOnKafka(kafka, services, addresses)


@asynccontextmanager
async def relayed(
    folder: Path, kafka: KafkaSettings, logs: Iterable[LogName] = LOG_NAMES, spans: SpanExport = NOT_EXPORTED
) -> AsyncIterator[None]:
    """Have relays carry the logs in a folder meanwhile."""
    async with AsyncExitStack() as stack:
        for log in logs:
            settings = LogSettings(database_url=database(folder, log))
            await stack.enter_async_context(
                relaying(
                    settings,
                    kafka,
                    RelaySettings(log=log, retry=0.1, patience=5),
                    LEASE,
                    tracing=spans.of(f"relay-{log}"),
                )
            )
        yield


async def carried_whole(folder: Path, kafka: KafkaSettings, positions: Mapping[LogName, int]) -> None:
    """Have relays carry the logs in a folder up to some positions, and be gone."""
    async with relayed(folder, kafka), Marks(kafka, KeptInMemory(), retry=0.1) as marks, asyncio.timeout(PATIENCE):
        for log in LOG_NAMES:
            while True:
                moved = marks.moved
                mark = await marks.last(log)
                if mark is not None and mark.sequence >= positions[log]:
                    break
                await moved.wait()


class Projector:
    """A projector, asked over HTTP in memory."""

    def __init__(self, projector: KpiProjector, client: httpx.AsyncClient) -> None:
        self.it = projector
        self._client = client

    async def get(self, path: str, status: int = 200, **query: str) -> Any:
        answer = await self._client.get(path, params=query)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def metric(self, name: str, **labels: str) -> float:
        """What a metric says now."""
        said = ",".join(f'{label}="{value}"' for label, value in labels.items())
        text = (await self._client.get("metrics")).text
        wanted = f"{name}{{{said}}} " if said else f"{name} "
        return float(next(line for line in text.splitlines() if line.startswith(wanted)).removeprefix(wanted))

    async def folded(self, positions: Mapping[LogName, int]) -> None:
        """Return when at least so much is folded and closed beyond it."""
        progress = self.it.progress
        assert await progress.until(
            lambda: all(progress.positions[log] >= positions[log] for log in LOG_NAMES), within(PATIENCE)
        ), (progress.positions, progress.stopped)

    async def settled(self, time: Instant) -> None:
        """Return when all up to a time is folded."""
        progress = self.it.progress
        assert await progress.until(lambda: progress.now >= time, within(PATIENCE)), (
            progress.settled,
            progress.stopped,
        )


@asynccontextmanager
async def projecting(
    url: str, kafka: KafkaSettings, clients: LogClientSettings, spans: SpanExport = NOT_EXPORTED, **settings: Any
) -> AsyncIterator[Projector]:
    """Have a projector run, one of several perhaps."""
    usual: dict[str, Any] = {"retry": 0.1, "beat_every": 0.5, "wait": PATIENCE, "health_timeout": PATIENCE}
    chosen = ProjectorSettings(database_url=url, **usual | settings)
    it = projector(chosen, DatabaseSettings(), kafka, clients, LEASE, spans)
    async with it, httpx.AsyncClient(transport=httpx.ASGITransport(it.app), base_url="http://projector.test") as client:
        yield Projector(it, client)


def as_json(value: Any) -> Any:
    """What a client reads of an answer."""
    return json.loads(msgspec.json.Encoder(decimal_format="number").encode(value))


def scorecard(board: Board, moment: Moment, period: str) -> Any:
    """A period's scorecard as section 5 answers."""
    return as_json(heading(board, period) | {"as_of": moment.answer(), "kpis": kpi_answers(board, period)})


async def all_answers(projector: Projector, board: Board, as_of: str) -> list[tuple[str, Any]]:
    """What a projector answers as of a moment: every scorecard, and over the whole plan KPIs by every dimension."""
    answers = [
        (period, await projector.get("v1/scorecard", period=period, as_of=as_of)) for period in board.plan.windows
    ]
    for kpi, by in _dimensions(board):
        answer = await projector.get(f"v1/kpis/{kpi}", period=board.plan.id, by=by, as_of=as_of)
        answers.append((f"{kpi} by {by}", answer["groups"]))
    return answers


def all_replayed(board: Board, moment: Moment) -> list[tuple[str, Any]]:
    """The same by a replay."""
    return [(period, scorecard(board, moment, period)) for period in board.plan.windows] + [
        (f"{kpi} by {by}", as_json(group_answers(board, kpi, board.plan.id, by))) for kpi, by in _dimensions(board)
    ]


def _dimensions(board: Board) -> Iterator[tuple[str, str]]:
    for kpi, definition in board.plan.kpis.items():
        for by in definition.measure.dimensions:
            yield kpi, by
