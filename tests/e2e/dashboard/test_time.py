"""Time: the slider, the date field and the address take the whole page to a moment, and it stays what it was."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.async_api import Browser, expect

from e2e.command_line.commands import Up, posted
from e2e.dashboard.looking import Looking, looking
from wco_events.event_type import LOG_NAMES

pytestmark = pytest.mark.asyncio(loop_scope="module")

COMPLETION = '[id="kpi-SO1.completion"] .value'


def went_to(url: str) -> date:
    """Return the day whose end an address names."""
    return date.fromisoformat(url.partition("as_of=")[2][:10])


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
        # If the keys come slowly, each of them is a journey.
        await here.page.wait_for_url(lambda url: "as_of=" in url and went_to(url) > first)
        went = went_to(here.page.url)
        await expect(here.page.locator("a.citation")).to_have_attribute("href", re.compile(f"as_of={went}T23"))
        await expect(here.page.locator("#shown")).to_contain_text("As of")
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


def ending(demonstration: Up, day: date) -> list[str]:
    """Return the experts whose accreditation ends within 90 days of a day, as of its end, the first to end first."""
    query = {"as_of": str(day), "ending_before": str(day + timedelta(days=90)), "sort": "ends_on"}
    answer = demonstration.client.get("/operations-feed/v1/experts", params=query)
    return [each["expert"] for each in answer.json()["experts"]]


async def experts(here: Looking) -> list[str]:
    return await here.page.locator("table.list tbody tr > :first-child").all_inner_texts()


@pytest.mark.parametrize("scripted", [True, False], ids=["scripted", "not-scripted"])
async def test_a_question_is_asked_from_the_day_that_is_shown_and_a_day_chosen_for_another_one_is_left_behind(
    demonstration: Up, browser: Browser, scripted: bool
) -> None:
    first, second = date(2024, 11, 30), date(2025, 3, 31)
    assert ending(demonstration, first) != ending(demonstration, second) != []
    async with looking(browser, demonstration.url, java_script_enabled=scripted) as here:
        await here.go("desk")
        await here.page.get_by_role("link", name="Ending within 90 days").click()
        await here.page.wait_for_url("**/desk/experts*")
        await here.page.get_by_label("End of the day").fill(str(first))
        await here.page.get_by_role("button", name="Show").click()
        await here.page.wait_for_url(f"**as_of={first}*")
        assert await experts(here) == ending(demonstration, first)
        await expect(here.page.get_by_label("Ends before")).to_have_value(str(first + timedelta(days=90)))

        # The form sends the day that the question came to.
        await here.page.get_by_role("button", name="Choose").click()
        await here.page.wait_for_url(f"**ending_before={first + timedelta(days=90)}*")
        await here.page.get_by_label("End of the day").fill(str(second))
        await here.page.get_by_role("button", name="Show").click()
        await here.page.wait_for_url(f"**as_of={second}*")
        assert await experts(here) == ending(demonstration, second)

        await here.page.get_by_label("Seen from the day").fill("2025-04-30")
        await here.page.get_by_role("button", name="Choose").click()
        await here.page.wait_for_url("**&on=2025-04-30*")
        assert "30 April 2025" in await here.text(".lead")
        await here.page.get_by_role("link", name="Back to now").click()
        await here.page.wait_for_url(lambda url: "as_of" not in url and "on=" not in url)


async def test_the_slider_takes_a_question_along_and_leaves_the_day_that_was_chosen(
    demonstration: Up, browser: Browser
) -> None:
    async with looking(browser, demonstration.url) as here:
        await here.go("desk/experts?as_of=2025-03-30&ending_before=2025-06-28&sort=expert")
        await here.page.get_by_role("slider", name="Moment shown").focus()
        await here.page.keyboard.press("ArrowRight")
        await here.page.wait_for_url("**as_of=2025-03-31*")
        assert "ending_before=P90D" in here.page.url
        assert "sort=expert" in here.page.url
        await expect(here.page.get_by_label("Ends before")).to_have_value("2025-06-29")
        assert sorted(await experts(here)) == sorted(ending(demonstration, date(2025, 3, 31)))
        await here.go("desk/actions?overdue=true&on=2023-01-01&as_of=2024-05-30")
        await here.page.get_by_role("slider", name="Moment shown").focus()
        await here.page.keyboard.press("ArrowRight")
        await here.page.wait_for_url("**as_of=2024-05-31*")
        assert "&on=" not in here.page.url
        await expect(here.page.locator(".lead")).to_contain_text("31 May 2024")


async def test_the_address_names_the_period_that_is_shown_at_once_and_no_moment_while_it_is_now(
    demonstration: Up, browser: Browser
) -> None:
    async with looking(browser, demonstration.url) as here:
        for path in ("", "kpis/SO1.completion"):
            await here.go(path)
            shown = await here.page.locator(".periods [aria-current]").get_attribute("href")
            period = str(shown).partition("period=")[2]
            await expect(here.page).to_have_url(f"{demonstration.url}/{path}?period={period}")
        await here.go("?as_of=2023-03-31")
        await expect(here.page).to_have_url(f"{demonstration.url}/?as_of=2023-03-31&period=2022-23")
        today = datetime.now(UTC).date()
        await here.go(f"?period=2024-25&as_of={today}")
        await expect(here.page).to_have_url(f"{demonstration.url}/?period=2024-25")
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
        system.settle()
        for cited, shown in before.items():
            await here.page.goto(cited)
            assert await everything(here) == shown
            assert await here.page.locator("a.citation").evaluate("(link) => link.href") == cited
        await here.go(views[0])
        assert await here.text("main") not in before.values()
