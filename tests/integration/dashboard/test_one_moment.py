"""Whatever stands on a page, and whatever a page leads to, is of the one moment that the page shows."""

import html
import json
import re
from typing import Any

import httpx
import pytest

from folding import CATALOGUE
from system import System
from taken import of_csv

EVIDENCE = "/kpis/SO1.completion/evidence"
PERIOD: dict[str, Any] = {"period": "2022-23"}


@pytest.fixture
async def system(system: System) -> System:
    """A plan, and nothing else."""
    await system.adopt()
    return system


def link(page: httpx.Response, pattern: str) -> str:
    """Return where the one link of a page leads whose markup, up to its address, matches a pattern."""
    (found,) = set(re.findall(f'<a {pattern}href="([^"]*)"', page.text))
    return str(page.url.join(html.unescape(found)))


async def published(system: System, actions: int) -> None:
    """Publish an Implementation Plan with an action, and add others to it one by one."""
    action = {"objective": "SO1", "title": "An action", "due_on": "2023-06-30"}
    plan = {"plan": "sp-2022-2025", **PERIOD, "actions": [{"id": "first", **action}]}
    await system.post("plan-registry", "implementation-plan.published", "2022-23", **plan)
    for number in range(actions):
        place = await system.post("plan-registry", "action.added", f"a-{number}", **PERIOD, **action)
    await system.shown(place)


def lead(page: httpx.Response) -> str:
    """Return what stands above the table of evidence."""
    (found,) = re.findall('<p class="lead">(.*?)</p>', page.text, flags=re.DOTALL)
    return str(found)


async def test_the_second_page_of_evidence_is_of_the_moment_of_the_first_whatever_is_recorded_between(
    system: System,
) -> None:
    await published(system, actions=55)
    first = await system.client.get(EVIDENCE, params=PERIOD)
    await system.shown(await system.post("plan-registry", "action.completed", "a-0", completed_on="2022-09-01"))
    second = await system.client.get(link(first, 'rel="next" '))
    assert lead(second) == lead(first)
    assert "0 / 56" in lead(first)
    assert 'class="badge past"' in second.text
    again = await system.client.get(link(second, 'class="citation" '))
    assert (
        again.text.partition("<table")[2].partition("</table>")[0]
        == (second.text.partition("<table")[2].partition("</table>")[0])
    )
    assert lead(await system.client.get(EVIDENCE, params=PERIOD)) != lead(first)


@pytest.mark.parametrize(
    "path", ["/", "/kpis/SO1.completion", "/kpis/SO1.completion/history", EVIDENCE, "/compare", "/desk/actions"]
)
async def test_a_file_is_of_the_moment_of_the_page_that_it_is_taken_from(system: System, path: str) -> None:
    await published(system, actions=2)
    page = await system.client.get(path, params=PERIOD)
    files = {
        str(page.url.join(html.unescape(each)))
        for each in re.findall(r'href="([^"]*)" download', page.text)
        if ".csv" in each
    }
    assert files != set()
    before = {each: (await system.client.get(each)).content for each in files}
    await system.shown(await system.post("plan-registry", "action.completed", "a-0", completed_on="2022-09-01"))
    for each, content in before.items():
        assert (await system.client.get(each)).content == content, each


async def test_a_cited_comparison_stays_the_same_when_the_plan_is_revised(
    system: System,
) -> None:
    await published(system, actions=2)
    page = await system.client.get("/compare", params=PERIOD)
    cited = link(page, 'class="citation" ')
    before = await system.client.get(cited)
    assert "WCO Strategic Plan 2022-2025" in before.text
    plan = json.loads(CATALOGUE.read_bytes())
    revision = {**plan, "title": "Another title", "notice": "All of this is made up.", "reason": "It was wrong."}
    await system.shown(await system.post("plan-registry", "plan.revised", "sp-2022-2025", **revision))
    assert (await system.client.get(cited)).text == before.text
    assert "Another title" in (await system.client.get("/compare", params=PERIOD)).text


async def test_the_history_as_of_positions_ends_where_each_log_was_read_to(system: System) -> None:
    await published(system, actions=2)
    seen = await system.get("kpis/SO1.completion", **PERIOD)
    behind = ",".join(f"{log}:{position}" for log, position in seen["as_of"]["positions"].items())
    await system.post("plan-registry", "action.completed", "a-0", completed_on="2022-09-01")
    operation = {"title": "An operation", "starts_on": "2022-09-01", "ends_on": "2022-09-30", "participants": []}
    place = await system.post("operations-feed", "operation.launched", "op", **operation)
    await system.shown(place)
    # The moment of these positions is that of the operation, which was launched after the action was completed.
    query = {**PERIOD, "as_of": behind.replace("operations-feed:0", place)}
    figure = (await system.get("kpis/SO1.completion", **query))["kpi"]
    page = await system.client.get("/kpis/SO1.completion/history", params=query)
    assert "action completed" not in page.text
    taken = of_csv((await system.client.get("/kpis/SO1.completion/history.csv", params=query)).content)
    assert (taken[-1]["numerator"], taken[-1]["denominator"]) == (figure["numerator"], figure["denominator"])
    assert f"{len(taken)} entries" in page.text
