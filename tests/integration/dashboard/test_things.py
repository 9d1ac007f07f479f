"""The page of one thing: what is recorded of it, its tables, its course, and what can come next of it."""

import re
from collections.abc import Mapping

import pytest

from integration.dashboard.conftest import BROWSER, TWO, Desk, actions, before, everything
from taken import of_csv, of_xlsx


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
    assert "Action rescheduled" in event.text
    assert (await desk.system.client.get("/desk/actions/nobody")).status_code == 404
    assert (await desk.system.client.get("/desk/actions/..%2Fevents")).status_code == 404


async def test_a_thing_leads_to_the_forms_for_what_comes_next_of_it(desk: Desk) -> None:
    await actions(desk.system, "2022-23", *TWO)
    page = await desk.page("desk/actions/late")
    address = str(page.url.join(page.links["Action completed"]))
    form = await desk.system.client.get(address, headers=BROWSER)
    assert form.status_code == 200
    assert re.search(r'<input [^>]*name="/subject"[^>]* value="late"', form.text)


async def test_what_begins_a_thing_does_not_come_next_of_it(desk: Desk) -> None:
    await everything(desk.system)
    for address, begins, comes_next in (
        ("actions/action", "Action added", "Action completed"),
        ("surveys/survey", "Survey opened", "Survey closed"),
        ("operations/operation", "Operation launched", "Operation revised"),
        ("partnerships/partnership", "Partnership registered", "Partnership reviewed"),
        ("assistance/activity", "Assistance delivered", "Assistance corrected"),
    ):
        links = (await desk.page(f"desk/{address}")).links
        assert (begins in links, comes_next in links) == (False, True), address


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
