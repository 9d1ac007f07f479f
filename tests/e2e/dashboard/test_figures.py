"""What a view shows is what the services answer, down to the event that it rests on."""

import hashlib
import re
from typing import Any

import pytest
from playwright.async_api import Browser

from e2e.command_line.commands import Up
from e2e.dashboard.looking import looking

pytestmark = pytest.mark.asyncio(loop_scope="module")


def responded(kpi: dict[str, Any]) -> str:
    """Return what is said beside a rating."""
    answered, invited = kpi["response"]["answered"], kpi["response"]["invited"]
    return {0: "no survey", None: f"{answered} Member"}.get(invited, f"{answered} of {invited} Members (")


@pytest.mark.parametrize(("period", "as_of"), [("2023-24", None), ("2024-25", "2025-01-31"), ("sp-2022-2025", None)])
async def test_every_kpi_stands_in_the_map_with_its_value_status_target_and_response(
    demonstration: Up, browser: Browser, period: str, as_of: str | None
) -> None:
    query = {"period": period} | ({"as_of": as_of} if as_of else {})
    answer = demonstration.get("/kpi-projector/v1/scorecard", **query)
    async with looking(browser, demonstration.url) as here:
        await here.go("?" + "&".join(f"{name}={value}" for name, value in query.items()))
        assert await here.page.locator('[data-live][id^="kpi-"]').count() == len(answer["kpis"])
        for kpi in answer["kpis"]:
            tile = f'[id="kpi-{kpi["id"]}"]'
            shown = await here.text(f"{tile} .value")
            if kpi["value"] is None:
                assert "no data" in shown
            elif kpi["unit"] == "count":
                assert shown == f"{kpi['value']:,}"
            else:
                assert float(shown.rstrip("%")) == pytest.approx(kpi["value"], abs=0.0501)
            assert await here.text(f"{tile} .status") == kpi["status"].replace("_", " ")
            assert (
                await here.page.locator(f"{tile} .status use").first.get_attribute("href") == f"#shape-{kpi['status']}"
            )
            if kpi["target"]["rule"] == "at_least":
                assert f"at least {kpi['target']['value']}" in await here.text(tile)
            if kpi.get("provisional") is not None:
                assert f"provisional {kpi['provisional']:,}" in await here.text(f"{tile} .figure")
            if "response" in kpi:
                assert responded(kpi) in await here.text(f"{tile} .responses")
        plan = here.page.locator(".overall li")
        for index, each in enumerate([*demonstration.get("/kpi-projector/v1/plan")["periods"], {"id": answer["plan"]}]):
            whole = demonstration.get("/kpi-projector/v1/kpis/RES.completion", **{**query, "period": each["id"]})["kpi"]
            status = plan.nth(index).locator(".status")
            assert await status.inner_text() == whole["status"].replace("_", " ")
            assert await status.locator("use").get_attribute("href") == f"#shape-{whole['status']}"
        assert [await each.inner_text() for each in await here.page.locator(".band > h2").all()] == [
            "RESULTS", "MEMBERS’ PERSPECTIVE", "WCO FUNCTIONS", "WCO FOCUS", "WCO IMPROVEMENT"
        ]  # fmt: skip


async def test_how_many_answered_stands_beside_a_rating_of_each_period_and_of_each_moment(
    demonstration: Up, browser: Browser
) -> None:
    periods = [each["id"] for each in demonstration.get("/kpi-projector/v1/plan")["periods"]]
    compared = {"period": "2024-25", "from": "2025-03-31", "to": "2025-06-30"}
    changes = demonstration.get("/kpi-projector/v1/changes", **compared)["kpis"]
    rated = [each for each in changes if "response" in each["to"]]
    assert rated
    async with looking(browser, demonstration.url) as here:
        await here.go("kpis/SO1.satisfaction?period=2024-25")
        for index, period in enumerate(periods):
            kpi = demonstration.get("/kpi-projector/v1/kpis/SO1.satisfaction", period=period)["kpi"]
            assert responded(kpi) in await here.text(f".columns li:nth-child({index + 1})")
        await here.go("compare?" + "&".join(f"{name}={value}" for name, value in compared.items()))
        for each in rated:
            sides = here.page.locator(f'[id="change-{each["id"]}"] .sides > div')
            for index, side in enumerate(("from", "to")):
                assert responded(each[side]) in " ".join((await sides.nth(index).inner_text()).split())


async def test_one_kpi_has_the_plan_s_words_its_fraction_and_its_groups(demonstration: Up, browser: Browser) -> None:
    plan = demonstration.get("/kpi-projector/v1/plan")
    said = next(kpi for kpi in plan["kpis"] if kpi["id"] == "SO1.instruments")
    answer = demonstration.get("/kpi-projector/v1/kpis/SO1.instruments", period="2023-24", by="region")
    async with looking(browser, demonstration.url, locale="fr-FR") as here:
        await here.go("kpis/SO1.instruments?period=2023-24")
        for name in ("activity", "description", "type", "note"):
            told = here.page.locator(".said dd", has_text=said[name])
            assert await told.first.get_attribute("lang") == "en"
        assert await here.text(".fraction") == "721 1 162"
        rows = here.page.locator('section[aria-labelledby="by-region"] tbody tr')
        assert await rows.count() == len(answer["groups"])
        first = answer["groups"][0]
        assert f"{first['numerator']}" in await rows.first.inner_text()


async def test_from_a_kpi_it_is_three_steps_to_the_bytes_of_an_event(demonstration: Up, browser: Browser) -> None:
    async with looking(browser, demonstration.url) as here:
        await here.go("?period=2023-24")
        await here.page.get_by_role("link", name="Funds for aligned capacity building").click()
        await here.page.get_by_role("link", name="The events that it rests on").click()
        await here.page.wait_for_url("**/kpis/SP3.funds/evidence?*")
        place = here.page.locator("a.place").first
        name = (await place.inner_text()).replace("\N{NO-BREAK SPACE}", " ")
        await place.click()
        await here.page.get_by_role("heading", name="The event, as it is recorded").wait_for()
        log, sequence = name.split()
        recorded = demonstration.client.get(f"/{log}/v1/events/{sequence}")
        assert await here.text(".digest") == hashlib.sha256(recorded.content).hexdigest()
        link = here.page.get_by_role("link", name=f"/{log}/v1/events/{sequence}")
        target = await link.evaluate("(link) => link.href")
        assert demonstration.client.get(target).content == recorded.content
        written = await here.page.locator(".json").inner_text()
        assert re.sub(r"\s", "", written) == re.sub(r"\s", "", recorded.text)


async def test_history_comes_into_the_page_of_a_kpi_with_its_restatements_and_what_caused_them(
    demonstration: Up, browser: Browser
) -> None:
    async with looking(browser, demonstration.url) as here:
        await here.go("kpis/SP2.seizures?period=2023-24")
        await here.page.locator("#history").scroll_into_view_if_needed()
        await here.page.locator("#history .restatements li").first.wait_for()
        told = [await each.inner_text() for each in await here.page.locator("#history .restatements li").all()]
        assert ["460 → 298" in told[0], "298 → 479" in told[1]] == [True, True]
        assert all(
            "report on an operation published" in each and "synthetic-harbour-light-2024" in each for each in told
        )
        await here.page.locator("#history .restatements a.place").first.click()
        await here.page.get_by_role("heading", name="The event, as it is recorded").wait_for()
        assert '"stage": "final"' in await here.page.locator(".json").inner_text()


async def test_two_moments_side_by_side_show_what_changed_why_and_by_which_events(
    demonstration: Up, browser: Browser
) -> None:
    query = {"period": "2023-24", "from": "2025-01-19", "to": "2025-01-20"}
    answer = demonstration.get("/kpi-projector/v1/changes", **query)
    async with looking(browser, demonstration.url) as here:
        await here.go("compare?period=2023-24")
        await here.page.get_by_label("From the end of").fill(query["from"])
        await here.page.get_by_label("to the end of").fill(query["to"])
        await here.page.get_by_role("button", name="Compare").click()
        await here.page.wait_for_url("**/compare?*from=2025-01-19*")
        assert await here.page.locator(".change").count() == len(answer["kpis"]) > 0
        seizures = await here.text('[id="change-SP2.seizures"]')
        for part in (
            "460",
            "298",
            "events changed its facts",
            "report on an operation published",
            "operations-feed 758",
        ):
            assert part in seizures
