"""How section 5 of the outside contract is read: every form of a moment, of an answer and of a refusal."""

import base64
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from folding import CATALOGUE
from settable_clock import SettableClock
from system import System, opened

KPI_KEYS = {"id", "title", "layer", "objective", "unit", "value", "numerator", "denominator", "status"} | {
    "target",
    "reference",
}
NOTICE = "A trial."


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock("2023-03-01T12:00:00Z")


@pytest.fixture
async def system(tmp_path: Path, clock: SettableClock) -> AsyncIterator[System]:
    """A system with a plan that has a notice, two actions, a survey, an operation and an activity."""
    async with AsyncExitStack() as stack:
        system = await opened(stack, tmp_path, clock, wait=0.3)
        await record(system, clock)
        yield system


async def record(system: System, clock: SettableClock) -> None:
    plan = json.loads(CATALOGUE.read_bytes())
    registry, intake, feed = system.logs
    await system.post(registry, "plan.adopted", "sp-2022-2025", **plan | {"notice": NOTICE})
    members = [{"iso3": "KEN", "region": "ESA"}, {"iso3": "FRA", "region": "EUR"}]
    await system.post(registry, "members.listed", "members", effective_on="2022-07-01", members=members)
    clock.set("2023-03-02T12:00:00Z")
    actions = [
        {"id": name, "objective": "SO1", "title": name, "due_on": "2023-05-01"} for name in ("one", "two", "three")
    ]
    await system.post(
        registry, "implementation-plan.published", "2022-23", plan="sp-2022-2025", period="2022-23", actions=actions
    )
    clock.set("2023-03-03T12:00:00Z")
    await system.post(registry, "action.started", "one", started_on="2023-03-03")
    await system.post(registry, "action.completed", "one", completed_on="2023-03-03")
    await system.post(
        intake,
        "survey.opened",
        "s1",
        kind="annual",
        title="S",
        opens_on="2023-01-01",
        closes_on="2023-03-31",
        scale={"min": 1, "max": 4},
        topics=["overall", "SP1"],
        instruments=["waste", "safe-aeo"],
        invited=["KEN", "FRA"],
    )
    await system.post(
        intake,
        "survey.submitted",
        "s1",
        member="KEN",
        submitted_on="2023-03-01",
        ratings={"overall": 3},
        instruments=[
            {"instrument": "waste", "status": "partial", "reasons": ["cost"]},
            {"instrument": "safe-aeo", "status": "unknown"},
        ],
    )
    clock.set("2023-03-04T12:00:00Z")
    await system.post(
        feed, "operation.launched", "op", title="O", starts_on="2023-01-01", ends_on="2023-02-01", participants=[]
    )
    await system.post(
        feed, "operation.report-published", "op", stage="final", published_on="2023-03-04", totals={"seizures": 12}
    )
    await system.post(
        feed,
        "assistance.delivered",
        "act",
        title="A",
        delivered_on="2023-03-01",
        members=["KEN"],
        aligned_with=["SO1"],
        delivered_by="other",
        cost={"amount": "10.50", "currency": "EUR"},
    )
    await system.post(
        feed,
        "partnership.registered",
        "pa",
        partner="P",
        partner_kind="igo",
        instrument="mou",
        objectives=["SO1"],
        since="2022-01-01",
    )
    await system.post(
        feed, "partnership.reviewed", "pa", step="st", on="2023-02-01", objectives=["SO1", "SO2"], summary="S"
    )
    await system.post(
        feed,
        "expert.accredited",
        "ex",
        status="accredited",
        employer="administration",
        areas=["x"],
        accredited_on="2023-01-01",
    )
    place = await system.post(
        registry, "baseline.set", "SP2.seizures", value="10", measured_on="2022-06-30", source="B"
    )
    await system.get("plan", after=place)
    await system.get("plan", after="operations-feed:6")


async def ask(system: System, path: str, **headers: str) -> httpx.Response:
    return await system.client.get(
        f"/kpi-projector/v1/{path}", headers={name.replace("_", "-"): value for name, value in headers.items()}
    )


async def kpis_as_of(system: System, said: str) -> Any:
    answer = await ask(system, f"scorecard?period=2022-23&as_of={said}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_moment_may_be_said_in_any_form(system: System) -> None:
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
        answer = await kpis_as_of(system, text)
        assert answer["as_of"] == {
            "time": time,
            "positions": {"plan-registry": 3, "survey-intake": 0, "operations-feed": 0},
            "fold": 1,
        }
        assert list(answer["as_of"]["positions"]) == ["plan-registry", "survey-intake", "operations-feed"]


async def test_a_moment_that_is_none_or_is_to_come_is_refused_saying_what_would_be_right(system: System) -> None:
    now = "2023-03-04T12:00:00Z"
    assert (await ask(system, f"plan?as_of={now}")).status_code == 200
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
            answer = await ask(system, f"{path}as_of={text}")
            assert answer.status_code == 422, text
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["type"] == "urn:wco-kpi:problem:invalid"
            (fault,) = answer.json()["errors"]
            assert fault["pointer"] == "/as_of"
            assert any(
                word in fault["detail"]
                for word in ("2024-06-26T12:00:00Z", "future", "ends at 6", "twice", "no position")
            )


async def test_before_the_plan_there_is_nothing_to_answer(system: System) -> None:
    for said in ("2023-02-28", "0001-01-01T00:00:00Z", "plan-registry:0,survey-intake:0,operations-feed:0"):
        for path in ("scorecard?period=2022-23&", "kpis/SO1.completion?period=2022-23&", "plan?"):
            answer = await ask(system, f"{path}as_of={said}")
            assert (answer.status_code, answer.json()["type"]) == (404, "urn:wco-kpi:problem:plan-not-adopted")
    answer = await ask(system, "changes?period=2022-23&from=2023-02-28&to=2023-03-02")
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:wco-kpi:problem:plan-not-adopted")


async def test_a_request_that_waits_too_long_names_the_log_it_waits_for(system: System) -> None:
    answer = await ask(system, "scorecard?period=2022-23&after=survey-intake:3")
    assert (answer.status_code, answer.json()["type"]) == (504, "urn:wco-kpi:problem:not-reached")
    assert "survey-intake" in answer.json()["detail"]
    assert "operations-feed" not in answer.json()["detail"]
    answer = await ask(system, "scorecard?period=2022-23&after=survey-intake:2&as_of=2023-03-02")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/after")
    for place in ("survey-intake:0", "survey-intake", "survey-intake:2,plan-registry:1", "kpi-projector:1", ""):
        answer = await ask(system, f"scorecard?period=2022-23&after={place}")
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/after")


async def test_what_a_kpi_is_made_of(system: System) -> None:
    answer = await ask(system, "scorecard?period=2022-23")
    assert list(answer.json())[:1] == ["plan"]
    assert set(answer.json()) == {"plan", "notice", "period", "as_of", "kpis"}
    for kpi in answer.json()["kpis"]:
        expected = set(KPI_KEYS)
        if kpi["id"].endswith(".satisfaction"):
            expected.add("response")
            assert set(kpi["response"]) == {"answered", "invited"}
        if kpi["id"] == "SP2.seizures":
            expected.add("provisional")
        assert set(kpi) - {"note"} == expected, kpi["id"]
        assert kpi["objective"] == kpi["id"].partition(".")[0]
        assert isinstance(kpi["numerator"], str)
        assert isinstance(kpi["denominator"], str)
        assert kpi["value"] is None or type(kpi["value"]) in {int, float}
        assert set(kpi["target"]) == {"rule", "value"}
        assert kpi["reference"] is None or set(kpi["reference"]) == {"value", "kind"}
    kpis = {kpi["id"]: kpi for kpi in answer.json()["kpis"]}
    told = {
        "SO1.completion": (33.333333, "1", "3", "at_risk", None),
        "SO1.instruments": (7.142857, "1", "14", "no_reference", None),
        "RES.satisfaction": (66.666667, "66.666667", "1", "no_reference", None),
        "SP1.satisfaction": (None, "0", "0", "no_data", None),
        "SP2.seizures": (12, "12", "1", "met", {"value": 10, "kind": "baseline"}),
        "SP2.partnerships": (2, "2", "1", "at_risk", None),
        "SP3.external-experts": (1, "1", "1", "no_reference", None),
        "SP3.funds": (100, "10.5", "10.5", "no_reference", None),
        "SP3.alignment": (100, "1", "1", "met", None),
        "SP3.accredited-delivery": (0, "0", "1", "no_reference", None),
    }
    for kpi_id, expected_figures in told.items():
        kpi = kpis[kpi_id]
        figures = tuple(kpi[key] for key in ("value", "numerator", "denominator", "status", "reference"))
        assert figures == expected_figures, kpi_id
    assert kpis["RES.satisfaction"]["response"] == {"answered": 1, "invited": 2}
    assert kpis["SO1.satisfaction"]["response"] == {"answered": 0, "invited": 0}
    assert kpis["SP2.seizures"]["provisional"] == 12
    # Two of the other twenty-seven are met: the seizures and the alignment.
    assert (kpis["RES.completion"]["numerator"], kpis["RES.completion"]["denominator"]) == ("2", "27")
    assert '"value":12,' in answer.text.replace(" ", "")


async def test_the_notice_stands_beside_the_plan_everywhere(system: System) -> None:
    for path in (
        "scorecard?period=2022-23",
        "plan",
        "kpis/SO1.completion?period=2022-23",
        "kpis/SO1.completion?period=2022-23&by=objective",
        "kpis/SO1.completion/history?period=2022-23",
        "kpis/SO1.completion/evidence?period=2022-23",
        "changes?period=2022-23&from=2023-03-01&to=2023-03-03",
    ):
        body = (await ask(system, path)).json()
        assert (body["plan"], body["notice"]) == ("sp-2022-2025", NOTICE), path
        assert body["period"] == "2022-23" if "period" in path else "periods" in body


async def test_the_plan_says_what_is_needed_to_ask_about_it(system: System) -> None:
    body = await system.get("plan")
    assert set(body) >= {
        "plan",
        "notice",
        "as_of",
        "periods",
        "layers",
        "objectives",
        "instruments",
        "focus_areas",
        "kpis",
    }
    assert [period["id"] for period in body["periods"]] == ["2022-23", "2023-24", "2024-25"]
    assert len(body["instruments"]) == 22
    by = {kpi["id"]: kpi["by"] for kpi in body["kpis"]}
    assert by["RES.completion"] == ["layer"]
    assert by["FA.satisfaction"] == ["survey", "topic", "region"]
    assert by["SO1.instruments"] == ["instrument", "region", "status", "reason"]
    assert by["SP2.seizures"] == ["operation", "category"]
    assert by["SP2.partnerships"] == by["SP3.alignment"] == by["SP3.funds"] == by["ORG.completion"] == ["objective"]
    assert (by["SP3.accredited-delivery"], by["SP3.external-experts"]) == (["delivered_by"], ["employer"])
    for kpi in body["kpis"]:
        assert {"activity", "description", "type", "by"} <= set(kpi)


async def test_evidence_is_the_event_that_last_gave_its_facts_their_content(system: System) -> None:
    registry, intake, feed = system.logs
    rows = {
        "SO1.completion": [(registry, 3, "2022-23", "0", "2"), (registry, 5, "one", "1", "1")],
        "SO1.instruments": [(intake, 2, "s1", "1", None)],
        "RES.satisfaction": [(intake, 2, "s1", "66.666667", "1")],
        "SP2.seizures": [(feed, 2, "op", "12", None)],
        "SP2.partnerships": [(feed, 5, "pa", "2", None)],
        "SP3.alignment": [(feed, 3, "act", "1", "1")],
        "SP3.accredited-delivery": [(feed, 3, "act", "0", "1")],
        "SP3.funds": [(feed, 3, "act", "10.5", "10.5")],
        "SP3.external-experts": [(feed, 6, "ex", "1", None)],
        "RES.completion": [],
        "SP1.satisfaction": [],
    }
    for kpi, expected in rows.items():
        body = await system.get(f"kpis/{kpi}/evidence", period="2022-23")
        assert set(body) == {"plan", "notice", "period", "as_of", "evidence"}
        told = [
            tuple(row[key] for key in ("log", "sequence", "subject", "numerator", "denominator"))
            for row in body["evidence"]
        ]
        assert told == expected, kpi
        for row in body["evidence"]:
            assert row["source"] == "urn:example:tests"
            assert set(row) == {"log", "sequence", "source", "id", "subject", "numerator", "denominator"}
    as_published = await system.get("kpis/SO1.completion/evidence", period="2022-23", as_of="2023-03-02")
    assert [(row["sequence"], row["numerator"], row["denominator"]) for row in as_published["evidence"]] == [
        (3, "0", "3")
    ]


async def test_history_has_the_cause_and_the_positions_of_each_entry(system: System, clock: SettableClock) -> None:
    body = await system.get("kpis/SO1.completion/history", period="2022-23")
    assert [
        (each["time"], each["value"], each["status"], each["cause"] and each["cause"]["sequence"])
        for each in body["entries"]
    ] == [
        ("2023-03-01T12:00:00.000000Z", None, "no_data", 1),
        ("2023-03-02T12:00:00.000000Z", 0, "at_risk", 3),
        (body["entries"][2]["time"], 33.333333, "at_risk", 5),
    ]
    assert body["entries"][1]["positions"] == {"plan-registry": 3, "survey-intake": 0, "operations-feed": 0}
    assert set(body["entries"][0]) == {"time", "positions", "value", "numerator", "denominator", "status", "cause"}
    answer = await ask(system, "kpis/SO1.completion/history?period=2022-23&as_of=2023-03-02")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/as_of")


async def test_the_share_of_kpis_that_are_met_has_an_entry_for_a_day_that_changes_it(
    system: System, clock: SettableClock
) -> None:
    """The second accreditation of an expert is still to begin: from that day on the number is above the baseline."""
    registry, _, feed = system.logs
    await system.post(registry, "baseline.set", "SP3.external-experts", value="1", measured_on="2022-06-30", source="B")
    place = await system.post(
        feed, "expert.accredited", "ex2", status="accredited", employer="other", areas=["x"], accredited_on="2023-03-04"
    )
    await system.get("plan", after=place)
    await system.post(feed, "expert.accreditation-ended", "ex2", ended_on="2023-03-10", reason="R")
    clock.set("2023-03-20T12:00:00Z")
    body = await system.get("kpis/RES.completion/history", period="2022-23")
    last = body["entries"][-1]
    assert (last["time"], last["numerator"], last["cause"]) == ("2023-03-10T23:59:59.999999Z", "2", None)
    assert body["entries"][-2]["numerator"] == "3"
    assert body["entries"][-2]["cause"]["log"] == "operations-feed"


async def test_changes_say_why(system: System, clock: SettableClock) -> None:
    registry, _, feed = system.logs
    before = (await system.get("plan"))["as_of"]["time"]
    clock.set("2023-03-05T12:00:00Z")
    members = [{"iso3": iso3, "region": "EUR"} for iso3 in ("KEN", "FRA", "DEU")]
    listed = await system.post(registry, "members.listed", "members", effective_on="2022-08-01", members=members)
    await system.post(registry, "baseline.set", "SP3.funds", value="120", measured_on="2022-06-30", source="B")
    plan = json.loads(CATALOGUE.read_bytes()) | {"notice": NOTICE}
    next(kpi for kpi in plan["kpis"] if kpi["id"] == "SO1.completion")["target"]["value"] = "30"
    await system.post(registry, "plan.revised", "sp-2022-2025", **plan, reason="R")
    delivered = await system.post(
        feed,
        "assistance.delivered",
        "act2",
        title="A",
        delivered_on="2023-03-01",
        members=[],
        aligned_with=["SO1"],
        delivered_by="other",
    )
    for place in (listed, delivered):
        await system.get("plan", after=place)
    after = (await system.get("plan", after="plan-registry:9"))["as_of"]["time"]
    body = await system.get("changes", period="2022-23", **{"from": before, "to": after})
    assert set(body) == {"plan", "notice", "period", "from", "to", "kpis"}
    changed = {change["id"]: change for change in body["kpis"]}
    assert {kpi: change["why"] for kpi, change in changed.items()} == {
        "RES.completion": ["plan", "reference"],
        "SO1.completion": ["plan"],
        "SO1.instruments": ["members"],
        "SO2.instruments": ["members"],
        "SO3.instruments": ["members"],
        "SO4.instruments": ["members"],
        "SP3.alignment": ["facts"],
        "SP3.accredited-delivery": ["facts"],
        "SP3.funds": ["reference"],
    }
    assert changed["SP3.alignment"]["events"] == [{"log": feed, "sequence": 7}]
    assert changed["SO1.completion"]["events"] == changed["SP3.funds"]["events"] == []
    # Of the other KPIs the status changed of these two: met, and no longer without a reference.
    assert changed["RES.completion"]["events"] == []
    assert (changed["SO1.completion"]["from"]["status"], changed["SO1.completion"]["to"]["status"]) == (
        "at_risk",
        "met",
    )
    clock.set("2023-07-02T12:00:00Z")
    body = await system.get("changes", period="2022-23", **{"from": after, "to": "2023-07-01"})
    assert {change["id"]: change["why"] for change in body["kpis"]} == {
        kpi: ["time"] for kpi in ("RES.completion", "SP2.partnerships", "SP3.funds")
    }
    same = await system.get("changes", period="2022-23", **{"from": after, "to": after})
    assert (same["kpis"], same["from"]) == ([], same["to"])


async def test_a_client_keeps_what_it_has_until_an_event_or_a_midnight(system: System, clock: SettableClock) -> None:
    for path in (
        "scorecard?period=2022-23",
        "plan",
        "kpis/SO1.completion?period=2022-23",
        "kpis/SO1.completion/history?period=2022-23",
        "kpis/SO1.completion/evidence?period=2022-23",
    ):
        first = await ask(system, path)
        tag = first.headers["etag"]
        assert tag.startswith('"')
        assert first.headers["cache-control"] == "no-cache"
        for sent in (tag, f'"other", {tag}', f"W/{tag}", "*"):
            unchanged = await ask(system, path, if_none_match=sent)
            assert (unchanged.status_code, unchanged.content, unchanged.headers["etag"]) == (304, b"", tag)
        assert (await ask(system, path, if_none_match='"other"')).content == first.content
    past = await ask(system, "scorecard?period=2022-23&as_of=2023-03-03")
    assert "immutable" in past.headers["cache-control"]
    changes = await ask(system, "changes?period=2022-23&from=2023-03-01&to=2023-03-03")
    assert "immutable" in changes.headers["cache-control"]
    clock.set("2023-03-05T00:00:00Z")
    moved = await ask(system, "scorecard?period=2022-23")
    assert moved.json()["as_of"]["time"] == "2023-03-05T00:00:00.000000Z"
    assert moved.headers["etag"] not in {tag, past.headers["etag"]}


async def test_what_would_be_refused_is_refused_whatever_the_client_has(system: System) -> None:
    tag = (await ask(system, "plan")).headers["etag"]
    for path, status in (
        ("scorecard?period=1999", 404),
        ("kpis/NO.such?period=2022-23", 404),
        ("kpis/NO.such/history?period=2022-23", 404),
        ("kpis/SO1.completion/evidence?period=1999", 404),
        ("kpis/SO1.completion?period=2022-23&by=region", 422),
        ("changes?period=1999&from=2023-03-01&to=2023-03-03", 404),
    ):
        answer = await ask(system, path, if_none_match=f"{tag}, *")
        assert answer.status_code == status, path
        assert answer.headers["content-type"] == "application/problem+json"


async def test_an_event_is_in_the_answer_though_the_clock_stepped_back(system: System, clock: SettableClock) -> None:
    clock.set("2023-02-01T00:00:00Z")
    place = await system.post(
        "operations-feed",
        "assistance.delivered",
        "late",
        title="A",
        delivered_on="2023-01-01",
        members=[],
        aligned_with=[],
        delivered_by="other",
    )
    answer = await system.get("kpis/SP3.alignment", period="2022-23", after=place)
    assert answer["kpi"]["denominator"] == "2"
    recorded = (await system.client.get("/operations-feed/v1/events/7")).json()["recordedtime"]
    assert answer["as_of"]["time"] == recorded
    assert (await system.get("kpis/SP3.alignment", period="2022-23", as_of=recorded)) == answer


async def test_a_forged_cursor_is_refused(system: System) -> None:
    first = await ask(system, "kpis/SO1.completion/history?period=2022-23&limit=1")
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
        answer = await ask(system, f"kpis/SO1.completion/history?period=2022-23&limit=1&cursor={text}")
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/cursor"), forged
