"""What an event changed is shown once it is recorded, in whatever period that is."""

import html
import json
import re

from dashboard.field import Values
from folding import CATALOGUE
from integration.dashboard.forms import send
from system import System


async def test_what_an_event_changed_is_shown_once_the_figures_have_it(system: System) -> None:
    await system.adopt()
    days = {"starts_on": "2022-10-01", "ends_on": "2022-10-31"}
    await system.post("operations-feed", "operation.launched", "op", title="One", participants=[], **days)
    values: Values = {
        "/id": ["mine"], "/source": ["urn:example:tests"], "/subject": ["op"], "/data/stage": ["final"],
        "/data/published_on": ["2022-12-01"], "/data/totals/seizures": ["7"],
    }  # fmt: skip
    answer = await send(system, "operation.report-published", values, "record")
    page = (await system.client.get(f"/enter/{answer.headers['location']}")).text
    # Whatever period the page is of: also the period after differs, which is held against this one.
    assert re.findall("<h3>(.*)</h3>", page) == ["2022–23", "2023–24", "Whole plan"]
    assert page.count('<span class="code">SP2.seizures</span>') == 3
    assert '<span class="code">SO1.completion</span>' not in page
    compared = re.findall(r'href="([^"]*compare[^"]*)"', page.partition("<main")[2])
    assert ["period=2022-23" in each for each in compared] == [True, False, False]
    for each in compared:
        beside = await system.client.get(f"/recorded/operations-feed/{html.unescape(each)}")
        assert (beside.status_code, 'id="change-SP2.seizures"' in beside.text) == (200, True)


async def test_a_correction_in_a_period_that_is_over_is_told_of_that_period(system: System) -> None:
    await system.adopt()
    days = {"starts_on": "2023-10-01", "ends_on": "2023-10-31"}
    await system.post("operations-feed", "operation.launched", "op", title="One", participants=[], **days)
    for totals in ({"seizures": 7}, {"seizures": 8}):
        place = await system.post(
            "operations-feed", "operation.report-published", "op", stage="final", published_on="2023-12-01",
            totals=totals,
        )  # fmt: skip
    log, _, sequence = place.partition(":")
    page = (await system.client.get(f"/recorded/{log}/{sequence}?period=2024-25")).text
    assert re.findall("<h3>(.*)</h3>", page) == ["2023–24", "2024–25", "Whole plan"]
    unmoved = (await system.client.get(f"/recorded/{log}/1")).text
    assert re.findall("<h3>(.*)</h3>", unmoved) == []
    assert "No indicator, neither of the whole plan nor of any of its periods." in unmoved


async def test_a_period_that_an_event_adds_to_the_plan_is_not_compared_with_what_was_not(system: System) -> None:
    await system.adopt()
    plan = json.loads(CATALOGUE.read_bytes())
    plan["periods"].append({"id": "2025-26", "starts_on": "2025-07-01", "ends_on": "2026-06-30"})
    place = await system.post(
        "plan-registry", "plan.revised", "sp-2022-2025", **{**plan, "ends_on": "2026-06-30"}, reason="one year more"
    )
    page = await system.client.get(f"/recorded/{place.replace(':', '/')}")
    assert page.status_code == 200
    assert "2025–26" not in re.findall("<h3>(.*)</h3>", page.text)
