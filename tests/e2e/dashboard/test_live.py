"""Live: what is recorded changes the view that is open, quietly, and is said to those who hear it."""

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, expect

from chaos.link import Link
from e2e.command_line.commands import Up
from e2e.dashboard.looking import PATIENCE, looking

pytestmark = pytest.mark.asyncio(loop_scope="module")

ALIGNMENT = '[id="kpi-SP3.alignment"]'
HEADERS = {"content-type": "application/cloudevents+json"}


def deliver(system: Up, name: str, day: str, *aligned: str) -> int:
    """Record an activity of a day, and return its place."""
    data: dict[str, Any] = {"title": name, "delivered_on": day, "members": ["FJI"], "aligned_with": [*aligned]}
    event = {
        "specversion": "1.0",
        "id": name,
        "source": "urn:example:tests",
        "type": "org.wcoomd.assistance.delivered.v1",
        "subject": name,
        "data": data | {"delivered_by": "other"},
    }
    answer = system.client.post("/operations-feed/v1/events", content=json.dumps(event), headers=HEADERS)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["sequence"])


async def test_a_value_changes_in_view_and_is_announced_and_nothing_else_moves(system: Up, browser: Browser) -> None:
    async with looking(browser, system.url) as here:
        async with here.page.expect_response("**/kpi-projector/v1/stream*"):
            await here.go("?period=2023-24")
        await here.page.evaluate("window.same = true")
        day = here.page.locator('input[type="date"]')
        await day.fill("2024-01-31")
        link = here.page.locator(f"{ALIGNMENT} a")
        await link.focus()
        scrolled = await here.page.evaluate("scrollY")
        await expect(here.page.locator(f"{ALIGNMENT} .status")).to_have_text("no data")

        deliver(system, "first", "2024-03-12", "SO3")
        await expect(here.page.locator(f"{ALIGNMENT} .value")).to_have_text("100.0%", timeout=PATIENCE)
        await expect(here.page.get_by_role("status")).to_contain_text("Aligned capacity building – 100.0%")
        deliver(system, "second", "2024-03-12")
        await expect(here.page.locator(f"{ALIGNMENT} .value")).to_have_text("50.0%", timeout=PATIENCE)
        await expect(here.page.get_by_role("status")).to_contain_text("Aligned capacity building – 50.0%")

        await expect(link).to_be_focused()
        await expect(day).to_have_value("2024-01-31")
        assert await here.page.evaluate("window.same && scrollY") == scrolled
        assert await here.faults() == []


async def test_what_changes_in_another_period_is_shown_beside_the_one_that_is_looked_at(
    system: Up, browser: Browser
) -> None:
    async with looking(browser, system.url) as here:
        async with here.page.expect_response("**/kpi-projector/v1/stream"):
            await here.go("kpis/SP3.alignment?period=2024-25")
        column = here.page.locator("#columns li").filter(has_text="2022–23").locator(".value")
        await expect(column).to_contain_text("no data")
        deliver(system, "elsewhere", "2023-03-12", "SO3")
        await expect(column).to_have_text("100.0%")


async def test_a_lost_connection_is_said_and_what_is_recorded_meanwhile_is_shown_once_it_is_back(
    system: Up, browser: Browser
) -> None:
    async with (
        Link("to the system", urlsplit(system.url).port or 80) as link,
        looking(browser, f"http://127.0.0.1:{link.port}", silent=False) as here,
    ):
        deliver(system, "before", "2025-03-12")
        system.settle()
        async with here.page.expect_response("**/kpi-projector/v1/stream*"):
            await here.go("kpis/SP3.alignment?period=2024-25")
        counted = here.page.locator(".fraction span").last
        before = int(await counted.inner_text())
        with link.cut():
            await expect(here.page.locator("#lost")).to_be_visible(timeout=PATIENCE)
            await expect(here.page.get_by_role("status")).to_have_text(
                "The connection is lost: this may have changed since.", timeout=PATIENCE
            )
            deliver(system, f"while-away-{before}", "2025-03-12")
        await expect(counted).to_have_text(str(before + 1), timeout=PATIENCE)
        await expect(here.page.locator("#lost")).to_be_hidden(timeout=PATIENCE)


async def test_a_view_of_the_past_stays_as_it_is(system: Up, browser: Browser) -> None:
    asked: list[str] = []
    async with looking(browser, system.url) as here:
        here.page.on("request", lambda request: asked.append(request.url))
        await here.go("?period=2024-25")
        cited = await here.page.locator("a.citation").evaluate("(link) => link.href")
        asked.clear()
        await here.page.goto(cited)
        await here.page.wait_for_load_state("networkidle")
        assert not [url for url in asked if "/stream" in url]
