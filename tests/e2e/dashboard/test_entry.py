"""Events are entered in a browser: by keys alone, checked as one types, and without any script."""

from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from e2e.command_line.commands import Up
from e2e.dashboard.looking import Looking, looking
from e2e.dashboard.views import NARROW_AND_DARK, WIDE_AND_LIGHT

pytestmark = pytest.mark.asyncio(loop_scope="module")

FORMS = ["operation.launched", "survey.submitted", "members.listed", "plan.adopted"]


def recorded(up: Up, subject: str) -> list[Any]:
    """The operations' events of a subject."""
    answer = up.client.get("/operations-feed/v1/events", params={"subject": subject})
    events: list[Any] = answer.json()
    return events


async def typed(page: Page, label: str, text: str) -> None:
    """Go on by the Tab key until a control has the focus, and type."""
    control = page.get_by_label(label, exact=False).first
    for _ in range(40):
        if await control.evaluate("(control) => control === document.activeElement"):
            break
        await page.keyboard.press("Tab")
    await expect(control).to_be_focused()
    await page.keyboard.type(text)


async def pressed(page: Page, name: str) -> None:
    """Go on by the Tab key until a button has the focus, and press it."""
    button = page.get_by_role("button", name=name)
    for _ in range(40):
        if await button.evaluate("(button) => button === document.activeElement"):
            break
        await page.keyboard.press("Tab")
    await expect(button).to_be_focused()
    await page.keyboard.press("Enter")


async def test_an_event_is_entered_by_keys_alone(system: Up, browser: Browser) -> None:
    async with looking(browser, system.url) as here:
        await here.go("enter")
        link = here.page.get_by_role("link", name="Operation launched")
        await link.focus()
        await here.page.keyboard.press("Enter")
        await here.page.wait_for_url("**/enter/operation.launched")
        await typed(here.page, "Subject", "by-keys")
        await typed(here.page, "Title", "Operation Keyboard")
        # A day that is its month's number too is the same in whatever order the browser wants them.
        await typed(here.page, "Starts on", "03032025")
        await typed(here.page, "Ends on", "04042025")
        await pressed(here.page, "Add Participants")
        row = here.page.get_by_label("Participants 1", exact=True)
        await expect(row).to_be_focused()
        await here.page.keyboard.type("FRA")
        await pressed(here.page, "Record")
        await here.page.wait_for_url("**/recorded/operations-feed/*")
        assert "It is recorded." in await here.text(".outcome")
    (event,) = recorded(system, "by-keys")
    assert event["source"] == "urn:wco-kpi:dashboard"
    assert event["data"] == {
        "title": "Operation Keyboard",
        "starts_on": "2025-03-03",
        "ends_on": "2025-04-04",
        "participants": ["FRA"],
    }


async def test_what_is_wrong_is_shown_as_one_types_and_goes_when_it_is_mended(system: Up, browser: Browser) -> None:
    async with looking(browser, system.url) as here:
        await here.go("enter/operation.launched")
        subject = here.page.get_by_label("Subject")
        await subject.press_sequentially("not an id")
        fault = here.page.locator('[id="/subject~fault"]')
        await expect(fault).to_contain_text("must be an id")
        await expect(subject).to_have_attribute("aria-invalid", "true")
        # Of what nobody has been at yet nothing is said.
        await expect(here.page.locator('[id="/data/title~fault"]')).to_be_hidden()
        await expect(here.page.locator("#announcements")).to_contain_text("Subject: must be an id")
        await subject.fill("an-id")
        await expect(fault).to_be_hidden()
        await expect(subject).not_to_have_attribute("aria-invalid", "true")
        await expect(here.page.locator("#announcements")).not_to_contain_text("must be an id")
        await here.page.get_by_label("Title").fill("One")
        await here.page.get_by_label("Starts on").fill("2025-03-02")
        await here.page.get_by_label("Ends on").fill("2025-03-01")
        await expect(here.page.locator('[id="/data/ends_on~fault"]')).to_contain_text("must not be before starts_on")
        await here.page.get_by_label("Starts on").fill("2025-02-01")
        await expect(here.page.locator('[id="/data/ends_on~fault"]')).to_be_hidden()
        await expect(here.page.locator("#verdict")).to_have_text("It would be recorded.")
    assert recorded(system, "an-id") == []


async def test_what_is_wrong_is_said_in_french_as_one_types(system: Up, browser: Browser) -> None:
    async with looking(browser, system.url, locale="fr-FR") as here:
        await here.go("enter/operation.launched")
        await here.page.get_by_label("Sujet").press_sequentially("not an id")
        fault = here.page.locator('[id="/subject~fault"]')
        await expect(fault).to_contain_text("doit être un identifiant")
        await expect(here.page.locator("#announcements")).to_contain_text("Sujet: doit être un identifiant")
        await here.page.get_by_label("Commence le").fill("2025-03-02")
        await here.page.get_by_label("Se termine le").fill("2025-03-01")
        await expect(here.page.locator('[id="/data/ends_on~fault"]')).to_have_text(
            "ne doit pas précéder « Commence le », qui est le 2 mars 2025"
        )
        # No reader reads it as English.
        assert not await here.page.locator(".fault").filter(visible=True).locator("css=[lang]").count()
        assert await here.faults() == []


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without any"])
async def test_what_is_typed_stays_when_the_language_is_switched(system: Up, browser: Browser, script: bool) -> None:
    async with looking(browser, system.url, java_script_enabled=script) as here:
        await here.go("enter/operation.launched?subject=switched&period=2023-24")
        await here.page.locator('[id="/data/title"]').fill("Both\nlanguages")
        await here.page.get_by_role("button", name="Add Participants").click()
        await here.page.locator('[id="/data/participants/0"]').fill("FRA")
        await here.page.locator('[id="/data/starts_on"]').fill("2025-03-01")
        await here.page.get_by_role("button", name="Français").click()
        await here.page.wait_for_url("**/enter/operation.launched?period=2023-24&lang=fr")
        await expect(here.page.locator("html")).to_have_attribute("lang", "fr")
        shown = {
            name: await here.page.locator(f'[id="{name}"]').input_value()
            for name in ("/subject", "/data/title", "/data/starts_on", "/data/participants/0")
        }
        assert shown == {
            "/subject": "switched",
            "/data/title": "Both\nlanguages",
            "/data/starts_on": "2025-03-01",
            "/data/participants/0": "FRA",
        }
        assert not await here.page.locator(".fault").filter(visible=True).count()
        # Enter in a field checks, and stays with the language.
        await here.page.locator('[id="/subject"]').press("Enter")
        await expect(here.page.locator("#summary")).to_be_focused()
        await expect(here.page.locator("html")).to_have_attribute("lang", "fr")
        await here.page.get_by_role("button", name="English").click()
        await expect(here.page.locator("html")).to_have_attribute("lang", "en")
        assert await here.page.locator('[id="/data/participants/0"]').input_value() == "FRA"


async def refused(here: Looking) -> None:
    """A form of which something is refused: what is wrong is listed first, and each item leads to its field."""
    await here.go("enter/operation.launched")
    await here.page.get_by_label("Title").fill("Kept\nas it is")
    await here.page.get_by_role("button", name="Record").click()
    await expect(here.page.locator("#summary")).to_be_focused()
    assert "Nothing is recorded" in await here.text("#summary")
    assert await here.page.get_by_label("Title").input_value() == "Kept\nas it is"
    await here.page.locator("#summary").get_by_role("link", name="Starts on").click()
    await expect(here.page.get_by_label("Starts on")).to_be_focused()
    assert await here.page.get_by_label("Title").input_value() == "Kept\nas it is"


async def test_a_refusal_lists_what_is_wrong_and_leads_to_each_field(system: Up, browser: Browser) -> None:
    async with looking(browser, system.url, silent=False) as here:
        await refused(here)
        assert await here.faults() == []
        # Its status is not 200, which the browser itself says.
        assert all("Failed to load resource" in each for each in here.wrong)


async def test_without_any_script_an_event_is_entered_all_the_same(system: Up, browser: Browser) -> None:
    async with looking(browser, system.url, silent=False, java_script_enabled=False) as here:
        await here.go("enter/operation.launched")
        await here.page.get_by_role("button", name="Record").click()
        await here.page.get_by_label("Subject").fill("no-script")
        await here.page.get_by_label("Title").fill("Operation Paper")
        await here.page.get_by_label("Starts on").fill("2025-03-01")
        await here.page.get_by_label("Ends on").fill("2025-03-31")
        for index, member in enumerate(("FRA", "JPN"), 1):
            await here.page.get_by_role("button", name="Add Participants").click()
            await here.page.get_by_label(f"Participants {index}", exact=True).fill(member)
        await here.page.get_by_role("button", name="Remove Participants 1").click()
        await here.page.get_by_role("button", name="Record").click()
        await here.page.wait_for_url("**/recorded/operations-feed/*")
    (event,) = recorded(system, "no-script")
    assert event["data"]["participants"] == ["JPN"]


@pytest.mark.parametrize("look", [WIDE_AND_LIGHT, NARROW_AND_DARK], ids=["wide", "narrow"])
@pytest.mark.parametrize("name", FORMS)
async def test_axe_finds_nothing_in_a_form_with_rows_and_faults_and_nothing_hangs_over(
    system: Up, browser: Browser, name: str, look: dict[str, Any]
) -> None:
    async with looking(browser, system.url, **look) as here:
        await here.go(f"enter/{name}")
        viewport = here.page.viewport_size
        assert viewport is not None
        for _ in range(3):
            add = here.page.locator('button[value^="add:"]')
            for at in range(min(await add.count(), 3)):
                await add.nth(at).click()
        await here.page.get_by_role("button", name="Vérifier" if look["locale"] == "fr-FR" else "Check").last.click()
        await expect(here.page.locator("#summary")).to_be_focused()
        assert await here.page.locator("html").get_attribute("lang") == str(look["locale"])[:2]
        assert await here.faults() == []
        assert await here.width() <= viewport["width"]
