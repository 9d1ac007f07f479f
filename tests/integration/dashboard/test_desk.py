"""The desk shows what the lists of the services say: filtered, sorted, in pages, now and as of a past moment."""

import re

import msgspec

from dashboard.desk_words import CODES, FIELDS
from dashboard.listing import OpenApi, said_of
from dashboard.lists import LISTS
from integration.dashboard.conftest import BROWSER, TWO, Desk, actions, everything


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
    earlier = await desk.follow(second, "Previous page")
    assert earlier.rows("Actions") == first.rows("Actions")
    assert (await desk.follow(earlier, "Next page")).rows("Actions") == second.rows("Actions")
    assert "Previous page" not in {*first.links, *earlier.links}
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


async def test_a_list_without_rows_says_why_it_has_none(desk: Desk) -> None:
    assert "Nothing was recorded for this list" in await desk.words("desk/actions")
    await actions(desk.system, "2022-23", *TWO)
    assert "falls in this period" in await desk.words("desk/actions", period="2024-25")
    asked = {"overdue": "true", "objective": "SO3", "on": "2022-09-01"}
    said = (await desk.words("desk/actions", **asked)).partition("Nothing in this list is as it is asked for: ")[2]
    told = "Objective: SO3; Overdue: yes; Seen from the day: 1 Sept 2022."
    assert said.startswith(told), said[:200]


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
