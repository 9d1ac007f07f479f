"""Lists over HTTP agree with the projector's scorecard, of the demonstration, in the one process."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from settable_clock import SettableClock
from system import System, database, opened
from wco_common.bundle import log_file, read_manifest
from wco_embedded.beginning import demonstration
from wco_embedded.fill import fill, prepare_empty
from wco_events.event_type import LOG_NAMES, LogName

PERIODS = {
    "2022-23": ("2022-07-01", "2023-06-30"),
    "2023-24": ("2023-07-01", "2024-06-30"),
    "2024-25": ("2024-07-01", "2025-06-30"),
}


class Desk:
    """The whole system with the demonstration, asked for lists and KPIs."""

    def __init__(self, system: System) -> None:
        self._system = system

    async def listed(self, log: LogName, path: str, name: str, **query: str) -> list[dict[str, Any]]:
        """Every row of a list with the whole log in it."""
        last = len((demonstration() / log_file(log)).read_bytes().splitlines())
        params = {"after": f"{log}:{last}", "limit": "1000"} | query
        answer = await self._system.client.get(f"/{log}/v1/{path}", params=params)
        assert answer.status_code == 200, answer.text
        assert "link" not in answer.headers
        rows: list[dict[str, Any]] = answer.json()[name]
        return rows

    async def kpi(self, kpi: str, period: str) -> dict[str, Any]:
        """A KPI with all logs in it."""
        told: dict[str, Any] = (await self._system.get(f"kpis/{kpi}", period=period))["kpi"]
        return told


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    databases = {log: database(tmp_path, log) for log in LOG_NAMES}
    await prepare_empty(databases)
    await fill(demonstration(), read_manifest(demonstration()), databases)
    async with AsyncExitStack() as stack:
        system = await opened(stack, tmp_path, SettableClock("2026-01-01T12:00:00Z"))
        for log in LOG_NAMES:
            last = len((demonstration() / log_file(log)).read_bytes().splitlines())
            await system.get("plan", after=f"{log}:{last}")
        yield Desk(system)


async def test_lists_tell_what_the_scorecard_tells(desk: Desk) -> None:
    compared = 0
    for period, (first, last) in PERIODS.items():
        for objective in ("SO1", "SO2", "SO3", "SO4"):
            rows = await desk.listed("plan-registry", "actions", "actions", objective=objective, period=period)
            states = [row["state"] for row in rows]
            kpi = await desk.kpi(f"{objective}.completion", period)
            figures = str(states.count("completed")), str(len(states) - states.count("withdrawn"))
            assert (kpi["numerator"], kpi["denominator"]) == figures
            compared += len(rows)

        within = {"from": first, "to": last}
        surveys = await desk.listed("survey-intake", "surveys", "surveys", kind="annual", **within)
        responses = [row["response"] for row in surveys if row["state"] != "cancelled"]
        assert (await desk.kpi("RES.satisfaction", period))["response"] == {
            name: sum(response[name] for response in responses) for name in ("answered", "invited")
        }

        operations = await desk.listed("operations-feed", "operations", "operations", state="launched", **within)
        figures_now = [row["figure"]["seizures"] for row in operations if row["figure"] is not None]
        finals = [row["final"]["seizures"] for row in operations if (row["final"] or {}).get("seizures") is not None]
        kpi = await desk.kpi("SP2.seizures", period)
        assert (kpi["provisional"], kpi["numerator"]) == (sum(figures_now), str(sum(finals)))

        activities = await desk.listed("operations-feed", "assistance", "assistance", state="delivered", **within)
        costs = sum((Decimal(row["cost"]) for row in activities if row["cost"] is not None), Decimal(0))
        assert (await desk.kpi("SP3.alignment", period))["denominator"] == str(len(activities))
        assert Decimal((await desk.kpi("SP3.funds", period))["denominator"]) == costs

        in_force = {"status": "accredited", "in_force": "true", "on": last}
        experts = await desk.listed("operations-feed", "experts", "experts", **in_force)
        external = [row for row in experts if row["employer"] != "wco"]
        assert (await desk.kpi("SP3.external-experts", period))["numerator"] == str(len(external))
        compared += len(surveys) + len(operations) + len(activities) + len(experts)
    assert compared > 300
