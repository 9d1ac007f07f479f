"""While no log can be written, as on a full disk, KPIs are answered as they were last settled.

What needs time to be closed is refused.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from system import PATIENCE, System, opened
from wco_events.event_type import LOG_NAMES

ALIGNMENT = "kpis/SP3.alignment"


async def deliver(system: System, activity: str) -> str:
    return await system.post(
        "operations-feed", "assistance.delivered", activity,
        title=activity, delivered_on="2023-01-10", members=[], aligned_with=["SO1"], delivered_by="other",
    )  # fmt: skip


@asynccontextmanager
async def nothing_written(folder: Path) -> AsyncIterator[None]:
    """Let every log refuse to be written."""

    def run(statement: str) -> None:
        for log in LOG_NAMES:
            with sqlite3.connect(folder / f"{log}.sqlite", timeout=PATIENCE) as connection:
                connection.execute(statement)
            connection.close()

    # A log that is being closed has its lock until this loop has gone on.
    await asyncio.to_thread(
        run, "CREATE TRIGGER full BEFORE UPDATE ON head BEGIN SELECT RAISE(ABORT, 'there is no room'); END"
    )
    yield
    await asyncio.to_thread(run, "DROP TRIGGER full")


async def test_what_is_settled_is_answered_while_nothing_can_be_written_and_all_goes_on_afterwards(
    tmp_path: Path,
) -> None:
    async with AsyncExitStack() as stack:
        system = await opened(stack, tmp_path)
        await system.adopt()
        place = await deliver(system, "first")
        settled = await system.get(ALIGNMENT, period="2022-23", after=place)
        async with nothing_written(tmp_path):
            assert await system.get(ALIGNMENT, period="2022-23") == settled
            assert await system.get(ALIGNMENT, period="2022-23", after=place) == settled
            assert await system.get(ALIGNMENT, period="2022-23", as_of=settled["as_of"]["time"]) == settled
            await system.get(f"{ALIGNMENT}/history", period="2022-23")
            now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
            refused = await system.get(ALIGNMENT, 503, period="2022-23", as_of=now)
            assert refused["type"] == "urn:wco-kpi:problem:unavailable"
            for log in LOG_NAMES:
                assert (await system.client.get(f"/{log}/v1/head")).status_code == 503
                assert (await system.client.get(f"/{log}/v1/events")).status_code == 200
        place = await deliver(system, "second")
        answer = await system.get(ALIGNMENT, period="2022-23", after=place)
        assert answer["kpi"]["denominator"] == "2"
