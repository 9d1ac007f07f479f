"""Whatever table a page shows is taken away as CSV and XLSX with all its rows, and its figures on paper."""

from decimal import Decimal
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from e2e.command_line.commands import Up
from e2e.dashboard.looking import PATIENCE, Looking, looking
from e2e.dashboard.views import VIEWS
from taken import of_csv, of_xlsx

pytestmark = pytest.mark.asyncio(loop_scope="module")

TABLES = """
    [...document.querySelectorAll("table")].map((table) => {
        const beside = (table.closest(".frame") ?? table).nextElementSibling;
        return {
            name: table.caption?.textContent,
            rows: [...table.tBodies].reduce((sum, body) => sum + body.rows.length, 0),
            links: beside === null ? [] : [...beside.querySelectorAll("a[download]")].map((link) => link.href),
            next: table.closest(".card")?.querySelector("a[rel=next]")?.href,
        };
    })
"""
WITHOUT_TABLES = {
    *("", "events/operations-feed/758", "compare", "desk", "enter", "enter/seizure.reported"),
    *("recorded/operations-feed/758", "services"),
}
"""Views whose figures stand otherwise than in tables."""


async def load_later(here: Looking) -> None:
    """Have the page load what it loads when it comes into sight."""
    for id in [await each.get_attribute("id") for each in await here.page.locator("[data-later]").all()]:
        section = here.page.locator(f"#{id}")
        await section.scroll_into_view_if_needed()
        await expect(section).to_have_attribute(
            "data-loaded", await section.get_attribute("data-later") or "", timeout=PATIENCE
        )


async def rows_of(here: Looking, table: dict[str, Any]) -> int:
    """Return how many rows a table has on all of its pages."""
    rows, following = int(table["rows"]), table["next"]
    while following:
        await here.page.goto(following)
        (same,) = [each for each in await here.page.evaluate(TABLES) if each["name"] == table["name"]]
        rows, following = rows + same["rows"], same["next"]
    return rows


@pytest.mark.parametrize("path", VIEWS.values(), ids=VIEWS.keys())
async def test_every_table_is_taken_away_as_csv_and_as_xlsx_with_all_its_rows(
    demonstration: Up, browser: Browser, path: str
) -> None:
    async with looking(browser, demonstration.url) as here:
        await here.go(path)
        await load_later(here)
        tables: list[dict[str, Any]] = await here.page.evaluate(TABLES)
        assert (tables == []) == (path.partition("?")[0] in WITHOUT_TABLES)
        for table in tables:
            rows = await rows_of(here, table)
            answers = {}
            for link in table["links"]:
                answer = demonstration.client.get(link)
                assert answer.status_code == 200, (table["name"], link, answer.text)
                answers[answer.url.path.rpartition(".")[2]] = answer.content
            assert answers.keys() == {"csv", "xlsx"}, table["name"]
            assert len(of_csv(answers["csv"])) == rows, table["name"]
            (sheet,) = of_xlsx(answers["xlsx"]).values()
            assert len(sheet) == rows, table["name"]


KINDS = {"previous": "(the period before)", "baseline": "(baseline)"}
"""Of references, in words."""


def written(number: str) -> str:
    """Return a number as a page in English writes it: with two decimals at most."""
    return f"{round(Decimal(number), 2).normalize():,f}"


@pytest.mark.parametrize("path", ["?period=2024-25&as_of=2025-03-31", "?period=sp-2022-2025&as_of=2025-03-31"])
async def test_on_paper_every_kpi_has_what_it_is_made_of_and_held_against(
    demonstration: Up, browser: Browser, path: str
) -> None:
    period, as_of = (each.partition("=")[2] for each in path.lstrip("?").split("&"))
    answer = demonstration.get("/kpi-projector/v1/scorecard", period=period, as_of=as_of)
    async with looking(browser, demonstration.url) as here:
        await here.go(path)
        await here.page.emulate_media(media="print")
        for kpi in answer["kpis"]:
            said = await here.text(f'[id="kpi-{kpi["id"]}"]')
            assert kpi["id"] in said
            assert kpi["title"] in said
            assert f"{written(kpi['numerator'])} / {written(kpi['denominator'])}" in said
            assert "Target" in said
            if kpi["target"]["rule"] == "at_least":
                assert f"at least {kpi['target']['value']}" in said
            reference = kpi["reference"]
            kind = "none" if reference is None else KINDS[reference["kind"]]
            assert kind in said[said.index("Reference ") :]
            if kpi.get("response") and kpi["response"]["invited"]:
                assert f"{kpi['response']['answered']} of {kpi['response']['invited']} Members" in said
        assert "these are not the WCO's figures" in await here.text(".notice")
        assert "31 Mar 2025" in await here.text(".moment")
        cited = await here.text(".cite")
        for log, position in answer["as_of"]["positions"].items():
            assert f"{log} {position:,}" in cited
        assert await here.page.locator("main > h1").is_visible()
        assert not await here.page.locator(".take").first.is_visible()
        await here.page.emulate_media(media="screen")
        assert await here.page.locator(".printed:visible").count() == 0


async def test_on_paper_a_kpi_has_its_history_and_evidence_once_they_are_loaded(
    demonstration: Up, browser: Browser
) -> None:
    async with looking(browser, demonstration.url) as here:
        await here.page.emulate_media(media="print")
        await here.go("kpis/SP2.seizures?period=2023-24")
        for id in ("#history", "#evidence"):
            assert not await here.page.locator(id).is_visible()
        await here.page.emulate_media(media="screen")
        await load_later(here)
        await here.page.emulate_media(media="print")
        for part in ("#history .chart", "#history .restatements", "#history table", "#evidence table"):
            assert await here.page.locator(part).is_visible(), part
        said = await here.text("#history table")
        assert "report on an operation published" in said
        assert "Reference" in await here.text(".headline")
