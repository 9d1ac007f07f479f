"""A fold that cannot go on stops just before the event, in view; answers stay right and grow old."""

import sqlite3
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

from system import System, opened
from wco_common.event import decode_recorded


async def launch(system: System, operation: str) -> str:
    return await system.post(
        "operations-feed", "operation.launched", operation,
        title=operation, starts_on="2023-01-01", ends_on="2023-01-31", participants=[],
    )  # fmt: skip


def spoil(folder: Path, sequence: int) -> None:
    """Let the log hold an event that the fold cannot read, and let the fold begin anew."""
    for file in folder.glob("kpi-projector*"):
        file.unlink()
    with sqlite3.connect(folder / "operations-feed.sqlite") as connection:
        connection.execute("DROP TRIGGER event_stays_on_update")
        (body,) = connection.execute("SELECT body FROM event WHERE sequence = ?", (sequence,)).fetchone()
        assert decode_recorded(body).data["ends_on"]
        connection.execute(
            "UPDATE event SET body = ? WHERE sequence = ?", (body.replace(b'"ends_on"', b'"ended_n"'), sequence)
        )


async def test_it_is_answered_up_to_there_also_after_a_restart(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        system = await opened(stack, tmp_path)
        await system.adopt()
        for operation in ("o1", "o2", "o3"):
            place = await launch(system, operation)
        time = (await system.get("scorecard", period="2022-23", after=place))["as_of"]["time"]
    spoil(tmp_path, 2)
    for _ in range(2):
        async with AsyncExitStack() as stack:
            system = await opened(stack, tmp_path, wait=1)
            stopped = system.projector.progress.stopped
            assert await system.projector.progress.until(partial(stopped.__contains__, "operations-feed"), 5)
            answer = await system.get("scorecard", period="2022-23")
            assert answer["as_of"]["positions"] == {"plan-registry": 1, "survey-intake": 0, "operations-feed": 0}
            problem = await system.get("scorecard", 504, period="2022-23", as_of=time)
            assert "operations-feed" in problem["detail"]
            ready = await system.client.get("/kpi-projector/readyz")
            assert ready.status_code == 503
            assert "event 2" in ready.text
