"""Views over lists, on both databases: they show what the lists answer, to the value."""

import json
from collections.abc import AsyncIterator, Mapping
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from integration.lists.conftest import Lists, Serving
from settable_clock import SettableClock
from wco_common.bundle import log_file, read_manifest
from wco_common.engine import DatabaseSettings, create_engine
from wco_common.lists.opened import SCHEMA, lists_url
from wco_embedded.beginning import demonstration
from wco_embedded.fill import fill, prepare_empty
from wco_events.event_type import LogName

LISTED: dict[LogName, dict[str, tuple[str, str]]] = {
    "plan-registry": {
        "actions": ("/v1/actions", "actions"),
        "focus_areas": ("/v1/focus-areas", "focus_areas"),
        "baselines": ("/v1/baselines", "baselines"),
    },
    "survey-intake": {"surveys": ("/v1/surveys", "surveys")},
    "operations-feed": {
        "operations": ("/v1/operations", "operations"),
        "partnerships": ("/v1/partnerships", "partnerships"),
        "assistance": ("/v1/assistance", "assistance"),
        "experts": ("/v1/experts", "experts"),
    },
}
"""The views that show a list, each with the list's path and its field in the answer."""


@pytest.fixture(params=LISTED)
def log(request: pytest.FixtureRequest) -> LogName:
    found: LogName = request.param
    return found


@pytest.fixture
async def lists(database_url: str, serving: Serving, clock: SettableClock, log: LogName) -> AsyncIterator[Lists]:
    """A log with the demonstration."""
    clock.set("2026-01-01T12:00:00Z")
    await prepare_empty({log: database_url})
    await fill(demonstration(), read_manifest(demonstration()), {log: database_url})
    async with serving(log, every=0) as lists:
        lists.sequence = len((demonstration() / log_file(log)).read_bytes().splitlines())
        yield lists


async def shown(url: str, view: str) -> list[dict[str, Any]]:
    """What a view shows, as a tool that reads the database is given it."""
    url_of_lists = lists_url(url)
    schema = SCHEMA if url_of_lists.get_backend_name() == "postgresql" else ""
    engine = create_engine(url_of_lists, DatabaseSettings(), schema)
    async with engine.connect() as connection:
        rows = [dict(row) for row in (await connection.execute(text(f"SELECT * FROM {view}"))).mappings()]
    await engine.dispose()
    return rows


def plain(value: Any) -> Any:
    """A value as an answer would have it, whatever the engine's type of it is."""
    if isinstance(value, str) and value[:1] in "[{":
        return json.loads(value)
    if hasattr(value, "strftime") and hasattr(value, "hour"):
        return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def expected(row: Mapping[str, Any], columns: set[str]) -> dict[str, Any]:
    """What a view has to show of a list's row: its fields, and some of those that stand in it in groups."""
    flat = dict(row)
    flat |= row.get("response") or {}
    for stage in ("interim", "final"):
        published = row.get(stage) or {}
        flat |= {f"{stage}_{name}": published.get(name) for name in ("published_on", "seizures")}
    step = row.get("last_step") or {}
    flat |= {"last_step": step.get("step")} | {f"last_step_{name}": step.get(name) for name in ("kind", "on")}
    return {name: value for name, value in flat.items() if name in columns}


async def test_a_view_shows_what_the_list_answers(database_url: str, lists: Lists, log: LogName) -> None:
    for view, (path, name) in LISTED[log].items():
        answered = [row for page in await lists.pages(path, name, limit="1000") for row in page]
        rows = await shown(database_url, view)
        columns = set(rows[0])
        assert columns == set(expected(answered[0], columns)), view
        as_shown = [{column: plain(value) for column, value in row.items()} for row in rows]
        key = "kpi" if "kpi" in columns else "id" if "id" in columns else "accreditation"
        assert sorted(as_shown, key=lambda row: str(row[key])) == sorted(
            (expected(row, columns) for row in answered), key=lambda row: str(row[key])
        )
        assert len(rows) > 2


async def test_the_views_say_up_to_where_the_log_is_in_them(database_url: str, lists: Lists, log: LogName) -> None:
    path, _ = next(iter(LISTED[log].values()))
    answer = await lists.get(path)
    [row] = await shown(database_url, "as_of")
    assert answer["as_of"]["positions"] == {log: row["sequence"]}
