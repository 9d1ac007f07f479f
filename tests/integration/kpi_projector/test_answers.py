"""Section 5 of the outside contract, over all four services on SQLite."""

from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from system import System, opened


async def deliver(system: System, activity: str, *, aligned_with: list[str], **more: Any) -> str:
    return await system.post(
        "operations-feed",
        "assistance.delivered",
        activity,
        title=activity,
        delivered_on="2023-01-10",
        members=["KEN"],
        aligned_with=aligned_with,
        delivered_by="accredited",
        **more,
    )


async def test_before_a_plan_is_adopted_there_are_no_kpis(system: System) -> None:
    problem = await system.get("scorecard", 404, period="2022-23")
    assert problem["type"] == "urn:wco-kpi:problem:plan-not-adopted"


async def test_an_event_moves_its_kpi_once_it_is_in(system: System) -> None:
    await system.adopt()
    place = await deliver(system, "a1", aligned_with=["SO1"])
    answer = await system.get("kpis/SP3.alignment", period="2022-23", after=place)
    assert answer["kpi"]["value"] == 100
    assert answer["as_of"]["positions"]["operations-feed"] == 1
    place = await deliver(system, "a2", aligned_with=["ORG1"])
    answer = await system.get("kpis/SP3.alignment", period="2022-23", after=place, by="objective")
    assert answer["kpi"]["value"] == 50
    assert [group["key"] for group in answer["groups"]] == ["ORG1", "SO1"]


async def test_the_scorecard_has_all_28_in_the_plans_order(system: System) -> None:
    await system.adopt()
    kpis = (await system.get("scorecard", period="sp-2022-2025"))["kpis"]
    assert [kpi["id"] for kpi in kpis][:4] == [
        "RES.completion",
        "RES.satisfaction",
        "SO1.completion",
        "SO1.instruments",
    ]
    assert len(kpis) == 28
    assert (await system.get("plan"))["kpis"][2]["by"] == ["objective"]


async def test_an_answer_made_without_as_of_is_given_again_for_its_time(system: System) -> None:
    await system.adopt()
    await deliver(system, "a1", aligned_with=["SO1"])
    first = await system.client.get("/kpi-projector/v1/scorecard", params={"period": "2022-23"})
    time = first.json()["as_of"]["time"]
    await deliver(system, "a2", aligned_with=["ORG1"])
    again = await system.client.get("/kpi-projector/v1/scorecard", params={"period": "2022-23", "as_of": time})
    assert again.content == first.content
    positions = ",".join(f"{log}:{at}" for log, at in first.json()["as_of"]["positions"].items())
    cited = await system.client.get("/kpi-projector/v1/scorecard", params={"period": "2022-23", "as_of": positions})
    assert cited.json()["kpis"] == first.json()["kpis"]
    assert "immutable" in cited.headers["cache-control"]
    assert first.headers["cache-control"] == "no-cache"


async def test_an_entity_tag_stays_until_an_event(system: System) -> None:
    await system.adopt()
    path = "/kpi-projector/v1/scorecard"
    first = await system.client.get(path, params={"period": "2022-23"})
    tag = first.headers["etag"]
    same = await system.client.get(path, params={"period": "2022-23"}, headers={"if-none-match": tag})
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
    place = await deliver(system, "a1", aligned_with=["SO1"])
    other = await system.client.get(path, params={"period": "2022-23", "after": place}, headers={"if-none-match": tag})
    assert other.status_code == 200
    assert other.headers["etag"] != tag


async def test_history_evidence_and_changes_tell_of_each_event(system: System) -> None:
    await system.adopt()
    one = await deliver(system, "a1", aligned_with=["SO1"], cost={"amount": "100.10", "currency": "EUR"})
    before = (await system.get("scorecard", period="2022-23", after=one))["as_of"]["time"]
    two = await deliver(system, "a2", aligned_with=[], cost={"amount": "50", "currency": "EUR"})
    after = (await system.get("scorecard", period="2022-23", after=two))["as_of"]["time"]
    history = (await system.get("kpis/SP3.funds/history", period="2022-23"))["entries"]
    assert [(entry["numerator"], entry["denominator"]) for entry in history] == [
        ("0", "0"),
        ("100.1", "100.1"),
        ("100.1", "150.1"),
    ]
    assert [entry["cause"] for entry in history] == [
        {"log": "plan-registry", "sequence": 1},
        {"log": "operations-feed", "sequence": 1},
        {"log": "operations-feed", "sequence": 2},
    ]
    evidence = (await system.get("kpis/SP3.funds/evidence", period="2022-23"))["evidence"]
    assert [(row["subject"], row["numerator"], row["denominator"]) for row in evidence] == [
        ("a1", "100.1", "100.1"),
        ("a2", "0", "50"),
    ]
    changes = await system.get("changes", period="2022-23", **{"from": before, "to": after})
    changed = {change["id"]: change for change in changes["kpis"]}
    assert set(changed) == {"SP3.funds", "SP3.alignment", "SP3.accredited-delivery", "RES.completion"}
    assert changed["SP3.funds"]["why"] == ["facts"]
    assert changed["SP3.funds"]["events"] == [{"log": "operations-feed", "sequence": 2}]
    assert changed["RES.completion"]["why"] == ["facts"]


async def test_pages_are_as_of_the_first_ones_moment(system: System) -> None:
    await system.adopt()
    for number in range(5):
        place = await deliver(system, f"a{number}", aligned_with=["SO1"])
    await system.get("scorecard", period="2022-23", after=place)
    for kind, rows, size in (("evidence", "evidence", 5), ("history", "entries", 7)):
        seen: list[Any] = []
        path = f"/kpi-projector/v1/kpis/SP3.alignment/{kind}?period=2022-23&limit=2&after={place}"
        moments = set()
        while path:
            answer = await system.client.get(path)
            assert answer.status_code == 200, answer.text
            seen += answer.json()[rows]
            moments.add(answer.json()["as_of"]["time"])
            if len(seen) == 2:
                place = await deliver(system, f"later-{kind}", aligned_with=["SO2"])
            following = answer.links.get("next")
            path = str(answer.url.join(following["url"])) if following else ""
        assert len(seen) == size, kind
        assert len(moments) == 1
    assert len((await system.get("kpis/SP3.alignment/evidence", period="2022-23", after=place))["evidence"]) == 7


async def test_each_answer_that_is_as_of_now_waits_for_the_event_that_is_named(system: System) -> None:
    await system.adopt()
    for number, path in enumerate(
        ("plan", "scorecard", "kpis/SP3.alignment", "kpis/SP3.alignment/history", "kpis/SP3.alignment/evidence"), 1
    ):
        place = await deliver(system, f"a{number}", aligned_with=["SO1"])
        query: dict[str, str] = {} if path == "plan" else {"period": "2022-23"}
        answer = await system.get(path, 200, **query, after=place)
        assert answer["as_of"]["positions"]["operations-feed"] == number, path


async def test_a_page_that_a_cursor_leads_to_has_no_other_moment(system: System) -> None:
    await system.adopt()
    for number in range(2):
        place = await deliver(system, f"a{number}", aligned_with=["SO1"])
    for kind, others in (("evidence", {"as_of": "2022-01-01", "after": place}), ("history", {"after": place})):
        path = f"/kpi-projector/v1/kpis/SP3.alignment/{kind}"
        first = await system.client.get(path, params={"period": "2022-23", "limit": "1", "after": place})
        following = str(first.url.join(first.links["next"]["url"]))
        for name, value in others.items():
            answer = await system.client.get(f"{following}&{name}={value}")
            assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, f"/{name}")
        assert (await system.client.get(following)).status_code == 200


async def test_what_is_asked_wrongly_is_refused_naming_what_would_be_right(system: System) -> None:
    await system.adopt()
    cases: list[tuple[str, dict[str, str], int, str]] = [
        ("scorecard", {}, 422, "/period"),
        ("scorecard", {"period": "2022-23", "as_of": "yesterday"}, 422, "/as_of"),
        ("scorecard", {"period": "2022-23", "as_of": "2022-02-30"}, 422, "/as_of"),
        ("scorecard", {"period": "2022-23", "as_of": "9999-12-31"}, 422, "/as_of"),
        ("scorecard", {"period": "2022-23", "as_of": "plan-registry:1"}, 422, "/as_of"),
        (
            "scorecard",
            {"period": "2022-23", "as_of": "plan-registry:9,survey-intake:0,operations-feed:0"},
            422,
            "/as_of",
        ),
        ("scorecard", {"period": "2022-23", "after": "nowhere:1"}, 422, "/after"),
        ("scorecard", {"period": "2022-23", "after": "plan-registry:1", "as_of": "2022-01-01"}, 422, "/after"),
        ("scorecard", {"period": "2022-23", "colour": "red"}, 422, "/colour"),
        ("kpis/SP3.alignment", {"period": "2022-23", "by": "region"}, 422, "/by"),
        ("kpis/SP3.alignment/history", {"period": "2022-23", "limit": "0"}, 422, "/limit"),
        ("kpis/SP3.alignment/evidence", {"period": "2022-23", "cursor": "e30"}, 422, "/cursor"),
        ("changes", {"period": "2022-23", "from": "2023-01-01"}, 422, "/to"),
        ("changes", {"period": "2022-23", "from": "2023-01-02", "to": "2023-01-01"}, 422, "/from"),
        ("scorecard", {"period": "1999"}, 404, "/period"),
        ("kpis/NO.such", {"period": "2022-23"}, 404, ""),
        ("kpis/NO.such/history", {"period": "2022-23"}, 404, ""),
        ("scorecard", {"period": "2022-23", "as_of": "2022-01-01"}, 404, ""),
    ]
    for path, query, status, pointer in cases:
        problem = await system.get(path, status, **query)
        assert [error["pointer"] for error in problem["errors"]] == [pointer], (path, query)


async def test_a_restart_folds_nothing_twice(tmp_path: Path) -> None:
    answers = []
    for number in range(2):
        async with AsyncExitStack() as stack:
            system = await opened(stack, tmp_path)
            if number == 0:
                await system.adopt()
                place = await deliver(system, "a1", aligned_with=["SO1"])
            answers.append(await system.get("scorecard", period="2022-23", after=place))
    assert answers[0] == answers[1]
