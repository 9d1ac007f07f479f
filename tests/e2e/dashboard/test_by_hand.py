"""Pages are used by keys alone, in either language."""

import pytest
from playwright.async_api import Browser, expect

from e2e.command_line.commands import Up
from e2e.dashboard.looking import looking

OUTLINE = """() => {
    const style = getComputedStyle(document.activeElement);
    return style.outlineStyle + style.outlineWidth;
}"""
pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_first_key_leads_past_what_every_page_has(demonstration: Up, browser: Browser) -> None:
    async with looking(browser, demonstration.url) as here:
        await here.go("?period=2023-24")
        await here.page.keyboard.press("Tab")
        await expect(here.page.get_by_role("link", name="Skip to the content")).to_be_focused()
        await here.page.keyboard.press("Enter")
        await expect(here.page.locator("main")).to_be_focused()
        await here.page.keyboard.press("Tab")
        await expect(here.page.get_by_role("link", name="Completion of the Strategic Plan")).to_be_focused()
        await here.page.keyboard.press("Enter")
        await here.page.wait_for_url("**/kpis/RES.completion?period=2023-24")


async def test_everything_that_can_be_focused_shows_that_it_is(demonstration: Up, browser: Browser) -> None:
    async with looking(browser, demonstration.url) as here:
        await here.go("kpis/SO1.instruments?period=2023-24")
        seen: set[str] = set()
        for _ in range(60):
            await here.page.keyboard.press("Tab")
            tag = await here.page.evaluate("document.activeElement.tagName")
            if tag == "BODY":
                break
            seen.add(tag)
            assert await here.page.evaluate(OUTLINE) in {"solid3px", "auto1px"}, tag
        assert {"A", "INPUT", "BUTTON"} <= seen


async def test_the_language_follows_the_browser_and_the_switch_and_the_address(
    demonstration: Up, browser: Browser
) -> None:
    async with looking(browser, demonstration.url, locale="fr-FR") as here:
        await here.go("?period=2023-24&as_of=2024-05-31")
        assert "31 mai 2024" in await here.text("#shown")
        assert await here.text('[id="kpi-SO1.completion"] .value') == "60,0 %"
        title = here.page.get_by_role("link", name="Completion of SO1 actions")
        assert await title.get_attribute("lang") == "en"
        await here.page.get_by_role("link", name="English").click()
        await here.page.wait_for_url("**lang=en*")
        assert await here.text('[id="kpi-SO1.completion"] .value') == "60.0%"
        await title.click()
        await here.page.wait_for_url("**/kpis/SO1.completion?period=2023-24&as_of=2024-05-31&lang=en")
        assert await here.page.locator("html").get_attribute("lang") == "en"
