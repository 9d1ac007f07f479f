"""What a client sees of a log that is read-only."""

import httpx
import pytest

from integration.log_api.requesting import Make, post, post_batch, problem
from wco_common.engine import SQLITE_WRITES, DatabaseSettings, create_engine
from wco_common.statements import lock_head, set_read_only

REASON = "its topic has events that it lost"


@pytest.fixture
async def recorded(client: httpx.AsyncClient, launched: Make, sqlite_url: str) -> dict[str, object]:
    """An event that was recorded before the log became read-only."""
    event = launched()
    assert (await post(client, event)).status_code == 201
    engine = create_engine(sqlite_url, DatabaseSettings())
    async with engine.execution_options(**{SQLITE_WRITES: True}).begin() as connection:
        await connection.run_sync(lock_head, "operations-feed")
        await connection.run_sync(set_read_only, "operations-feed", REASON)
    await engine.dispose()
    return event


async def test_posting_is_refused_by_a_problem_that_says_why(
    client: httpx.AsyncClient, launched: Make, recorded: dict[str, object]
) -> None:
    for response in (
        await post(client, launched()),
        await post(client, launched(), "?dry_run=true"),
        await post_batch(client, [launched(), recorded]),
    ):
        assert problem(response, 503, "unavailable")["detail"] == f"operations-feed is read-only: {REASON}"


async def test_an_event_that_is_there_is_answered_and_read(
    client: httpx.AsyncClient, recorded: dict[str, object]
) -> None:
    response = await post(client, recorded)
    assert (response.status_code, response.json()["duplicate"]) == (200, True)
    assert (await client.get("/v1/events/1")).status_code == 200


async def test_readiness_says_so_while_the_service_lives(
    client: httpx.AsyncClient, recorded: dict[str, object]
) -> None:
    body = problem(await client.get("/readyz"), 503, "unavailable")
    assert body["errors"] == [{"pointer": "/log", "detail": f"is read-only: {REASON}"}]
    assert (await client.get("/livez")).status_code == 200
