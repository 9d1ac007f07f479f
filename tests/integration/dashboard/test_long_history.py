"""A history that is too long to be drawn leads on to its table, as long as that can be taken away."""

import html
import re
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest

from system import opened
from taken import of_csv

BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
HISTORY = "/kpis/SO1.completion/history?period=2022-23"
ENTRIES = 4
"""Of the history: the plan's adoption, the plan of a year with one action, and two more actions."""


async def asked(folder: Path) -> tuple[httpx.Response, httpx.Response | None]:
    """Return the page of such a history, and what its part that other pages load leads to."""
    async with AsyncExitStack() as stack:
        system = await opened(stack, folder)
        await system.adopt()
        action = {"objective": "SO1", "title": "An action", "due_on": "2023-06-30"}
        plan = {"plan": "sp-2022-2025", "period": "2022-23", "actions": [{"id": "first", **action}]}
        await system.post("plan-registry", "implementation-plan.published", "2022-23", **plan)
        for name in ("second", "third"):
            place = await system.post("plan-registry", "action.added", name, period="2022-23", **action)
        await system.shown(place)
        page = await system.client.get(HISTORY, headers=BROWSER)
        part = page.text.partition('class="part"')[2].partition("</div>")[0]
        files = re.findall(r'href="([^"]*\.csv[^"]*)" download', part)
        return page, await system.client.get(str(page.url.join(html.unescape(files[0])))) if files else None


async def test_a_history_that_is_not_too_long_is_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WCO_KPI_DASHBOARD_HISTORY_ENTRIES", str(ENTRIES))
    page, _ = await asked(tmp_path)
    assert page.status_code == 200
    assert f"{ENTRIES} entries" in page.text


async def test_one_that_is_too_long_to_be_drawn_leads_to_its_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WCO_KPI_DASHBOARD_HISTORY_ENTRIES", str(ENTRIES - 1))
    monkeypatch.setenv("WCO_KPI_DASHBOARD_EXPORT_ROWS", str(ENTRIES))
    page, table = await asked(tmp_path)
    assert page.status_code == 413
    assert "It is too long to be drawn, but not to be taken away as a table." in page.text
    assert table is not None
    assert len(of_csv(table.content)) == ENTRIES


async def test_one_whose_table_is_too_long_as_well_says_so_and_leads_to_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WCO_KPI_DASHBOARD_HISTORY_ENTRIES", str(ENTRIES - 2))
    monkeypatch.setenv("WCO_KPI_DASHBOARD_EXPORT_ROWS", str(ENTRIES - 1))
    page, table = await asked(tmp_path)
    assert (page.status_code, table) == (413, None)
    assert f"the history has over {ENTRIES - 1} entries, the most that are taken away at once" in page.text
    assert "Choose a single period or an earlier moment" in page.text
