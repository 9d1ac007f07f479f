"""The lists of focus areas with their reviews, of the Members on a day, and of baselines."""

import json
from typing import Any

from folding import CATALOGUE
from integration.lists.conftest import Lists


async def review(lists: Lists, area: str, period: str, decision: str, **more: Any) -> None:
    await lists.post("focus-area.reviewed", area, period=period, decision=decision, reviewed_on="2022-12-01", **more)


async def areas(lists: Lists) -> dict[str, Any]:
    return {row["id"]: row for row in (await lists.get("/v1/focus-areas"))["focus_areas"]}


async def test_the_plans_focus_areas_are_listed_without_reviews_at_first(registry: Lists) -> None:
    found = await areas(registry)
    assert list(found) == ["FA1", "FA2", "FA3"]
    assert all(not row["introduced"] and row["reviews"] == [] for row in found.values())


async def test_a_focus_area_has_its_reviews_over_the_years(registry: Lists) -> None:
    await review(registry, "FA1", "2022-23", "continued")
    await review(registry, "FA4", "2022-23", "introduced", title="New")
    await review(registry, "FA1", "2023-24", "replaced", replaced_by="FA4")
    found = await areas(registry)
    assert [(each["period"], each["decision"], each["replaced_by"]) for each in found["FA1"]["reviews"]] == [
        ("2022-23", "continued", None),
        ("2023-24", "replaced", "FA4"),
    ]
    assert (found["FA4"]["introduced"], found["FA4"]["title"]) == (True, "New")


async def test_a_focus_area_is_called_what_the_last_review_that_named_it_says(registry: Lists) -> None:
    await review(registry, "FA1", "2022-23", "continued", title="Renamed")
    await review(registry, "FA1", "2023-24", "continued")
    plan = json.loads(CATALOGUE.read_bytes())
    for objective in plan["objectives"]:
        objective["title"] += " revised"
    await registry.post("plan.revised", "sp-2022-2025", **plan, reason="titles")
    found = await areas(registry)
    assert found["FA1"]["title"] == "Renamed"
    assert found["FA2"]["title"].endswith(" revised")


async def test_the_members_are_those_of_the_list_that_holds_on_the_day(registry: Lists) -> None:
    ken, fra = {"iso3": "KEN", "region": "ESA"}, {"iso3": "FRA", "region": "EUR"}
    await registry.post("members.listed", "members", effective_on="2022-07-01", members=[ken])
    await registry.post("members.listed", "members", effective_on="2023-07-01", members=[ken, fra])
    assert await listed(registry, "2022-06-30") == []
    assert await listed(registry, "2022-07-01") == [("KEN", "ESA")]
    assert await listed(registry, "2023-07-01") == [("FRA", "EUR"), ("KEN", "ESA")]
    assert await listed(registry, "2023-07-01", region="EUR") == [("FRA", "EUR")]


async def test_of_two_lists_from_one_day_the_one_recorded_last_holds(registry: Lists) -> None:
    for members in ([{"iso3": "KEN", "region": "ESA"}], [{"iso3": "FRA", "region": "EUR"}]):
        await registry.post("members.listed", "members", effective_on="2022-07-01", members=members)
    assert await listed(registry, "2023-01-01") == [("FRA", "EUR")]


async def listed(lists: Lists, on: str, **query: str) -> list[tuple[str, str]]:
    rows = (await lists.get("/v1/members", on=on, **query))["members"]
    return [(row["iso3"], row["region"]) for row in rows]


async def test_a_kpis_baseline_is_the_one_recorded_last(registry: Lists) -> None:
    for value in ("10", "12.50"):
        await registry.post("baseline.set", "SP2.seizures", value=value, measured_on="2022-06-30", source="B")
    [row] = (await registry.get("/v1/baselines"))["baselines"]
    assert (row["kpi"], row["value"]) == ("SP2.seizures", "12.50")
