"""Every view, in both languages, wide and narrow, light and dark: it holds what axe asks for, and says nothing."""

import gzip
import re
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from dashboard.lists import LISTS
from e2e.command_line.commands import Up
from e2e.dashboard.looking import Looking, looking
from e2e.dashboard.views import NARROW_AND_DARK, VIEWS, WIDE_AND_LIGHT

pytestmark = pytest.mark.asyncio(loop_scope="module")

SHIFTS = """
    window.shifted = [];
    const told = (source) => `${source.node?.parentElement?.id}: ${source.node?.outerHTML?.slice(0, 80)}`;
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
        window.shifted.push([entry.value, ...entry.sources.map(told)].join(" "));
    })).observe({type: "layout-shift", buffered: true});
"""
TO_THE_END = """async () => {
    const drawn = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    await drawn();
    for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight / 4) {
        scrollTo(0, y);
        await drawn();
    }
}"""
SHIFTING = [
    *(VIEWS[name] for name in ("scorecard", "rating", "seizures", "roll-up", "no-data", "compare", "actions")),
    "kpis/SO1.instruments?period=2023-24",
]
"""Pages of each kind, and those of which something is loaded later: much, little, and nothing."""
MOST_BYTES = 250_000
ACROSS_PAPER = 966
"""CSS pixels, within the margins of a Letter that lies; A4 has more."""


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


NOTHING = ["nothing", "kpis/NO.kpi", "?period=never", "?as_of=2010-01-01", "?as_of=tomorrow"]
"""What cannot be shown."""


@pytest.mark.parametrize("path", [*VIEWS.values(), *NOTHING])
async def test_what_is_made_up_says_so_on_every_view(demonstration: Up, browser: Browser, path: str) -> None:
    async with looking(browser, demonstration.url, silent=path not in NOTHING) as here:
        await here.go(path)
        assert "these are not the WCO's figures" in await here.text(".notice")


@pytest.mark.parametrize("path", NOTHING)
async def test_what_cannot_be_shown_is_a_page_that_leads_on(demonstration: Up, browser: Browser, path: str) -> None:
    async with looking(browser, demonstration.url, silent=False) as here:
        await here.go(path)
        assert await here.faults() == []
        # The browser itself says that the page's status is not 200; nobody else says anything.
        assert all("Failed to load resource" in each for each in here.wrong)
        await here.page.get_by_role("link", name="To the scorecard").click()
        await here.page.get_by_role("heading", name="Results").wait_for()


async def gone_through(here: Looking) -> None:
    """Go through a page to its end, as fast as it lets one, and wait for what comes later."""
    await here.page.evaluate(TO_THE_END)
    for section in await here.page.locator("[data-later]").all():
        await section.scroll_into_view_if_needed()
        await expect(section).to_have_attribute("data-loaded", str(await section.get_attribute("data-later")))
    await here.page.evaluate(TO_THE_END)


@pytest.mark.parametrize("look", [WIDE_AND_LIGHT, NARROW_AND_DARK], ids=["wide", "narrow"])
@pytest.mark.parametrize("path", SHIFTING)
async def test_nothing_shifts_while_a_page_is_made_and_gone_through(
    demonstration: Up, browser: Browser, path: str, look: dict[str, Any]
) -> None:
    async with looking(browser, demonstration.url, **look) as here:
        await here.context.add_init_script(SHIFTS)
        await here.go(path)
        await gone_through(here)
        assert await here.page.evaluate("window.shifted") == []


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


@pytest.mark.parametrize("path", [f"desk/{each}" for each in LISTS if "{" not in each])
async def test_no_list_is_cut_on_paper(demonstration: Up, browser: Browser, path: str) -> None:
    async with looking(browser, demonstration.url, viewport={"width": ACROSS_PAPER, "height": 700}) as here:
        await here.go(path)
        page = re.search(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", await here.page.pdf(prefer_css_page_size=True))
        assert page is not None
        assert float(page[1]) > float(page[2])
        await here.page.emulate_media(media="print")
        assert await here.width() <= ACROSS_PAPER
        frame = here.page.locator(".frame")
        assert await frame.evaluate("frame => frame.scrollWidth <= frame.clientWidth")


async def test_a_page_prints_without_what_only_a_screen_can_use(demonstration: Up, browser: Browser) -> None:
    async with looking(browser, demonstration.url) as here:
        await here.go("?period=2023-24&as_of=2024-03-31")
        await here.page.emulate_media(media="print")
        for gone in ("#slider", ".rooms", ".languages"):
            assert not await here.page.locator(gone).is_visible()
        assert await here.page.locator(".notice").is_visible()
        assert "as_of=2024-03-31T23:59:59.999999Z" in await here.text(".address")
