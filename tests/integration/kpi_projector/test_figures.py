"""What the answers of section 5 of the outside contract hold: figures, wording, evidence, history and changes."""

import json

from eventful import NOTICE, ask
from folding import CATALOGUE
from settable_clock import SettableClock
from system import System

KPI_KEYS = {"id", "title", "layer", "objective", "unit", "value", "numerator", "denominator", "status"} | {
    "target",
    "reference",
}


async def test_what_a_kpi_is_made_of(eventful: System) -> None:
    answer = await ask(eventful, "scorecard?period=2022-23")
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


async def test_the_notice_stands_beside_the_plan_everywhere(eventful: System) -> None:
    for path in (
        "scorecard?period=2022-23",
        "plan",
        "kpis/SO1.completion?period=2022-23",
        "kpis/SO1.completion?period=2022-23&by=objective",
        "kpis/SO1.completion/history?period=2022-23",
        "kpis/SO1.completion/evidence?period=2022-23",
        "changes?period=2022-23&from=2023-03-01&to=2023-03-03",
    ):
        body = (await ask(eventful, path)).json()
        assert (body["plan"], body["notice"]) == ("sp-2022-2025", NOTICE), path
        assert body["period"] == "2022-23" if "period" in path else "periods" in body


async def test_the_plan_says_what_is_needed_to_ask_about_it(eventful: System) -> None:
    body = await eventful.get("plan")
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


async def test_evidence_is_the_event_that_last_gave_its_facts_their_content(eventful: System) -> None:
    registry, intake, feed = eventful.logs
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
        body = await eventful.get(f"kpis/{kpi}/evidence", period="2022-23")
        assert set(body) == {"plan", "notice", "period", "as_of", "evidence"}
        told = [
            tuple(row[key] for key in ("log", "sequence", "subject", "numerator", "denominator"))
            for row in body["evidence"]
        ]
        assert told == expected, kpi
        for row in body["evidence"]:
            assert row["source"] == "urn:example:tests"
            assert set(row) == {"log", "sequence", "source", "id", "subject", "numerator", "denominator"}
    as_published = await eventful.get("kpis/SO1.completion/evidence", period="2022-23", as_of="2023-03-02")
    assert [(row["sequence"], row["numerator"], row["denominator"]) for row in as_published["evidence"]] == [
        (3, "0", "3")
    ]


async def test_history_has_the_cause_and_the_positions_of_each_entry(eventful: System, clock: SettableClock) -> None:
    body = await eventful.get("kpis/SO1.completion/history", period="2022-23")
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
    answer = await ask(eventful, "kpis/SO1.completion/history?period=2022-23&as_of=2023-03-02")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/as_of")


async def test_the_share_of_kpis_that_are_met_has_an_entry_for_a_day_that_changes_it(
    eventful: System, clock: SettableClock
) -> None:
    """The second accreditation of an expert is still to begin: from that day on the number is above the baseline."""
    registry, _, feed = eventful.logs
    await eventful.post(
        registry, "baseline.set", "SP3.external-experts", value="1", measured_on="2022-06-30", source="B"
    )
    place = await eventful.post(
        feed, "expert.accredited", "ex2", status="accredited", employer="other", areas=["x"], accredited_on="2023-03-04"
    )
    await eventful.get("plan", after=place)
    await eventful.post(feed, "expert.accreditation-ended", "ex2", ended_on="2023-03-10", reason="R")
    clock.set("2023-03-20T12:00:00Z")
    await eventful.get("plan", as_of="2023-03-20T12:00:00Z")  # from then on, what is answered is of that day
    body = await eventful.get("kpis/RES.completion/history", period="2022-23")
    last = body["entries"][-1]
    assert (last["time"], last["numerator"], last["cause"]) == ("2023-03-10T23:59:59.999999Z", "2", None)
    assert body["entries"][-2]["numerator"] == "3"
    assert body["entries"][-2]["cause"]["log"] == "operations-feed"


async def test_changes_say_why(eventful: System, clock: SettableClock) -> None:
    registry, _, feed = eventful.logs
    before = (await eventful.get("plan"))["as_of"]["time"]
    clock.set("2023-03-05T12:00:00Z")
    members = [{"iso3": iso3, "region": "EUR"} for iso3 in ("KEN", "FRA", "DEU")]
    listed = await eventful.post(registry, "members.listed", "members", effective_on="2022-08-01", members=members)
    await eventful.post(registry, "baseline.set", "SP3.funds", value="120", measured_on="2022-06-30", source="B")
    plan = json.loads(CATALOGUE.read_bytes()) | {"notice": NOTICE}
    next(kpi for kpi in plan["kpis"] if kpi["id"] == "SO1.completion")["target"]["value"] = "30"
    await eventful.post(registry, "plan.revised", "sp-2022-2025", **plan, reason="R")
    delivered = await eventful.post(
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
        await eventful.get("plan", after=place)
    after = (await eventful.get("plan", after="plan-registry:9"))["as_of"]["time"]
    body = await eventful.get("changes", period="2022-23", **{"from": before, "to": after})
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
    body = await eventful.get("changes", period="2022-23", **{"from": after, "to": "2023-07-01"})
    assert {change["id"]: change["why"] for change in body["kpis"]} == {
        kpi: ["time"] for kpi in ("RES.completion", "SP2.partnerships", "SP3.funds")
    }
    same = await eventful.get("changes", period="2022-23", **{"from": after, "to": after})
    assert (same["kpis"], same["from"]) == ([], same["to"])
