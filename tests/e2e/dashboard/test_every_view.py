"""Every view, in both languages, wide and narrow, light and dark: it holds what axe asks for, and says nothing."""

import gzip
from typing import Any

import pytest
from playwright.async_api import Browser

from e2e.command_line.commands import Up
from e2e.dashboard.looking import looking

pytestmark = pytest.mark.asyncio(loop_scope="module")

VIEWS = {
    "scorecard": "?period=2023-24",
    "past": "?period=2023-24&as_of=2024-03-31",
    "plan": "?period=sp-2022-2025",
    "rating": "kpis/SO1.satisfaction?period=2024-25",
    "seizures": "kpis/SP2.seizures?period=2023-24",
    "roll-up": "kpis/RES.completion?period=2022-23&as_of=2023-03-31",
    "no-data": "kpis/SO4.satisfaction?period=2023-24",
    "history": "kpis/SP2.seizures/history?period=2023-24",
    "evidence": "kpis/SP3.funds/evidence?period=2023-24",
    "event": "events/operations-feed/758",
    "compare": "compare?period=2024-25&from=2025-03-31&to=2025-04-30",
    "desk": "desk",
    "actions": "desk/actions?period=2023-24&as_of=2024-03-31&overdue=true",
    "action": "desk/actions/synthetic-2022-23-fa1-01",
    "surveys": "desk/surveys?kind=annual",
    "survey": "desk/surveys/synthetic-annual-2022-23?answered=false",
    "operations": "desk/operations?sort=-ends_on",
    "operation": "desk/operations/synthetic-paper-trail-2025",
    "partnership": "desk/partnerships/synthetic-donors",
    "experts": "desk/experts?on=2024-05-01&ending_before=2024-07-01",
    "focus-areas": "desk/focus-areas",
    "enter": "enter",
    "form": "enter/seizure.reported",
    "recorded": "recorded/operations-feed/758",
    "services": "services",
}
WIDE_AND_LIGHT: dict[str, Any] = {
    "viewport": {"width": 1280, "height": 900},
    "color_scheme": "light",
    "locale": "en-GB",
}
NARROW_AND_DARK: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "color_scheme": "dark", "locale": "fr-FR"}

SHIFTS = """
    window.shifted = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => { window.shifted += entry.value; }))
        .observe({type: "layout-shift", buffered: true});
"""
MOST_BYTES = 250_000


@pytest.mark.parametrize("look", [WIDE_AND_LIGHT, NARROW_AND_DARK], ids=["wide", "narrow"])
@pytest.mark.parametrize("path", VIEWS.values(), ids=VIEWS.keys())
async def test_axe_finds_nothing_and_nothing_hangs_over(
    demonstration: Up, browser: Browser, path: str, look: dict[str, Any]
) -> None:
    async with looking(browser, demonstration.url, **look) as here:
        await here.go(path)
        assert await here.page.locator("html").get_attribute("lang") == str(look["locale"])[:2]
        assert await here.faults() == []
        viewport = here.page.viewport_size
        assert viewport is not None
        assert await here.width() <= viewport["width"]


@pytest.mark.parametrize("path", [path for name, path in VIEWS.items() if name != "services"])
async def test_what_is_made_up_says_so_on_every_view(demonstration: Up, browser: Browser, path: str) -> None:
    async with looking(browser, demonstration.url) as here:
        await here.go(path)
        assert "these are not the WCO's figures" in await here.text(".notice")


@pytest.mark.parametrize("path", ["nothing", "kpis/NO.kpi", "?period=never", "?as_of=2010-01-01", "?as_of=tomorrow"])
async def test_what_cannot_be_shown_is_a_page_that_leads_on(demonstration: Up, browser: Browser, path: str) -> None:
    async with looking(browser, demonstration.url, silent=False) as here:
        await here.go(path)
        assert await here.faults() == []
        # The browser itself says that the page's status is not 200; nobody else says anything.
        assert all("Failed to load resource" in each for each in here.wrong)
        await here.page.get_by_role("link", name="To the scorecard").click()
        await here.page.get_by_role("heading", name="Results").wait_for()


@pytest.mark.parametrize("path", ["?period=2023-24", "kpis/SO1.instruments?period=2023-24"])
async def test_nothing_shifts_while_a_page_is_made(demonstration: Up, browser: Browser, path: str) -> None:
    async with looking(browser, demonstration.url) as here:
        await here.context.add_init_script(SHIFTS)
        await here.go(path)
        await here.page.wait_for_load_state("networkidle") if "kpis" in path else None
        await here.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert await here.page.evaluate("window.shifted") == 0


async def test_the_first_view_is_small_and_all_of_it_comes_from_the_server(demonstration: Up, browser: Browser) -> None:
    asked: list[str] = []
    async with looking(browser, demonstration.url) as here:
        here.page.on("request", lambda request: asked.append(request.url))
        await here.go("?period=2023-24")
        # The page's modules import each other: the last of them opens the stream.
        async with here.page.expect_event("request", lambda request: True) as stream:
            await here.page.reload()
        assert (await stream.value).url.startswith(demonstration.url)
    answers = [demonstration.client.get(url) for url in {*asked} if "/stream" not in url]
    assert {answer.status_code for answer in answers} == {200}
    assert sum(len(gzip.compress(answer.content, 6)) for answer in answers) < MOST_BYTES
    page = demonstration.client.get("/", headers={"accept-encoding": "gzip"})
    assert page.headers["content-encoding"] == "gzip"


async def test_a_page_prints_without_what_only_a_screen_can_use(demonstration: Up, browser: Browser) -> None:
    async with looking(browser, demonstration.url) as here:
        await here.go("?period=2023-24&as_of=2024-03-31")
        await here.page.emulate_media(media="print")
        for gone in ("#slider", ".rooms", ".languages"):
            assert not await here.page.locator(gone).is_visible()
        assert await here.page.locator(".notice").is_visible()
        assert "as_of=2024-03-31T23:59:59.999999Z" in await here.text(".address")
