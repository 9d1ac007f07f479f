"""The desk's pages of a system, and something recorded for every list."""

import html
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest

from system import System
from wco_events.event_type import LogName

BROWSER = {"accept": "text/html"}


class Page(HTMLParser):
    """What a page shows: the rows of its tables as texts, by the table's caption, and its links by their words."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__()
        assert answer.status_code == 200, answer.text
        self.url = answer.url
        self.tables: dict[str, list[list[str]]] = {}
        self.links: dict[str, str] = {}
        self.sorted: dict[str, str] = {}
        self._within: list[tuple[str, Mapping[str, str | None]]] = []
        self._rows: list[list[str]] = []
        self._link: tuple[str, str] | None = None
        self.feed(answer.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self._within.append((tag, said))
        match tag:
            case "caption":
                self._rows = []
                self.tables[""] = self._rows
            case "tr":
                self._rows.append([])
            case "td" | "th":
                self._rows[-1].append("")
            case "br":
                self.handle_data(" ")
            case "a":
                self._link = ("", said.get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._link is not None:
            self.links.setdefault(" ".join(self._link[0].split()), self._link[1])
            self._link = None
        while self._within and self._within.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tags = [tag for tag, _ in self._within]
        if "caption" in tags:
            self.tables[data] = self._rows
        elif {"td", "th"} & set(tags) and self._rows:
            self._rows[-1][-1] += data
            if (order := self._within[tags.index("th")][1].get("aria-sort") if "th" in tags else None) is not None:
                self.sorted[self._rows[-1][-1].rstrip("▲▼↕")] = order
        if self._link is not None:
            self._link = (self._link[0] + data, self._link[1])

    def rows(self, caption: str) -> list[list[str]]:
        """Return the rows of a table below its headings."""
        return [[" ".join(cell.split()) for cell in row] for row in self.tables[caption][1:]]


class Desk:
    """The desk's pages of a system."""

    def __init__(self, system: System) -> None:
        self.system = system

    async def page(self, address: str, **query: str) -> Page:
        return Page(await self.system.client.get(f"/{address}", params=query, headers=BROWSER))

    async def words(self, address: str, **query: str) -> str:
        """Return all that a page says, without its marks."""
        answer = await self.system.client.get(f"/{address}", params=query, headers=BROWSER)
        return " ".join(html.unescape(re.sub(r"<[^>]*>", "", answer.text)).split())

    async def follow(self, page: Page, words: str) -> Page:
        return Page(await self.system.client.get(str(page.url.join(page.links[words])), headers=BROWSER))


@pytest.fixture
async def desk(system: System) -> Desk:
    """The desk of a plan that has nothing else."""
    await system.adopt()
    return Desk(system)


async def actions(system: System, period: str, *many: Mapping[str, str]) -> str:
    """Publish an Implementation Plan, and return its place once it is shown."""
    named = [{"objective": "SO1", "title": f"Action {each['id']}", **each} for each in many]
    posted = await system.post(
        "plan-registry", "implementation-plan.published", period, plan="sp-2022-2025", period=period, actions=named
    )
    return await system.shown(posted)


TWO = (
    {"id": "late", "due_on": "2022-10-01"},
    {"id": "later", "due_on": "2023-05-01", "objective": "SO2"},
)


def before(system: System, log: LogName, sequence: int) -> str:
    """Return the moment at which a log ended at a sequence, and the others as they end now."""
    ends = {name: service.log.latest.head.sequence for name, service in system.logs.items()} | {log: sequence}
    return ",".join(f"{name}:{end}" for name, end in ends.items())


async def everything(system: System) -> None:
    """Record something for every list; things are called what they are."""
    due = {"id": "action", "due_on": "2022-10-01"}
    await actions(system, "2022-23", due)
    members = [{"iso3": "FRA", "region": "EUR"}, {"iso3": "DEU", "region": "EUR"}, {"iso3": "BRA", "region": "AMS"}]
    await system.post("plan-registry", "members.listed", "members", effective_on="2022-07-01", members=members)
    await system.post(
        "plan-registry", "baseline.set", "RES.satisfaction", value="70", measured_on="2022-06-30", source="survey"
    )
    for period, day, more in (
        ("2022-23", "2023-06-01", {"decision": "continued"}),
        ("2023-24", "2024-06-01", {"decision": "integrated", "integrated_into": "FA2"}),
    ):
        await system.post("plan-registry", "focus-area.reviewed", "FA1", period=period, reviewed_on=day, **more)
    asked = {"title": "Survey", "scale": {"min": 1, "max": 5}, "topics": ["overall"]}
    days = {"opens_on": "2022-11-01", "closes_on": "2022-12-01"}
    invited = ["FRA", "DEU", "BRA", "KEN"]
    await system.post("survey-intake", "survey.opened", "survey", kind="annual", invited=invited, **asked, **days)
    for member, rating in (("FRA", 5), ("DEU", 4)):
        await system.post(
            "survey-intake", "survey.submitted", "survey", member=member, submitted_on="2022-11-02",
            ratings={"overall": rating},
        )  # fmt: skip
    days = {"starts_on": "2022-10-01", "ends_on": "2022-10-31"}
    await system.post(
        "operations-feed", "operation.launched", "operation", title="Operation", participants=["FRA", "BRA"], **days
    )
    for report, category, number, amount, unit in (
        ("r1", "waste", 3, "1.5", "kg"),
        ("r2", "drugs", 1, "2", "litres"),
    ):
        await system.post(
            "operations-feed", "seizure.reported", f"operation/{report}", operation="operation", report=report,
            member="FRA", seized_on="2022-10-02", category=category, seizures=number,
            quantities=[{"amount": amount, "unit": unit}],
        )  # fmt: skip
    reports: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("interim", "2022-11-01", {"totals": {"seizures": 5}}),
        (
            "final",
            "2022-12-01",
            {
                "totals": {"seizures": 7, "quantities": [{"amount": "2", "unit": "kg"}]},
                "by_category": [{"category": "waste", "seizures": 7}],
            },
        ),
    )
    for stage, day, more in reports:
        await system.post(
            "operations-feed", "operation.report-published", "operation", stage=stage, published_on=day, **more
        )
    await system.post(
        "operations-feed", "partnership.registered", "partnership", partner="Partner", partner_kind="donor",
        instrument="mou", objectives=["SO1"], since="2022-08-01",
    )  # fmt: skip
    await system.post(
        "operations-feed", "partnership.reviewed", "partnership", step="one", on="2023-03-01", objectives=["SO2"],
        summary="Looked at again",
    )  # fmt: skip
    await system.post(
        "operations-feed", "assistance.delivered", "activity", title="Workshop", delivered_on="2023-01-10",
        members=["BRA"], aligned_with=["SO1"], delivered_by="accredited", cost={"amount": "100.5", "currency": "EUR"},
    )  # fmt: skip
    place = await system.post(
        "operations-feed", "expert.accredited", "expert", status="accredited", employer="wco", areas=["origin"],
        accredited_on="2022-09-01", expires_on="2024-02-01",
    )  # fmt: skip
    await system.shown(place)
    for log, service in system.logs.items():
        await system.shown(f"{log}:{(await service.log.head()).sequence}")
