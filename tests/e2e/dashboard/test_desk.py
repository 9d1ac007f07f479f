"""At the desk lists are chosen from by keys alone, sorted, gone through page by page, and looked at as they were."""

import pytest
from playwright.async_api import Browser, expect

from e2e.command_line.commands import Up
from e2e.dashboard.looking import Looking, looking

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def column(here: Looking, number: int) -> list[str]:
    await here.page.wait_for_load_state()
    return [
        " ".join(text.split())
        for text in await here.page.locator(f"table.list tbody tr > :nth-child({number})").all_inner_texts()
    ]


async def chosen(here: Looking, label: str, choice: str) -> None:
    """Choose by the arrow key: a choice that is typed has to be typed within a second."""
    select = here.page.get_by_label(label, exact=True)
    await select.focus()
    for _ in range(await select.locator("option").count()):
        if await select.evaluate("(select) => select.selectedOptions[0].value") == choice:
            break
        await here.page.keyboard.press("ArrowDown")
    await expect(select).to_have_value(choice)


async def test_a_list_is_chosen_from_by_keys_alone(demonstration: Up, browser: Browser) -> None:
    async with looking(browser, demonstration.url) as here:
        await here.go("desk")
        await here.page.get_by_role("link", name="Actions").focus()
        await here.page.keyboard.press("Enter")
        await here.page.wait_for_url("**/desk/actions*")
        await chosen(here, "Objective", "SO2")
        await chosen(here, "State", "completed")
        choose = here.page.get_by_role("button", name="Choose")
        while not await choose.evaluate("button => button === document.activeElement"):
            await here.page.keyboard.press("Tab")
        await here.page.keyboard.press("Enter")
        await here.page.wait_for_url("**objective=SO2*")
        assert set(await column(here, 2)) == {"SO2"}
        assert set(await column(here, 5)) == {"completed"}
        await expect(here.page.get_by_label("Objective", exact=True)).to_have_value("SO2")


async def test_a_heading_sorts_and_tells_how(demonstration: Up, browser: Browser) -> None:
    async with looking(browser, demonstration.url) as here:
        await here.go("desk/operations?sort=id")
        heading = here.page.get_by_role("columnheader", name="Ends")
        assert await heading.get_attribute("aria-sort") is None
        await heading.get_by_role("link").focus()
        await here.page.keyboard.press("Enter")
        await expect(heading).to_have_attribute("aria-sort", "ascending")
        ascending = await column(here, 1)
        await heading.get_by_role("link").click()
        await expect(heading).to_have_attribute("aria-sort", "descending")
        assert await column(here, 1) == ascending[::-1]


async def test_pages_of_a_list_have_every_row_once(demonstration: Up, browser: Browser) -> None:
    told = demonstration.client.get("/operations-feed/v1/assistance?limit=1000&sort=id").json()["assistance"]
    async with looking(browser, demonstration.url) as here:
        await here.go("desk/assistance?sort=id")
        shown = await column(here, 1)
        while await (following := here.page.get_by_role("link", name="Next page")).count():
            address = here.page.url
            await following.click()
            await expect(here.page).not_to_have_url(address)
            shown += await column(here, 1)
    assert len(told) > len(set(shown[:50])) == 50
    assert shown == [f"{each['title']} {each['id']}" for each in told]


async def test_the_desk_is_looked_at_as_it_was(demonstration: Up, browser: Browser) -> None:
    async with looking(browser, demonstration.url, locale="fr-FR") as here:
        await here.go("desk")
        await here.page.get_by_label("Fin du jour").fill("2023-12-31")
        await here.page.get_by_role("button", name="Montrer").click()
        await here.page.wait_for_url("**as_of=2023-12-31*")
        assert "31 décembre 2023" in await here.text(".lead")
        await here.page.get_by_role("link", name="En retard").click()
        await here.page.wait_for_url("**overdue=true*")
        query = {"overdue": "true", "as_of": "2023-12-31"}
        told = demonstration.client.get("/plan-registry/v1/actions", params=query).json()["actions"]
        assert [each["title"] + " " + each["id"] for each in told] == await column(here, 1)
        assert told
        async with here.page.expect_download() as download:
            await here.page.get_by_role("link", name="CSV", exact=True).click()
        taken = (await (await download.value).path()).read_text()
        assert taken.count("\n") == len(told) + 1
