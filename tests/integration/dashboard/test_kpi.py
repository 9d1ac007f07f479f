"""What stands beside the figure of a KPI: its provisional figure, and who answered."""

import re
from typing import Any

import pytest

from system import System
from taken import of_csv

PERIOD: dict[str, Any] = {"period": "2022-23"}


@pytest.fixture
async def system(system: System) -> System:
    """A plan, a survey that one of two Members answered, and an operation with an interim report."""
    await system.adopt()
    days = {"starts_on": "2022-10-01", "ends_on": "2022-10-31"}
    await system.post("operations-feed", "operation.launched", "op", title="Op", participants=["FRA"], **days)
    await published(system, seizures=7)
    survey: dict[str, Any] = {"kind": "annual", "title": "A survey", "scale": {"min": 1, "max": 5}}
    survey |= {"opens_on": "2022-10-01", "closes_on": "2022-10-31", "topics": ["SP1"], "invited": ["FRA", "FJI"]}
    await system.post("survey-intake", "survey.opened", "s", **survey)
    await answered(system, "FRA")
    return system


async def published(system: System, seizures: int) -> None:
    report = {"stage": "interim", "published_on": "2022-12-01", "totals": {"seizures": seizures}}
    await system.shown(await system.post("operations-feed", "operation.report-published", "op", **report))


async def answered(system: System, member: str) -> None:
    answer = {"member": member, "submitted_on": "2022-10-02", "ratings": {"SP1": 4}}
    await system.shown(await system.post("survey-intake", "survey.submitted", "s", **answer))


async def test_over_the_periods_a_provisional_figure_stands_where_there_is_no_other(system: System) -> None:
    page = await system.client.get("/kpis/SP2.seizures", params=PERIOD)
    columns = page.text.partition('id="columns"')[2].partition("</ul>")[0].split("<li")[1:]
    told = ['class="provisional"' in column and "<b>7</b>" in column for column in columns]
    assert told == [True, False, False, True]  # two years that have nothing, and the plan as a whole


@pytest.mark.parametrize(
    ("kpi", "thing"), [("SP1.satisfaction", "desk/surveys/s"), ("SP2.seizures", "desk/operations/op")]
)
async def test_a_kpi_leads_from_a_survey_or_an_operation_to_its_page(system: System, kpi: str, thing: str) -> None:
    report = {"stage": "final", "published_on": "2023-01-01", "totals": {"seizures": 3}}
    await system.shown(await system.post("operations-feed", "operation.report-published", "op", **report))
    page = await system.client.get(f"/kpis/{kpi}", params=PERIOD)
    found = re.search(f'href="([^"]*{thing}[^"]*)"', page.text)
    assert found is not None
    answer = await system.client.get(str(page.url.join(found[1].replace("&amp;", "&"))))
    assert answer.status_code == 200


@pytest.mark.parametrize("part", ["", "/history", "/evidence"])
async def test_beside_a_rating_stands_who_answered(system: System, part: str) -> None:
    page = await system.client.get(f"/kpis/SP1.satisfaction{part}", params=PERIOD)
    assert "1 of 2 Members" in page.text


async def test_a_comparison_that_is_taken_away_has_all_that_may_differ_from_both_moments(system: System) -> None:
    before = (await system.get("scorecard", **PERIOD))["as_of"]["time"]
    await published(system, seizures=9)
    await answered(system, "FJI")
    await system.shown(
        await system.post(
            "plan-registry", "baseline.set", "SP1.satisfaction", value="70", measured_on="2022-06-30", source="survey"
        )
    )
    taken = await system.client.get("/compare.csv", params={**PERIOD, "from": before})
    rows = {row["id"]: row for row in of_csv(taken.content)}
    seizures, rating = rows["SP2.seizures"], rows["SP1.satisfaction"]
    assert (seizures["from_provisional"], seizures["to_provisional"]) == ("7", "9")
    assert (rating["from_reference_value"], rating["to_reference_value"]) == ("", "70")
    assert (rating["from_answered"], rating["to_answered"]) == ("1", "2")
    assert (rating["from_invited"], rating["to_invited"]) == ("2", "2")
