"""The desk shows what the lists of the services say: filtered, sorted, in pages, now and as of a past moment."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from dashboard.desk_words import CODES, FIELDS
from dashboard.listing import OpenApi, said_of
from dashboard.lists import LISTS
from system import System, opened
from taken import of_csv, of_xlsx
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

    async def follow(self, page: Page, words: str) -> Page:
        return Page(await self.system.client.get(str(page.url.join(page.links[words])), headers=BROWSER))


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with AsyncExitStack() as stack:
        system = await opened(stack, tmp_path)
        await system.adopt()
        yield Desk(system)


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


async def test_actions_are_listed_with_what_is_overdue_on_the_day(desk: Desk) -> None:
    await actions(desk.system, "2022-23", *TWO)
    page = await desk.page("desk/actions", on="2023-01-01")
    assert [(row[0], row[1], row[3], row[4], row[5]) for row in page.rows("Actions")] == [
        ("Action late late", "SO1", "1 Oct 2022", "open", "yes"),
        ("Action later later", "SO2", "1 May 2023", "open", "no"),
    ]
    assert len((await desk.page("desk/actions", on="2022-09-01", overdue="true")).tables) == 0
    (row,) = (await desk.page("desk/actions", on="2023-01-01", overdue="true", objective="")).rows("Actions")
    assert row[0] == "Action late late"
    assert "Implementation Plan published plan-registry 2" in row[-1]


async def test_a_period_of_the_page_is_that_of_its_list_and_without_one_it_is_all_of_the_plan(desk: Desk) -> None:
    await actions(desk.system, "2022-23", *TWO)
    await actions(desk.system, "2023-24", {"id": "next", "due_on": "2023-12-01"})
    assert len((await desk.page("desk/actions")).rows("Actions")) == 3
    assert len((await desk.page("desk/actions", period="sp-2022-2025")).rows("Actions")) == 3
    (row,) = (await desk.page("desk/actions", period="2023-24")).rows("Actions")
    assert row[0] == "Action next next"
    unknown = await desk.system.client.get("/desk/actions", params={"period": "never"})
    assert unknown.status_code == 404


async def test_a_heading_sorts_and_says_so(desk: Desk) -> None:
    await actions(desk.system, "2022-23", *TWO)
    page = await desk.page("desk/actions")
    assert page.sorted == {"Due": "ascending"}
    page = await desk.follow(page, "Due▲")
    assert page.sorted == {"Due": "descending"}
    assert [row[0] for row in page.rows("Actions")] == ["Action later later", "Action late late"]
    page = await desk.follow(page, "Objective↕")
    assert (page.sorted, page.url.params["sort"]) == ({"Objective": "ascending"}, "objective")


async def test_pages_follow_each_other_as_of_the_first_one_s_moment(desk: Desk) -> None:
    many = [{"id": f"a{number:02}", "due_on": "2023-01-01"} for number in range(70)]
    await actions(desk.system, "2022-23", *many)
    first = await desk.page("desk/actions", sort="id")
    withdrawn = await desk.system.post("plan-registry", "action.withdrawn", "a69", reason="no money")
    await desk.system.shown(withdrawn)
    second = await desk.follow(first, "Next page")
    names = [row[0][-3:] for page in (first, second) for row in page.rows("Actions")]
    assert names == [each["id"] for each in many]
    assert second.rows("Actions")[-1][4] == "open"
    assert "Next page" not in second.links
    cited = next(words for words in second.links if words.startswith("As recorded up to"))
    assert (await desk.follow(second, cited)).rows("Actions") == second.rows("Actions")
    french = await desk.follow(second, "FRFrançais")
    assert [row[0][-3:] for row in french.rows("Actions")] == names[-20:]
    back = await desk.follow(second, "Back to now")
    assert "cursor" not in back.url.params
    (gone,) = (await desk.page("desk/actions", state="withdrawn")).rows("Actions")
    assert "no money" in gone[-1]


async def test_a_list_of_a_past_moment_is_as_it_was_and_its_tables_are_taken_away_so(desk: Desk) -> None:
    place = await actions(desk.system, "2022-23", *TWO)
    positions = f"{place},survey-intake:0,operations-feed:0"
    done = await desk.system.post("plan-registry", "action.completed", "late", completed_on="2022-09-30")
    await desk.system.shown(done)
    assert [row[4] for row in (await desk.page("desk/actions", sort="id")).rows("Actions")] == ["completed", "open"]
    page = await desk.page("desk/actions", as_of=positions, sort="id")
    assert [row[4] for row in page.rows("Actions")] == ["open", "open"]
    taken = await desk.system.client.get(str(page.url.join(page.links["CSV"])))
    assert taken.status_code == 200
    assert taken.text.count(",open,") == 2


async def test_a_later_page_of_a_moment_that_positions_name_can_be_cited(desk: Desk) -> None:
    place = await actions(desk.system, "2022-23", *({"id": f"a{n:02}", "due_on": "2023-01-01"} for n in range(51)))
    first = await desk.page("desk/actions", as_of=f"{place},survey-intake:0,operations-feed:0", sort="id")
    second = await desk.follow(first, "Next page")
    cited = await desk.follow(second, next(words for words in second.links if words.startswith("As recorded up to")))
    assert [row[0] for row in cited.rows("Actions")] == ["Action a50 a50"]


async def test_an_action_has_its_course_down_to_the_events(desk: Desk) -> None:
    await actions(desk.system, "2022-23", *TWO)
    await desk.system.post("plan-registry", "action.rescheduled", "late", due_on="2022-11-01", reason="a late start")
    done = await desk.system.post("plan-registry", "action.completed", "late", completed_on="2022-10-30")
    await desk.system.shown(done)
    page = await desk.page("desk/actions")
    page = await desk.follow(page, "Action late")
    assert page.url.path == "/desk/actions/late"
    course = page.rows("Its course")
    assert [(row[1], row[2], row[4]) for row in course] == [
        ("open", "1 Oct 2022", "–"),
        ("open", "1 Nov 2022", "–"),
        ("completed", "1 Nov 2022", "30 Oct 2022"),
    ]
    assert "a late start" in course[1][-1]
    event = await desk.system.client.get(str(page.url.join(page.links["plan-registry 3"])))
    assert "action rescheduled" in event.text
    assert (await desk.system.client.get("/desk/actions/nobody")).status_code == 404
    assert (await desk.system.client.get("/desk/actions/..%2Fevents")).status_code == 404


async def test_a_thing_leads_to_the_forms_for_what_comes_next_of_it(desk: Desk) -> None:
    await actions(desk.system, "2022-23", *TWO)
    page = await desk.page("desk/actions/late")
    address = str(page.url.join(page.links["Action completed"]))
    form = await desk.system.client.get(address, headers=BROWSER)
    assert form.status_code == 200
    assert re.search(r'<input [^>]*name="/subject"[^>]* value="late"', form.text)


async def test_every_list_has_a_page_in_either_language_and_every_page_its_tables(desk: Desk) -> None:
    await everything(desk.system)
    index = await desk.page("desk")
    for address, which in LISTS.items():
        path = (which.page or address).format(id=which.item)
        english = await desk.page(f"desk/{path}")
        assert await desk.page(f"desk/{path}", lang="fr")
        if which.item is None:
            assert f"./desk/{address}" in index.links.values()
        for words in ("CSV", "XLSX"):
            taken = await desk.system.client.get(str(english.url.join(english.links[words])))
            assert taken.status_code == 200, taken.text
            assert taken.headers["content-disposition"].startswith("attachment")


TABLES: Mapping[str, Mapping[str, list[dict[str, str]]]] = {
    "desk/surveys/survey": {
        "regions": [
            {"region": "AMS", "answered": "0", "invited": "1", "share": "0", "not_answered": "BRA"},
            {"region": "EUR", "answered": "2", "invited": "2", "share": "100", "not_answered": ""},
            {"region": "unlisted", "answered": "0", "invited": "1", "share": "0", "not_answered": "KEN"},
        ],
        "topics": [
            {"topic": "overall", "mean": "4.5", "sum": "9", "ratings": "2", "scale_min": "1", "scale_max": "5"},
        ],
    },
    "desk/operations/operation": {
        "figures": [
            {"figure": "published_on", "interim": "2022-11-01", "final": "2022-12-01", "reported": ""},
            {"figure": "sequence", "interim": "4", "final": "5", "reported": ""},
            {"figure": "seizures", "interim": "5", "final": "7", "reported": "4"},
            {"figure": "cases", "interim": "", "final": "", "reported": "0"},
            {"figure": "reporting_members", "interim": "", "final": "", "reported": "1"},
        ],
        "units": [
            {"unit": "kg", "interim": "", "final": "2", "reported": "1.5"},
            {"unit": "litres", "interim": "", "final": "", "reported": "2"},
        ],
        "categories": [
            {"category": "drugs", "interim": "", "final": "", "reported": "1", "reports": "1"},
            {"category": "waste", "interim": "", "final": "7", "reported": "3", "reports": "1"},
        ],
        "reporting": [
            {"member": "FRA", "participant": "true", "reports": "2"},
            {"member": "BRA", "participant": "true", "reports": "0"},
        ],
    },
}
CAPTIONS = {
    "regions": "Response by region",
    "topics": "Ratings by topic",
    "figures": "Interim against final",
    "units": "Quantities by unit",
    "categories": "Seizures by category",
    "reporting": "Reports by Member",
}


@pytest.mark.parametrize("address", TABLES)
async def test_every_table_of_a_thing_is_taken_away_by_its_name_and_is_a_sheet(desk: Desk, address: str) -> None:
    await everything(desk.system)
    page = await desk.page(address)

    async def taken(words: str) -> bytes:
        answer = await desk.system.client.get(str(page.url.join(page.links[words])))
        assert answer.status_code == 200, answer.text
        return answer.content

    book = of_xlsx(await taken("XLSX"))
    assert list(book)[1:] == list(TABLES[address])
    for name, wanted in TABLES[address].items():
        rows = of_csv(await taken(f"CSV: {CAPTIONS[name]}"))
        assert [{column: row[column] for column in each} for row, each in zip(rows, wanted, strict=True)] == wanted
        assert all(row["positions"].startswith("plan-registry:") for row in rows)
        assert of_xlsx(await taken(f"XLSX: {CAPTIONS[name]}")) == {name: book[name]}
        assert len(book[name]) == len(wanted)


async def test_a_partnership_shows_its_last_step_and_its_course(desk: Desk) -> None:
    await everything(desk.system)
    (row,) = (await desk.page("desk/partnerships", objective="SO2")).rows("Partnerships")
    assert row[-1].startswith("review, 1 Mar 2023 operations-feed")
    page = await desk.page("desk/partnerships/partnership")
    assert [step[:3] for step in page.rows("Its steps")] == [["1 Mar 2023", "review", "SO2"]]
    text = (await desk.system.client.get("/desk/partnerships/partnership")).text
    assert text.index("partnership registered") < text.index("partnership reviewed")


async def test_focus_areas_show_their_reviews_over_the_years(desk: Desk) -> None:
    await everything(desk.system)
    rows = {row[0]: row[2] for row in (await desk.page("desk/focus-areas")).rows("Focus areas")}
    (reviews,) = (text for title, text in rows.items() if title.endswith("FA1"))
    assert reviews.startswith("2022–23: continued, 1 Jun 2023 plan-registry")
    assert "2023–24: integrated → FA2, 1 Jun 2024" in reviews


async def test_experts_whose_accreditation_ends_before_a_day_are_found(desk: Desk) -> None:
    await everything(desk.system)
    (row,) = (await desk.page("desk/experts", on="2024-01-01", ending_before="2024-03-01")).rows("Experts")
    assert (row[0], row[5], row[6]) == ("expert", "1 Feb 2024", "yes")
    assert not (await desk.page("desk/experts", on="2024-01-01", ending_before="2024-01-15")).tables
    alone = await desk.follow(await desk.page("desk/experts"), "expert")
    assert (alone.url.params["expert"], len(alone.rows("Experts"))) == ("expert", 1)


async def test_every_field_filter_and_code_of_a_list_has_words(desk: Desk) -> None:
    for which in LISTS.values():
        document = (await desk.system.client.get(f"/{which.service}/openapi.json")).json()
        said = said_of(msgspec.convert(document, OpenApi), which)
        assert set(which.columns) <= set(said.fields)
        assert {*which.columns, *said.sorts, *said.filters} <= set(FIELDS)
        for each in said.filters.values():
            assert not each.choices or set(each.choices) <= set(CODES[each.name])


async def test_the_desk_counts_what_asks_for_something(desk: Desk) -> None:
    await everything(desk.system)
    answer = await desk.system.client.get("/desk", headers=BROWSER)
    text = " ".join(re.sub("<[^>]*>", " ", answer.text).split())
    assert "Overdue : 1" in text
    assert "In force : 1" in text
    overdue = await desk.follow(await desk.page("desk"), "Overdue")
    assert [row[0] for row in overdue.rows("Actions")] == ["Action action action"]


async def test_a_survey_shows_its_response_by_region_and_who_has_not_answered(desk: Desk) -> None:
    await everything(desk.system)
    (row,) = (await desk.page("desk/surveys")).rows("Surveys")
    assert row[-1] == "2 of 4 (50.0%)"
    page = await desk.follow(await desk.page("desk/surveys"), "Survey")
    assert page.rows("Response by region") == [
        ["Americas and Caribbean", "0", "1", "0.0%", "Brazil BRA"],
        ["Europe", "2", "2", "100.0%", ""],
        ["not on the list of Members", "0", "1", "0.0%", "Kenya KEN"],
    ]
    assert page.rows("Ratings by topic") == [["overall", "2", "4.5 of 5"]]
    silent = await desk.follow(page, "Not answered")
    assert [row[0] for row in silent.rows("Members")] == ["Brazil BRA", "Kenya KEN"]
    as_it_was = await desk.page("desk/surveys/survey", as_of=before(desk.system, "survey-intake", 2))
    assert [row[1] for row in as_it_was.rows("Response by region")] == ["0", "1", "0"]


async def test_an_operation_shows_its_figures_side_by_side_and_never_merges_units(desk: Desk) -> None:
    await everything(desk.system)
    (row,) = (await desk.page("desk/operations")).rows("Operations")
    assert row[-4:] == ["5 1 Nov 2022", "7 1 Dec 2022", "4 2 reports", "7 final report"]
    page = await desk.page("desk/operations/operation")
    assert [row[0] for row in page.rows("Interim against final")] == [
        "Published", "Event", "Seizures", "Cases", "Members that reported"
    ]  # fmt: skip
    assert page.rows("Interim against final")[2] == ["Seizures", "5", "7", "4"]
    assert page.rows("Seizures by category") == [
        ["drugs", "–", "–", "1", "1", "2 litres"],
        ["waste", "–", "7", "3", "1", "1.5 kg"],
    ]
    assert page.rows("Quantities by unit") == [["kg", "–", "2", "1.5"], ["litres", "–", "–", "2"]]
    assert page.rows("Reports by Member") == [["France FRA", "yes", "2"], ["Brazil BRA", "yes", "0"]]
    (report,) = (await desk.page("desk/operations/operation", category="waste")).rows("Reports of seizures")
    assert report[:5] == ["r1", "France FRA", "2 Oct 2022", "waste", "3"]


async def test_a_member_is_found_by_its_code_in_any_case_and_is_called_by_its_name(desk: Desk) -> None:
    await everything(desk.system)
    (row,) = (await desk.page("desk/assistance", member="bra", lang="fr")).rows("Assistance")
    assert "Brésil BRA" in row
    assert len((await desk.page("desk/operations", participant="Fra")).rows("Operations")) == 1
    assert len((await desk.page("desk/operations/operation", member="fra")).rows("Reports of seizures")) == 2
    assert not (await desk.page("desk/operations", participant="deu")).tables
    assert [row[0] for row in (await desk.page("desk/members")).rows("Members")] == [
        "Brazil BRA", "Germany DEU", "France FRA"
    ]  # fmt: skip


async def test_days_that_limit_a_list_say_of_which_days_they_are(desk: Desk) -> None:
    for which in LISTS.values():
        document = (await desk.system.client.get(f"/{which.service}/openapi.json")).json()
        said = said_of(msgspec.convert(document, OpenApi), which)
        assert ("from" in said.filters) == (which.dated is not None)
        assert which.dated is None or said.fields[which.dated] == "date"
    page = (await desk.system.client.get("/desk/surveys", headers=BROWSER)).text
    assert '<label for="by-from">Closes, from</label>' in page
    assert '<label for="by-to">Closes, to</label>' in page
