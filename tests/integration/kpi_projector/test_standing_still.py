"""Answers are right whatever became of a log: if it cannot be folded on, if a backup has taken its place."""

import sqlite3
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from shutil import copy

from kpi_projector.progress import Progress, within
from system import PATIENCE, System, opened
from wco_common.event import decode_recorded
from wco_events.event_type import LOG_NAMES, LogName


async def launch(system: System, operation: str) -> str:
    return await system.post(
        "operations-feed", "operation.launched", operation,
        title=operation, starts_on="2023-01-01", ends_on="2023-01-31", participants=[],
    )  # fmt: skip


async def deliver(system: System, activity: str, *, aligned_with: list[str]) -> str:
    return await system.post(
        "operations-feed", "assistance.delivered", activity,
        title=activity, delivered_on="2023-01-10", members=[], aligned_with=aligned_with, delivered_by="other",
    )  # fmt: skip


def held_back_by(progress: Progress, log: LogName) -> bool:
    """Whether a log stands still, and all others have come further than it."""
    return log in progress.stopped and all(
        progress.settled[other] > progress.settled[log] for other in LOG_NAMES if other != log
    )


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


async def test_after_a_backup_has_taken_a_logs_place_answers_are_of_what_is_recorded_in_it(tmp_path: Path) -> None:
    log, backup = tmp_path / "operations-feed.sqlite", tmp_path / "backup"
    async with AsyncExitStack() as stack:
        system = await opened(stack, tmp_path)
        await system.adopt()
        await deliver(system, "kept", aligned_with=["SO1"])
    log.rename(backup)
    copy(backup, log)
    async with AsyncExitStack() as stack:
        system = await opened(stack, tmp_path)
        for number in range(3):
            place = await deliver(system, f"lost-{number}", aligned_with=["SO1"])
        answer = await system.get("kpis/SP3.alignment", period="2022-23", after=place)
        assert answer["kpi"]["denominator"] == "4"
    backup.rename(log)
    async with AsyncExitStack() as stack:
        system = await opened(stack, tmp_path)
        await system.get("plan", after="operations-feed:1")
        answer = await system.get("kpis/SP3.alignment", period="2022-23")
        assert (answer["kpi"]["numerator"], answer["kpi"]["denominator"]) == ("1", "1")
        place = await deliver(system, "after", aligned_with=[])
        assert place == "operations-feed:2"
        answer = await system.get("kpis/SP3.alignment", period="2022-23", after=place)
        assert (answer["kpi"]["numerator"], answer["kpi"]["denominator"]) == ("1", "2")
        rows = (await system.get("kpis/SP3.alignment/evidence", period="2022-23"))["evidence"]
        assert [row["subject"] for row in rows] == ["kept", "after"]


async def test_what_is_before_an_event_that_cannot_be_folded_is_answered_also_after_a_restart(tmp_path: Path) -> None:
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
            progress = system.projector.progress
            assert await progress.until(partial(held_back_by, progress, "operations-feed"), within(PATIENCE))
            answer = await system.get("scorecard", period="2022-23")
            assert answer["as_of"]["positions"] == {"plan-registry": 1, "survey-intake": 0, "operations-feed": 0}
            problem = await system.get("scorecard", 504, period="2022-23", as_of=time)
            assert "operations-feed" in problem["detail"]
            ready = await system.client.get("/kpi-projector/readyz")
            assert ready.status_code == 503
            assert "event 2" in ready.text
