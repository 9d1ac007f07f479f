"""The list of operations: interim against final figures, and the reports by category and by unit."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from integration.lists.conftest import Lists, Serving
from settable_clock import SettableClock


def launch(**other: Any) -> dict[str, Any]:
    said = {"title": "O", "theme": "waste", "starts_on": "2023-01-01", "ends_on": "2023-01-31", "participants": ["FRA"]}
    return said | other


@pytest.fixture
async def feed(serving: Serving, clock: SettableClock) -> AsyncIterator[Lists]:
    """Two operations with nothing reported yet."""
    clock.set("2023-03-01T12:00:00Z")
    async with serving("operations-feed") as lists:
        await lists.post("operation.launched", "o1", **launch())
        await lists.post("operation.launched", "o2", **launch(ends_on="2023-06-30", theme="drugs"))
        yield lists


async def report(lists: Lists, name: str, category: str, seizures: int, *, of: str = "o1", **more: Any) -> None:
    event = "seizure.corrected" if "reason" in more else "seizure.reported"
    said = {"member": "FRA", "seized_on": "2023-01-10", "category": category, "seizures": seizures} | more
    await lists.post(event, f"{of}/{name}", operation=of, report=name, **said)


def of(amount: str, unit: str) -> dict[str, str]:
    return {"amount": amount, "unit": unit}


async def operation(lists: Lists, name: str = "o1") -> Any:
    return (await lists.get(f"/v1/operations/{name}"))["operation"]


async def test_operations_are_listed_by_the_day_on_which_they_end(feed: Lists) -> None:
    rows = (await feed.get("/v1/operations"))["operations"]
    assert [(row["id"], row["running"], row["figure"]) for row in rows] == [("o1", False, None), ("o2", True, None)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"theme": "drugs"}, ["o2"]),
        ({"state": "cancelled"}, ["o1"]),
        ({"from": "2023-02-01"}, ["o2"]),
        ({"to": "2023-02-01"}, ["o1"]),
        ({"participant": "KEN"}, ["o2"]),
        ({"running": "true", "on": "2023-01-15"}, ["o2"]),
    ],
)
async def test_operations_are_found_by_what_they_are(feed: Lists, query: dict[str, str], found: list[str]) -> None:
    revised = launch(ends_on="2023-06-30", theme="drugs", participants=["FRA", "KEN"])
    await feed.post("operation.revised", "o2", **revised, reason="more")
    await feed.post("operation.cancelled", "o1", reason="moot")
    assert [row["id"] for row in (await feed.get("/v1/operations", **query))["operations"]] == found


async def test_reports_add_up_by_category_by_unit_and_by_member(feed: Lists) -> None:
    await report(feed, "r1", "waste", 3, cases=1, quantities=[of("0.1", "kg"), of("7", "pieces")])
    await report(feed, "r2", "waste", 2, member="KEN", quantities=[of("0.2", "kg")])
    await report(feed, "r3", "tobacco", 1, quantities=[of("999999999999999.999999", "kg"), of("5.50", "EUR")])
    reported = (await operation(feed))["reported"]
    assert reported == {
        "reports": 3,
        "seizures": 6,
        "cases": 1,
        "reporting_members": 2,
        "quantities": [of("5.5", "EUR"), of("1000000000000000.299999", "kg"), of("7", "pieces")],
        "by_category": [
            {
                "category": "tobacco",
                "reports": 1,
                "seizures": 1,
                "cases": 0,
                "quantities": [of("5.5", "EUR"), of("999999999999999.999999", "kg")],
            },
            {
                "category": "waste",
                "reports": 2,
                "seizures": 5,
                "cases": 1,
                "quantities": [of("0.3", "kg"), of("7", "pieces")],
            },
        ],
        "by_member": [{"member": "FRA", "reports": 2}, {"member": "KEN", "reports": 1}],
    }
    [row, _] = (await feed.get("/v1/operations"))["operations"]
    assert row["reported"] == {name: reported[name] for name in row["reported"]}


async def test_a_correction_replaces_what_was_reported_and_a_retraction_takes_it_back(feed: Lists) -> None:
    await report(feed, "r1", "waste", 3, quantities=[of("1", "kg")])
    await report(feed, "r1", "tobacco", 2, quantities=[of("4", "pieces")], reason="mixed up")
    reported = (await operation(feed))["reported"]
    assert [(row["category"], row["seizures"]) for row in reported["by_category"]] == [("tobacco", 2)]
    assert reported["quantities"] == [of("4", "pieces")]
    await feed.post("seizure.retracted", "o1/r1", operation="o1", report="r1", reason="none")
    reported = (await operation(feed))["reported"]
    assert (reported["reports"], reported["by_category"], reported["quantities"]) == (0, [], [])
    assert (reported["by_member"], reported["reporting_members"]) == ([], 0)


async def test_the_figure_is_the_final_one_else_the_interim_one_else_that_of_the_reports(feed: Lists) -> None:
    await report(feed, "r1", "waste", 3)
    assert (await operation(feed))["figure"] == {"seizures": 3, "of": "reports"}
    await publish(feed, "interim", {"seizures": 5, "cases": 2, "quantities": [of("1.50", "kg")]})
    assert (await operation(feed))["figure"] == {"seizures": 5, "of": "interim"}
    by_category = [{"category": "waste", "seizures": 4}]
    await publish(feed, "final", {"seizures": 6}, by_category=by_category)
    told = await operation(feed)
    assert told["figure"] == {"seizures": 6, "of": "final"}
    assert (told["interim"]["cases"], told["interim"]["quantities"]) == (2, [of("1.50", "kg")])
    assert (told["final"]["cases"], told["final"]["by_category"]) == (None, by_category)
    await publish(feed, "final", {})
    assert (await operation(feed))["figure"] == {"seizures": 5, "of": "interim"}


async def publish(lists: Lists, stage: str, totals: dict[str, Any], **more: Any) -> None:
    said = {"stage": stage, "published_on": "2023-02-20", "totals": totals}
    await lists.post("operation.report-published", "o1", **said, **more)


async def test_an_operations_reports_are_read_in_pages_and_sorted(feed: Lists) -> None:
    for number, day in enumerate(("2023-01-12", "2023-01-10", "2023-01-11"), 1):
        await report(feed, f"r{number}", "waste", number, seized_on=day)
    await report(feed, "r9", "waste", 9, of="o2")
    pages = await feed.pages("/v1/operations/o1/reports", "reports", sort="-seized_on", limit="2")
    assert [[row["report"] for row in page] for page in pages] == [["r1", "r3"], ["r2"]]
    answer = await feed.get("/v1/operations/o1/reports", **{"from": "2023-01-11", "sort": "seizures"})
    assert [row["report"] for row in answer["reports"]] == ["r1", "r3"]
    assert answer["operation"]["id"] == "o1"


async def test_reports_of_an_operation_that_there_is_not_are_not_found(feed: Lists) -> None:
    assert (await feed.answer("/v1/operations/none/reports")).status_code == 404
    assert (await feed.answer("/v1/operations/none")).status_code == 404
