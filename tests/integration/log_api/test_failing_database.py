"""What clients are told when the database fails: that it did, and nothing of what others have sent."""

import sqlite3
from contextlib import AsyncExitStack
from pathlib import Path

import httpx

from system import opened


async def test_a_failing_statement_is_told_without_what_it_was_about(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        system = await opened(stack, tmp_path)
        with sqlite3.connect(tmp_path / "operations-feed.sqlite") as connection:
            connection.execute("ALTER TABLE subject RENAME TO gone")
        event = {
            "specversion": "1.0",
            "id": "private-id",
            "source": "urn:example:private",
            "type": "org.wcoomd.operation.launched.v1",
            "subject": "op-private",
            "data": {
                "title": "private",
                "starts_on": "2024-01-01",
                "ends_on": "2024-01-02",
                "participants": [],
            },
        }
        answer: httpx.Response = await system.client.post(
            "/operations-feed/v1/events", json=event, headers={"content-type": "application/cloudevents+json"}
        )
        assert answer.status_code == 503
        assert answer.json()["type"] == "urn:wco-kpi:problem:unavailable"
        assert "private" not in answer.text
        assert "SELECT" not in answer.text
