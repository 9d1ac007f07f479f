"""What is typed into a form stays whatever becomes of it, and is recorded once, however often it is sent."""

import html
import json
import re

import httpx
import pytest

from dashboard.app import Dashboard
from dashboard.field import Values
from dashboard.settings import DashboardSettings
from integration.dashboard.forms import BROWSER, controls, faults, filled, recorded, said, send
from system import System
from wco_common.settings import ServiceSettings
from wco_embedded.services import SERVICES
from wco_events.registry import EVENT_TYPES_BY_LOG


async def test_what_was_typed_stays_when_it_is_refused(system: System) -> None:
    values: Values = {
        "/id": ["mine"], "/source": ["urn:example:tests"], "/subject": ["no such <id>"], "/data/title": ["One\ntwo"],
        "/data/theme": [""], "/data/starts_on": ["2025-02-30"], "/data/ends_on": ["2025-01-01"],
        "/data/participants": ["", "3", "1"], "/data/participants/3": ["FRA"], "/data/participants/1": ['"X'],
    }  # fmt: skip
    page = await send(system, "operation.launched", values, "record")
    assert page.status_code == 422
    kept = controls(page.text)
    assert {key: kept[key] for key in values} == values
    assert faults(page.text).keys() == {"/subject", "/data/starts_on", "/data/participants/1"}
    assert await recorded(system, "operations-feed") == []


async def test_what_was_typed_stays_in_another_language(system: System) -> None:
    reported = next(each for each in EVENT_TYPES_BY_LOG["operations-feed"] if each.name == "seizure.reported")
    await system.client.post(
        "/operations-feed/v1/events",
        content=json.dumps(EVENT_TYPES_BY_LOG["operations-feed"][0].example),
        headers={"content-type": "application/cloudevents+json"},
    )
    await send(system, reported.name, await filled(system, reported.name, reported.example), "record")
    page = await system.client.get("/enter/seizure.corrected?like=2&period=2023-24")
    begun = controls(page.text)
    values = begun | {"/subject": ["typed"], "/data/reason": [""]}
    (french,) = re.findall(r'formaction="([^"]*lang=fr)"', page.text)
    address = page.url.join(html.unescape(french))
    assert str(address) == "http://testserver/enter/seizure.corrected?period=2023-24&lang=fr"
    shown = await system.client.post(str(address), data={**values, "do": "show"}, headers=BROWSER)
    assert '<html lang="fr">' in shown.text
    assert controls(shown.text) == values
    assert faults(shown.text) == dict.fromkeys(faults(shown.text), "")
    # Once it was checked, what is wrong is said in each language.
    checked = await send(system, reported.name, controls(shown.text), "check")
    both = [await send(system, reported.name, controls(checked.text), do) for do in ("show", "check")]
    assert faults(both[0].text) == faults(both[1].text)
    assert any(faults(both[0].text).values())


async def test_rows_are_added_and_taken_away_without_losing_anything(system: System) -> None:
    page = await system.client.get("/enter/survey.submitted?subject=annual-2022")
    for do in (
        "add:/data/ratings",
        "add:/data/instruments",
        "add:/data/instruments",
        "add:/data/instruments/0/reasons",
    ):
        page = await send(system, "survey.submitted", controls(page.text), do)
        assert page.text.count(" autofocus") == 1
    values = controls(page.text)
    assert values["/subject"] == ["annual-2022"]
    values |= {
        "/data/ratings/0:key": ["overall"],
        "/data/ratings/0": ["4"],
        "/data/instruments/1/instrument": ["waste"],
    }
    values |= {"/data/instruments/0/reasons/0": ["cost"]}
    kept = controls((await send(system, "survey.submitted", values, "remove:/data/instruments/0")).text)
    assert {name: text for name, text in values.items() if not name.startswith("/data/instruments/0")} == {
        **kept,
        "/data/instruments": ["", "0", "1"],
    }


async def test_what_is_wrong_is_still_said_when_a_row_is_added_after_a_check(system: System) -> None:
    new = controls((await system.client.get("/enter/operation.launched")).text)
    assert faults((await send(system, "operation.launched", new, "add:/data/participants")).text) == {}
    checked = await send(system, "operation.launched", new, "check")
    added = await send(system, "operation.launched", controls(checked.text), "add:/data/participants")
    assert faults(added.text).keys() == faults(checked.text).keys() | {"/data/participants/0"}
    assert added.text.count(" autofocus") == 1


async def test_what_is_sent_twice_is_recorded_once(system: System) -> None:
    event_type = EVENT_TYPES_BY_LOG["operations-feed"][0]
    values = await filled(system, event_type.name, event_type.example)
    first = await send(system, event_type.name, values, "record")
    again = await send(system, event_type.name, values, "record")
    assert again.headers["location"] == f"{first.headers['location']}?again=true"
    page = await system.client.get("/recorded/operations-feed/1?again=true")
    assert "nothing was written a second time" in page.text
    assert len(await recorded(system, "operations-feed")) == 1


async def test_another_event_under_the_same_id_is_refused_and_goes_through_under_a_new_one(system: System) -> None:
    event_type = EVENT_TYPES_BY_LOG["operations-feed"][0]
    values = await filled(system, event_type.name, event_type.example)
    await send(system, event_type.name, values, "record")
    values |= {"/subject": ["another"]}
    page = await send(system, event_type.name, values, "record")
    assert page.status_code == 409
    assert 'value="rename"' in page.text
    renamed = controls((await send(system, event_type.name, values, "rename")).text)
    assert renamed["/id"] != values["/id"]
    assert (await send(system, event_type.name, renamed, "record")).status_code == 303
    assert [event["subject"] for event in await recorded(system, "operations-feed")] == ["milestone-i", "another"]


class Between(httpx.AsyncBaseTransport):
    """What stands between the dashboard and a service: as long as nothing is wrong, nothing."""

    def __init__(self, system: System) -> None:
        self._through = httpx.ASGITransport(system.app)
        self.wrong = ""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.wrong == "the service is gone":
            raise httpx.ConnectError("refused")
        answer = await self._through.handle_async_request(request)
        if self.wrong and request.method == "POST":
            await answer.aread()
            if self.wrong == "the connection is lost":
                raise httpx.ReadError("the connection was lost")
            is_gateway = "gateway" in self.wrong
            return httpx.Response(502 if is_gateway else 201, content=b"<h1>No answer</h1>" if is_gateway else b"{")
        return answer


@pytest.mark.parametrize(
    ("wrong", "says", "recorded"),
    [
        ("the service is gone", "Nothing is recorded", False),
        ("the connection is lost", "Whether it was recorded is not known", True),
        ("a gateway has no patience", "Whether it was recorded is not known", True),
        ("the answer is cut", "Whether it was recorded is not known", True),
    ],
)
async def test_whatever_becomes_of_what_is_sent_what_was_typed_stays_and_nothing_untrue_is_said(
    system: System, wrong: str, says: str, recorded: bool
) -> None:
    await system.adopt()
    event_type = next(each for each in EVENT_TYPES_BY_LOG["survey-intake"] if each.name == "survey.opened")
    values = await filled(system, event_type.name, event_type.example)
    between = Between(system)
    clients = {name: httpx.AsyncClient(transport=between, base_url=f"http://testserver/{name}/") for name in SERVICES}
    async with Dashboard(clients, DashboardSettings(), ServiceSettings()) as dashboard:
        transport = httpx.ASGITransport(dashboard.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            await client.get(f"/enter/{event_type.name}", headers=BROWSER)
            between.wrong = wrong
            page = await client.post(f"/enter/{event_type.name}", data={**values, "do": "record"}, headers=BROWSER)
            assert page.status_code == 503
            assert says in page.text
            assert said(controls(page.text)) == said(values)
            between.wrong = ""
            again = await client.post(f"/enter/{event_type.name}", data={**values, "do": "record"}, headers=BROWSER)
    assert again.status_code == 303
    assert ("again=true" in again.headers["location"]) == recorded
