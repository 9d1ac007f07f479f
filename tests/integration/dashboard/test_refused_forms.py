"""What is no form of these pages is refused, and records nothing."""

import pytest

from integration.dashboard.forms import BROWSER, filled, recorded
from system import System
from wco_events.registry import EVENT_TYPES_BY_LOG


@pytest.mark.parametrize(
    ("headers", "pointer"),
    [
        ({"sec-fetch-site": "cross-site"}, "sec-fetch-site"),
        ({"sec-fetch-site": "same-site"}, "sec-fetch-site"),
        ({"origin": "https://elsewhere.example"}, "origin"),
        ({"origin": "null"}, "origin"),
        ({"origin": "http://["}, "origin"),
        ({"origin": "http://testserver:81"}, "origin"),
    ],
)
async def test_a_form_that_another_site_s_page_sends_is_refused(
    system: System, headers: dict[str, str], pointer: str
) -> None:
    event_type = EVENT_TYPES_BY_LOG["operations-feed"][0]
    values = await filled(system, event_type.name, event_type.example)
    answer = await system.client.post(f"/enter/{event_type.name}", data={**values, "do": "record"}, headers=headers)
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]
    assert await recorded(system, "operations-feed") == []


@pytest.mark.parametrize("headers", [{}, {"origin": "http://testserver"}, {"sec-fetch-site": "none"}])
async def test_a_form_of_these_pages_is_taken_whatever_the_browser_tells(
    system: System, headers: dict[str, str]
) -> None:
    event_type = EVENT_TYPES_BY_LOG["operations-feed"][0]
    values = await filled(system, event_type.name, event_type.example)
    answer = await system.client.post(f"/enter/{event_type.name}", data={**values, "do": "record"}, headers=headers)
    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("body", "status"), [(b"/id=%ff", 422), (b"\xff", 422), (b"a" * (1024 * 1024 + 1), 413), (b"", 422)]
)
async def test_what_is_no_form_is_refused(system: System, body: bytes, status: int) -> None:
    sent = body or b"do=record"
    answer = await system.client.post("/enter/survey.closed", content=sent, headers=BROWSER)
    assert answer.status_code == status
    assert await recorded(system, "survey-intake") == []


async def test_a_form_of_more_controls_than_are_taken_is_refused(system: System) -> None:
    many = {f"/data/{number}": "" for number in range(10_000)}
    answer = await system.client.post("/enter/survey.opened", data={**many, "do": "check"}, headers=BROWSER)
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "path",
    ["/enter/nothing.happened", "/enter/templates/seizures.ods", "/recorded/nothing/1", "/recorded/plan-registry/1"],
)
async def test_what_there_is_not_is_not_found(system: System, path: str) -> None:
    assert (await system.client.get(path, headers=BROWSER)).status_code == 404
