"""The moments of section 5 of the outside contract: how one is said, what is refused, and how long an answer holds."""

import base64
import json
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from urllib.parse import quote

from eventful import ask
from settable_clock import SettableClock
from system import System, opened


async def kpis_as_of(system: System, said: str) -> Any:
    answer = await ask(system, f"scorecard?period=2022-23&as_of={said}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_moment_may_be_said_in_any_form(eventful: System) -> None:
    said = {
        "2023-03-02T12:00:00Z": "2023-03-02T12:00:00.000000Z",
        "2023-03-02t12:00:00z": "2023-03-02T12:00:00.000000Z",
        quote("2023-03-02T14:00:00+02:00"): "2023-03-02T12:00:00.000000Z",
        "2023-03-02T06:30:00.5-05:30": "2023-03-02T12:00:00.500000Z",
        "2023-03-02T12:00:00.1234567Z": "2023-03-02T12:00:00.123456Z",
        "2023-03-02": "2023-03-02T23:59:59.999999Z",
        "operations-feed:0,plan-registry:3,survey-intake:0": "2023-03-02T12:00:00.000000Z",
    }
    for text, time in said.items():
        answer = await kpis_as_of(eventful, text)
        assert answer["as_of"] == {
            "time": time,
            "positions": {"plan-registry": 3, "survey-intake": 0, "operations-feed": 0},
            "fold": 1,
        }
        assert list(answer["as_of"]["positions"]) == ["plan-registry", "survey-intake", "operations-feed"]


async def test_a_moment_that_is_none_or_is_to_come_is_refused_saying_what_would_be_right(eventful: System) -> None:
    now = "2023-03-04T12:00:00Z"
    assert (await ask(eventful, f"plan?as_of={now}")).status_code == 200
    for text in (
        *("2023-03-04", "2023-03-04T12:00:01Z", "2023-03-05"),  # today, a second from now, tomorrow
        *("", "now", "2023-13-01", "2023-02-29", "20230301", "2023-03-01T12:00Z", "2023-03-01T12:00:00"),
        *("2023-03-01T12:00:00+02:00", "2023-03-01 12:00:00Z", "1677672000", "9999-12-31", "2023-03-01T24:00:00Z"),
        "plan-registry:3",
        "plan-registry:3,survey-intake:0,operations-feed:-1",
        "plan-registry:3,survey-intake:0,operations-feed:7",
        "plan-registry:3,plan-registry:3,survey-intake:0,operations-feed:0",
        "plan-registry:3,survey-intake:0,operations-feed:0,kpi-projector:1",
    ):
        for path in ("scorecard?period=2022-23&", "kpis/SO1.completion?period=2022-23&", "plan?"):
            answer = await ask(eventful, f"{path}as_of={text}")
            assert answer.status_code == 422, text
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["type"] == "urn:wco-kpi:problem:invalid"
            (fault,) = answer.json()["errors"]
            assert fault["pointer"] == "/as_of"
            assert any(
                word in fault["detail"]
                for word in ("2024-06-26T12:00:00Z", "future", "ends at 6", "twice", "no position")
            )


async def test_before_the_plan_there_is_nothing_to_answer(eventful: System) -> None:
    for said in ("2023-02-28", "0001-01-01T00:00:00Z", "plan-registry:0,survey-intake:0,operations-feed:0"):
        for path in ("scorecard?period=2022-23&", "kpis/SO1.completion?period=2022-23&", "plan?"):
            answer = await ask(eventful, f"{path}as_of={said}")
            assert (answer.status_code, answer.json()["type"]) == (404, "urn:wco-kpi:problem:plan-not-adopted")
    answer = await ask(eventful, "changes?period=2022-23&from=2023-02-28&to=2023-03-02")
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:wco-kpi:problem:plan-not-adopted")


async def test_a_request_that_waits_too_long_names_the_log_it_waits_for(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        system = await opened(stack, tmp_path, wait=0.3)
        answer = await ask(system, "scorecard?period=2022-23&after=survey-intake:3")
        assert (answer.status_code, answer.json()["type"]) == (504, "urn:wco-kpi:problem:not-reached")
        assert "survey-intake" in answer.json()["detail"]
        assert "operations-feed" not in answer.json()["detail"]


async def test_an_after_that_is_no_place_is_refused(eventful: System) -> None:
    answer = await ask(eventful, "scorecard?period=2022-23&after=survey-intake:2&as_of=2023-03-02")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/after")
    for place in ("survey-intake:0", "survey-intake", "survey-intake:2,plan-registry:1", "kpi-projector:1", ""):
        answer = await ask(eventful, f"scorecard?period=2022-23&after={place}")
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/after")


async def test_an_event_is_in_the_answer_though_the_clock_stepped_back(eventful: System, clock: SettableClock) -> None:
    clock.set("2023-02-01T00:00:00Z")
    place = await eventful.post(
        "operations-feed",
        "assistance.delivered",
        "late",
        title="A",
        delivered_on="2023-01-01",
        members=[],
        aligned_with=[],
        delivered_by="other",
    )
    answer = await eventful.get("kpis/SP3.alignment", period="2022-23", after=place)
    assert answer["kpi"]["denominator"] == "2"
    recorded = (await eventful.client.get("/operations-feed/v1/events/7")).json()["recordedtime"]
    assert answer["as_of"]["time"] == recorded
    assert (await eventful.get("kpis/SP3.alignment", period="2022-23", as_of=recorded)) == answer


async def test_a_client_keeps_what_it_has_until_an_event_or_a_midnight(eventful: System, clock: SettableClock) -> None:
    for path in (
        "scorecard?period=2022-23",
        "plan",
        "kpis/SO1.completion?period=2022-23",
        "kpis/SO1.completion/history?period=2022-23",
        "kpis/SO1.completion/evidence?period=2022-23",
    ):
        first = await ask(eventful, path)
        tag = first.headers["etag"]
        assert tag.startswith('"')
        assert first.headers["cache-control"] == "no-cache"
        for sent in (tag, f'"other", {tag}', f"W/{tag}", "*"):
            unchanged = await ask(eventful, path, if_none_match=sent)
            assert (unchanged.status_code, unchanged.content, unchanged.headers["etag"]) == (304, b"", tag)
        assert (await ask(eventful, path, if_none_match='"other"')).content == first.content
    past = await ask(eventful, "scorecard?period=2022-23&as_of=2023-03-03")
    assert "immutable" in past.headers["cache-control"]
    changes = await ask(eventful, "changes?period=2022-23&from=2023-03-01&to=2023-03-03")
    assert "immutable" in changes.headers["cache-control"]
    clock.set("2023-03-05T00:00:00Z")
    await eventful.get("plan", as_of="2023-03-05T00:00:00Z")  # from then on, what is answered is of that day
    moved = await ask(eventful, "scorecard?period=2022-23")
    assert moved.json()["as_of"]["time"] == "2023-03-05T00:00:00.000000Z"
    assert moved.headers["etag"] not in {tag, past.headers["etag"]}


async def test_what_would_be_refused_is_refused_whatever_the_client_has(eventful: System) -> None:
    tag = (await ask(eventful, "plan")).headers["etag"]
    for path, status in (
        ("scorecard?period=1999", 404),
        ("kpis/NO.such?period=2022-23", 404),
        ("kpis/NO.such/history?period=2022-23", 404),
        ("kpis/SO1.completion/evidence?period=1999", 404),
        ("kpis/SO1.completion?period=2022-23&by=region", 422),
        ("changes?period=1999&from=2023-03-01&to=2023-03-03", 404),
    ):
        answer = await ask(eventful, path, if_none_match=f"{tag}, *")
        assert answer.status_code == status, path
        assert answer.headers["content-type"] == "application/problem+json"


async def test_a_forged_cursor_is_refused(eventful: System) -> None:
    first = await ask(eventful, "kpis/SO1.completion/history?period=2022-23&limit=1")
    cursor = first.links["next"]["url"].partition("cursor=")[2]
    real = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    for forged in (
        {"time": 10**400},
        {"time": 2**52},
        {"time": 0},
        {"positions": [1, 2]},
        {"positions": [10**9, 0, 0]},
        {"positions": [0, 0, 0]},
        {"since": 2**63},
        {"since": -1},
        {"shown": ["1e999999999", "1"]},
        {"shown": ["1", "1/0"]},
    ):
        text = base64.urlsafe_b64encode(json.dumps(real | forged).encode()).decode().rstrip("=")
        answer = await ask(eventful, f"kpis/SO1.completion/history?period=2022-23&limit=1&cursor={text}")
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/cursor"), forged
