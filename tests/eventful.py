"""Something of everything that KPIs read: a plan with a notice, actions, a survey, an operation, an expert."""

import json

import httpx

from folding import CATALOGUE
from settable_clock import SettableClock
from system import System

BEGINNING = "2023-03-01T12:00:00Z"
NOTICE = "A trial."


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
