"""A log service that takes requests and never answers holds up nothing that a relay says of its log."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from integration.projector_on_kafka.conftest import Recorded
from logs_on_kafka import PATIENCE, LogsOnKafka, projecting
from wco_common.clock import wall_time
from wco_common.instant import format_instant

_LONG = 10 * PATIENCE


@asynccontextmanager
async def silence() -> AsyncIterator[tuple[str, asyncio.Event]]:
    """An address where requests are taken and not answered until the event is set, which breaks them off."""
    over = asyncio.Event()

    async def take(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await over.wait()
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", over


async def test_a_moment_that_is_folded_is_answered_though_a_log_service_hangs(
    postgres_database: str, logs: LogsOnKafka, recorded: Recorded
) -> None:
    async with silence() as (address, over):
        clients = logs.clients().model_copy(update={"operations_feed": address, "answer_timeout": _LONG})
        async with projecting(postgres_database, logs.kafka, clients, wait=_LONG) as projector:
            await projector.folded(recorded.positions)
            now = format_instant(wall_time())
            try:
                async with asyncio.timeout(PATIENCE):
                    answer = await projector.get("v1/scorecard", period="2022-23", as_of=now)
            finally:
                over.set()
            assert answer["as_of"]["time"] == now
