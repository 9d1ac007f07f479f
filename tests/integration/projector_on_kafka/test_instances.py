"""Several instances share the logs: one folds a log, the others answer as it does, whatever becomes of it."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import httpx

from integration.projector_on_kafka.conftest import Recorded
from logs_on_kafka import LEASE, PATIENCE, LogsOnKafka, Projector, all_answers, all_replayed, projecting
from wco_cluster.part import free_port
from wco_events.event_type import LOG_NAMES


async def turns(projector: Projector) -> list[str]:
    """The logs that an instance folds."""
    return [log for log in LOG_NAMES if await projector.metric("wco_kpi_fold_turn", log=log)]


async def shared(*projectors: Projector) -> list[list[str]]:
    """Which logs each instance folds, once each log is folded by one of them and each has its share."""
    async with asyncio.timeout(PATIENCE):
        while True:
            had = [await turns(projector) for projector in projectors]
            if sorted(log for each in had for log in each) == sorted(LOG_NAMES) and all(had):
                return had
            await asyncio.sleep(LEASE.renew_every)


async def answer_as_a_replay(logs: LogsOnKafka, recorded: Recorded, *projectors: Projector) -> None:
    """All instances answer as a replay of what the logs have now."""
    lines = {log: [line.body for line in await service.log.read(0, 100_000)] for log, service in logs.services.items()}
    now = Recorded(lines)
    assert now.positions != recorded.positions
    for projector in projectors:
        await projector.folded(now.positions)
        assert await all_answers(projector, now.board, now.as_of) == all_replayed(now.board, now.moment)


async def test_each_log_is_folded_by_one_of_them_and_answered_by_all(
    postgres_database: str, logs: LogsOnKafka, recorded: Recorded
) -> None:
    async with AsyncExitStack() as stack:
        first, second = [
            await stack.enter_async_context(projecting(postgres_database, logs.kafka, logs.clients())) for _ in range(2)
        ]
        await shared(first, second)
        for number in range(5):
            sequence = await logs.launch(f"op-{number}")
            one, other = await asyncio.gather(
                *(
                    each.get("v1/scorecard", period="2022-23", after=f"operations-feed:{sequence}")
                    for each in (first, second)
                )
            )
            assert one == other
        await answer_as_a_replay(logs, recorded, first, second)


async def test_what_one_leaves_another_takes(postgres_database: str, logs: LogsOnKafka, recorded: Recorded) -> None:
    async with projecting(postgres_database, logs.kafka, logs.clients()) as staying:
        await shared(staying)
        async with projecting(postgres_database, logs.kafka, logs.clients()) as leaving:
            await shared(staying, leaving)
        assert await shared(staying) == [list(LOG_NAMES)]
        for log in ("op-1", "op-2"):
            sequence = await logs.launch(log)
        await staying.get("v1/scorecard", period="2022-23", after=f"operations-feed:{sequence}")
        await answer_as_a_replay(logs, recorded, staying)


class Process:
    """An instance that is a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process, client: httpx.AsyncClient) -> None:
        self._process = process
        self.client = client

    def send(self, sent: signal.Signals) -> None:
        self._process.send_signal(sent)

    async def ended(self) -> int:
        async with asyncio.timeout(PATIENCE):
            return await self._process.wait()

    async def get(self, path: str, **query: str) -> httpx.Response:
        return await self.client.get(path, params=query)

    async def has_a_turn(self) -> None:
        """Return once it folds a log."""
        async with asyncio.timeout(PATIENCE):
            while not any(  # noqa: ASYNC110 -- another process
                line.startswith("wco_kpi_fold_turn{") and line.endswith(" 1.0")
                for line in (await self.get("metrics")).text.splitlines()
            ):
                await asyncio.sleep(LEASE.renew_every)


@asynccontextmanager
async def process(url: str, logs: LogsOnKafka) -> AsyncIterator[Process]:
    """Have an instance run as a program of its own, as it is run in a cluster."""
    clients = logs.clients()
    environment = {
        "WCO_KPI_PROJECTOR_DATABASE_URL": url,
        "WCO_KPI_PROJECTOR_WAIT": str(PATIENCE),
        "WCO_KPI_KAFKA_BOOTSTRAP_SERVERS": logs.kafka.bootstrap_servers,
        "WCO_KPI_KAFKA_TOPIC_PREFIX": logs.kafka.topic_prefix,
        "WCO_KPI_LEASE_SECONDS": str(LEASE.seconds),
        "WCO_KPI_LEASE_RENEW_EVERY": str(LEASE.renew_every),
        "WCO_KPI_LEASE_MARGIN": str(LEASE.margin),
        **{f"WCO_KPI_LOG_CLIENT_{name.upper()}": str(getattr(clients, name)) for name in clients.model_fields_set},
    }
    port = free_port()
    running = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "uvicorn", "--factory", "kpi_projector.program:app", "--port", str(port)),
        env={**os.environ, **environment},
    )
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE) as client:
            instance = Process(running, client)
            async with asyncio.timeout(PATIENCE):
                while not await _answers(instance):  # noqa: ASYNC110 -- another process
                    await asyncio.sleep(0.1)
            yield instance
    finally:
        if running.returncode is None:
            running.kill()
            await running.wait()


async def _answers(instance: Process) -> bool:
    try:
        return (await instance.get("livez")).status_code == 200
    except httpx.TransportError:
        return False


async def test_when_one_is_killed_another_takes_over_and_no_answer_is_another(
    postgres_database: str, logs: LogsOnKafka, recorded: Recorded
) -> None:
    async with (
        process(postgres_database, logs) as killed,
        projecting(postgres_database, logs.kafka, logs.clients()) as staying,
    ):
        await killed.has_a_turn()
        for number in range(30):
            sequence = await logs.launch(f"op-{number}")
            if number == 20:
                killed.send(signal.SIGKILL)
        assert await killed.ended() == -signal.SIGKILL
        assert await shared(staying) == [list(LOG_NAMES)]
        await staying.get("v1/scorecard", period="2022-23", after=f"operations-feed:{sequence}")
        await answer_as_a_replay(logs, recorded, staying)


async def test_one_that_is_stopped_past_its_turn_and_goes_on_changes_nothing(
    postgres_database: str, logs: LogsOnKafka, recorded: Recorded
) -> None:
    async with process(postgres_database, logs) as paused:
        await paused.has_a_turn()
        async with projecting(postgres_database, logs.kafka, logs.clients()) as staying:
            await staying.folded(recorded.positions)
            for _ in range(2):
                paused.send(signal.SIGSTOP)
                sequence = await logs.launch(f"op-{asyncio.get_running_loop().time()}")
                assert await shared(staying) == [list(LOG_NAMES)]
                place = f"operations-feed:{sequence}"
                answer = await staying.get("v1/scorecard", period="2022-23", after=place)
                paused.send(signal.SIGCONT)
                time = answer["as_of"]["time"]
                later = await paused.get("v1/scorecard", period="2022-23", as_of=time)
                assert later.json() == answer
                await paused.has_a_turn()
            await answer_as_a_replay(logs, recorded, staying)
