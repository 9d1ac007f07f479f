"""A history is drawn from all of its entries, however many there are, and its table is in pages."""

import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from folding import CATALOGUE
from histories import History
from system import System, opened, restored
from wco_events.event_type import LogName

OPERATIONS = 1_005
"""More than a page of the projector's history has."""
BEGINNING = datetime(2022, 7, 1, tzinfo=UTC)
pytestmark = pytest.mark.asyncio(loop_scope="module")
HISTORY = "/kpis/SP2.seizures/history"


def recorded(log: LogName, sequence: int, kind: str, subject: str, version: int, data: dict[str, Any]) -> bytes:
    event = {
        "specversion": "1.0",
        "id": f"{log}-{sequence}",
        "source": "urn:example:tests",
        "type": f"org.wcoomd.{kind}.v1",
        "subject": subject,
        "datacontenttype": "application/json",
        "data": data,
        "sequence": f"{sequence:016d}",
        "recordedtime": (BEGINNING + timedelta(hours=sequence)).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "subjectversion": version,
    }
    return json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def operations() -> Iterator[bytes]:
    """Yield an operation after the other, each with its final report; at the end the first one's is another."""
    sequence = 0
    days = {"starts_on": "2022-08-01", "ends_on": "2022-08-31", "participants": []}
    final = {"stage": "final", "published_on": "2022-07-01"}
    for number in range(OPERATIONS):
        name = f"op-{number}"
        yield recorded("operations-feed", sequence + 1, "operation.launched", name, 1, {"title": name, **days})
        told = {**final, "totals": {"seizures": 1}}
        yield recorded("operations-feed", sequence + 2, "operation.report-published", name, 2, told)
        sequence += 2
    told = {**final, "totals": {"seizures": 3}}
    yield recorded("operations-feed", sequence + 1, "operation.report-published", "op-0", 3, told)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """A plan, and so many operations that their history is in several pages."""
    folder = tmp_path_factory.mktemp("system")
    plan = json.loads(CATALOGUE.read_bytes())
    adoption = recorded("plan-registry", 0, "plan.adopted", "sp-2022-2025", 1, plan)
    adopted = adoption.replace(f'"{0:016d}"'.encode(), f'"{1:016d}"'.encode())
    history: History = {"plan-registry": [adopted], "survey-intake": [], "operations-feed": list(operations())}
    await restored(folder, history)
    async with AsyncExitStack() as stack:
        system = await opened(stack, folder)
        await system.shown(f"operations-feed:{len(history['operations-feed'])}")
        yield system


def texts(page: str, begin: str, end: str) -> list[str]:
    """Return what stands between two pieces of markup, as text."""
    return [
        " ".join(re.sub("<[^>]*>", " ", each).split())
        for each in re.findall(f"{begin}(.*?){end}", page, flags=re.DOTALL)
    ]


async def test_the_drawing_and_the_restatements_are_of_every_entry_and_the_table_is_in_pages(system: System) -> None:
    address: str | None = f"{HISTORY}?period=2022-23"
    values: list[str] = []
    while address is not None:
        page = await system.client.get(address)
        assert page.status_code == 200
        assert f"{OPERATIONS + 2} entries" in page.text
        # What was stated a thousand entries before is stated anew.
        (restatement,) = texts(page.text, '<li><span class="mark"', "</li>")
        assert "1,005 → 1,007, stated anew" in restatement
        assert "op-0" in restatement
        # The last level is the highest, and is reached at the end.
        treads = re.findall(r'class="tread" x1="([0-9.]+)%" x2="([0-9.]+)%" y1="([0-9.]+)%" y2="([0-9.]+)%"', page.text)
        level = [(float(x2), float(y1)) for x1, x2, y1, y2 in treads if x1 != x2]
        assert len(level) > 2
        assert max(level)[1] == min(y for _, y in level)
        values += [row.split(" UTC ")[1].split(" ")[0] for row in texts(page.text, "<tr><td", "</tr>")]
        following = re.search('rel="next" href="([^"]*)"', page.text)
        address = following and str(page.url.join(following[1].replace("&amp;", "&")))
    assert values == ["1,007", *(f"{number:,}" for number in range(OPERATIONS, 0, -1)), "–"]


async def test_a_page_of_a_history_leads_to_the_one_before(system: System) -> None:
    query = {"period": "2022-23", "cursor": "500"}
    page = await system.client.get(HISTORY, params=query)
    previous = re.search('rel="prev" href="([^"]*)"', page.text)
    assert previous is not None
    assert "cursor=600" in previous[1]
    assert 'rel="prev"' not in (await system.client.get(HISTORY, params=query | {"cursor": "950"})).text
    wrong = await system.client.get(HISTORY, params=query | {"cursor": "mine"})
    assert wrong.status_code == 422


async def test_a_history_of_a_past_moment_ends_there(system: System) -> None:
    as_of = (BEGINNING + timedelta(hours=6)).strftime("%Y-%m-%dT%H:%M:%SZ")
    page = await system.client.get(HISTORY, params={"period": "2022-23", "as_of": as_of})
    assert "4 entries" in page.text
    assert "None." in page.text


async def test_a_history_is_taken_away_whole(system: System) -> None:
    taken = await system.client.get(f"{HISTORY}.csv", params={"period": "2022-23"})
    assert len(taken.text.splitlines()) == 1 + OPERATIONS + 2
