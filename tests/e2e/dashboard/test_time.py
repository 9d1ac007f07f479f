"""Time: the slider, the date field and the address take the whole page to a moment, and it stays what it was."""

from datetime import date

import pytest
from playwright.async_api import Browser, expect

from e2e.command_line.commands import Up, posted
from e2e.dashboard.looking import Looking, looking
from wco_events.event_type import LOG_NAMES

pytestmark = pytest.mark.asyncio(loop_scope="module")

COMPLETION = '[id="kpi-SO1.completion"] .value'


async def test_the_slider_takes_the_page_to_a_day_by_keys_alone_and_keeps_the_focus(
    demonstration: Up, browser: Browser
) -> None:
    async with looking(browser, demonstration.url) as here:
        await here.go("?period=2023-24")
        now = await here.text(COMPLETION)
        slider = here.page.get_by_role("slider", name="Moment shown")
        first = date.fromisoformat(str(await slider.get_attribute("data-since")))
        await slider.focus()
        await here.page.keyboard.press("Home")
        await here.page.keyboard.press("PageUp")
        await here.page.wait_for_url("**as_of=*")
        await expect(here.page.locator("#shown")).to_contain_text("As of")
        went = date.fromisoformat(here.page.url.partition("as_of=")[2][:10])
        assert went > first
        answer = demonstration.get("/kpi-projector/v1/kpis/SO1.completion", period="2023-24", as_of=str(went))
        assert ("no data" in await here.text(COMPLETION)) == (answer["kpi"]["value"] is None)
        await expect(slider).to_be_focused()
        assert str(went.year) in str(await slider.get_attribute("aria-valuetext"))

        await here.page.keyboard.press("End")
        await here.page.wait_for_url(lambda url: "as_of" not in url)
        await expect(here.page.locator(COMPLETION)).to_have_text(now)
        await here.page.go_back()
        await here.page.wait_for_url("**as_of=*")
        await expect(here.page.locator("#shown")).to_contain_text("As of")


async def test_a_day_can_be_chosen_where_there_is_no_script(demonstration: Up, browser: Browser) -> None:
    async with looking(browser, demonstration.url, java_script_enabled=False) as here:
        await here.go("?period=2023-24&lang=fr")
        assert not await here.page.locator("#slider").is_visible()
        await here.page.get_by_label("Fin du jour").fill("2024-03-31")
        await here.page.get_by_role("button", name="Montrer").click()
        await here.page.wait_for_url("**as_of=2024-03-31*")
        assert "31 mars 2024, 23:59" in await here.text("#shown")
        assert "period=2023-24" in here.page.url
        assert "lang=fr" in here.page.url


async def test_links_keep_the_moment_and_the_period_and_lead_back_to_now(demonstration: Up, browser: Browser) -> None:
    async with looking(browser, demonstration.url) as here:
        await here.go("?period=2022-23&as_of=2023-03-31")
        await here.page.get_by_role("link", name="Completion of SO1 actions").click()
        await here.page.wait_for_url("**/kpis/SO1.completion?period=2022-23&as_of=2023-03-31")
        await here.page.get_by_role("link", name="2023–24").first.click()
        await here.page.wait_for_url("**/kpis/SO1.completion?period=2023-24&as_of=2023-03-31")
        await here.page.get_by_role("link", name="Back to now").click()
        await here.page.wait_for_url("**/kpis/SO1.completion?period=2023-24")
        assert "Now" in await here.text("#shown")


async def everything(here: Looking) -> str:
    """What a page shows, once what is loaded later is there too."""
    for section in await here.page.locator("[data-later]").all():
        await section.scroll_into_view_if_needed()
        await expect(section).to_have_attribute("data-loaded", str(await section.get_attribute("data-later")))
    return await here.text("main")


async def test_cited_views_show_the_same_whatever_is_recorded_afterwards(system: Up, browser: Browser) -> None:
    views = ["?period=2022-23", "kpis/SO1.completion?period=2022-23", "compare?period=2022-23"]
    before: dict[str, str] = {}
    async with looking(browser, system.url) as here:
        for path in views:
            await here.go(path)
            cited = await here.page.locator("a.citation").evaluate("(link) => link.href")
            assert "lang=" not in cited
            await here.page.goto(cited)
            before[cited] = await everything(here)
        for log in LOG_NAMES:
            system.post(log, posted("edges", log))
        for cited, shown in before.items():
            await here.page.goto(cited)
            assert await everything(here) == shown
            assert await here.page.locator("a.citation").evaluate("(link) => link.href") == cited
        await here.go(views[0])
        assert await here.text("main") not in before.values()
