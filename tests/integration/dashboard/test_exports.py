"""Every table of the pages is taken away as CSV and XLSX, and figures as SDMX-CSV: they say what the pages say."""

import csv
from io import StringIO

import httpx
import pytest

from system import System
from taken import of_csv, of_xlsx
from wco_events.event_type import LogName

TABLES = ["/scorecard", "/compare", *(f"/kpis/SP2.seizures{part}" for part in ("", "/history", "/evidence"))]
LISTS = [
    *("actions", "focus-areas", "members", "baselines", "surveys", "operations", "partnerships", "assistance"),
    *("experts", "operations/op/reports"),
]


@pytest.fixture
async def system(system: System) -> System:
    """A plan, an operation with a report, and its final report."""
    await system.adopt()
    days = {"starts_on": "2022-10-01", "ends_on": "2022-10-31"}
    log: LogName = "operations-feed"
    await system.post(log, "operation.launched", "op", title="=HYPERLINK(1)", participants=["FRA"], **days)
    report = {"operation": "op", "report": "r", "member": "FRA", "seized_on": "2022-10-02"}
    quantities = [{"amount": "1.5", "unit": "kg"}]
    await system.post(log, "seizure.reported", "op/r", category="waste", seizures=3, quantities=quantities, **report)
    place = await system.post(
        log,
        "operation.report-published",
        "op",
        stage="final",
        published_on="2022-12-01",
        totals={"seizures": 7},
        by_category=[{"category": "waste", "seizures": 7}],
    )
    await system.get("scorecard", period="2022-23", after=place)
    await system.client.get("/operations-feed/v1/operations", params={"after": place})
    return system


async def taken(system: System, path: str, **query: str) -> httpx.Response:
    answer = await system.client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"].startswith('attachment; filename="wco-')
    return answer


def lines(answer: httpx.Response) -> list[dict[str, str]]:
    return of_csv(answer.content)


async def test_the_scorecard_is_taken_away_with_what_it_rests_on(system: System) -> None:
    rows = lines(await taken(system, "/scorecard.csv", period="2022-23"))
    told = await system.get("scorecard", period="2022-23")
    assert [row["id"] for row in rows] == [kpi["id"] for kpi in told["kpis"]]
    for row, kpi in zip(rows, told["kpis"], strict=True):
        assert (row["numerator"], row["denominator"], row["status"]) == (
            kpi["numerator"],
            kpi["denominator"],
            kpi["status"],
        )
        assert row["value"] == ("" if kpi["value"] is None else f"{kpi['value']:g}")
        assert row["as_of"] == told["as_of"]["time"]
        assert row["positions"] == "plan-registry:1,survey-intake:0,operations-feed:3"


@pytest.mark.parametrize("path", TABLES)
async def test_every_table_is_there_as_csv_and_as_xlsx_with_the_same_rows(system: System, path: str) -> None:
    query = {"period": "2022-23"}
    rows = lines(await taken(system, f"{path}.csv", **query))
    (sheet, *_) = of_xlsx((await taken(system, f"{path}.xlsx", **query)).content).values()
    assert len(sheet) == len(rows)


async def test_each_table_of_a_kpi_is_taken_away_by_its_name(system: System) -> None:
    rows = lines(await taken(system, "/kpis/SP2.seizures.csv", period="2022-23", table="category"))
    assert [(row["category"], row["value"], row["numerator"], row["denominator"]) for row in rows] == [
        ("waste", "7", "7", "1")
    ]
    book = of_xlsx((await taken(system, "/kpis/SP2.seizures.xlsx")).content)
    assert list(book) == ["periods", "operation", "category"]
    alone = of_xlsx((await taken(system, "/kpis/SP2.seizures.xlsx", table="operation")).content)
    assert list(alone) == ["operation"]
    wrong = await system.client.get("/kpis/SP2.seizures.csv", params={"table": "month"})
    assert wrong.status_code == 422
    assert "must be one of periods, operation, category" in wrong.text
    assert (await system.client.get("/kpis/SP9.nothing.csv")).status_code == 404


async def test_the_evidence_adds_up_to_the_figure(system: System) -> None:
    rows = lines(await taken(system, "/kpis/SP2.seizures/evidence.csv", period="2022-23"))
    assert [(row["log"], row["sequence"], row["numerator"]) for row in rows] == [("operations-feed", "3", "7")]


async def test_a_history_says_what_caused_each_step_and_why_it_restates(system: System) -> None:
    place = await system.post(
        "operations-feed", "operation.report-published", "op", stage="final", published_on="2022-12-02",
        totals={"seizures": 5},
    )  # fmt: skip
    await system.shown(place)
    rows = lines(await taken(system, "/kpis/SP2.seizures/history.csv", period="2022-23"))[1:]
    told = [(row["value"], row["restates"], row["cause_log"], row["cause_sequence"]) for row in rows]
    assert told == [("7", "", "operations-feed", "3"), ("5", "anew", "operations-feed", "4")]
    causes = {(row["cause_type"], row["cause_subject"]) for row in rows}
    assert causes == {("org.wcoomd.operation.report-published.v1", "op")}


async def test_figures_are_observations_of_reporting_years_that_begin_in_july(system: System) -> None:
    answer = await taken(system, "/kpis/SP2.seizures.sdmx.csv")
    assert answer.headers["content-type"] == "application/vnd.sdmx.data+csv; version=2.0.0"
    assert answer.text.startswith("STRUCTURE,STRUCTURE_ID,ACTION,FREQ,KPI,TIME_PERIOD,OBS_VALUE,")
    rows = list(csv.DictReader(StringIO(answer.text, newline="")))
    told = [
        (row["FREQ"], row["TIME_PERIOD"], row["REPORTING_YEAR_START_DAY"], row["OBS_VALUE"], row["OBS_STATUS"])
        for row in rows
    ]
    assert told == [
        ("A", "2022-A1", "--07-01", "7", "A"),
        ("A", "2023-A1", "--07-01", "", "O"),
        ("A", "2024-A1", "--07-01", "", "O"),
        ("A3", "2022-07-01/P3Y", "", "7", "A"),
    ]
    assert {(row["STRUCTURE"], row["ACTION"], row["KPI"]) for row in rows} == {("dataflow", "I", "SP2.seizures")}
    whole = await taken(system, "/scorecard.sdmx.csv", period="2022-23")
    assert len(list(csv.DictReader(StringIO(whole.text, newline="")))) == 28


@pytest.mark.parametrize("path", LISTS)
async def test_every_list_of_the_desk_is_taken_away(system: System, path: str) -> None:
    lines(await taken(system, f"/desk/{path}.csv"))
    assert of_xlsx((await taken(system, f"/desk/{path}.xlsx")).content)


async def test_a_list_is_taken_away_filtered_and_harmless(system: System) -> None:
    await system.client.get("/operations-feed/v1/operations", params={"after": "operations-feed:3"})
    (row,) = lines(await taken(system, "/desk/operations.csv", participant="FRA"))
    assert (row["id"], row["title"], row["participants"]) == ("op", "'=HYPERLINK(1)", "FRA")
    assert row["positions"] == "plan-registry:1,survey-intake:0,operations-feed:3"
    assert row["address"] == "operations-feed/v1/operations?participant=FRA&sort=-ends_on"
    (row,) = lines(await taken(system, "/desk/operations/op/reports.csv"))
    assert row["quantities"] == '[{"amount":"1.5","unit":"kg"}]'
    wrong = await system.client.get("/desk/operations.csv", params={"colour": "red"})
    assert wrong.status_code == 422


async def test_a_list_without_rows_has_the_columns_of_one_with_rows_and_says_of_which_moment_it_is(
    system: System,
) -> None:
    full = await taken(system, "/desk/operations.csv")
    empty = await taken(system, "/desk/operations.csv", participant="DEU")
    assert empty.text.splitlines()[0] == full.text.splitlines()[0]
    assert lines(empty) == []
    (line,) = csv.DictReader(StringIO(empty.content.decode("utf-8-sig"), newline=""))
    assert line["rows"] == "0"
    assert line["address"] == "operations-feed/v1/operations?participant=DEU&sort=-ends_on"
    assert line["positions"] == "plan-registry:1,survey-intake:0,operations-feed:3"
    book = of_xlsx((await taken(system, "/desk/operations.xlsx", participant="DEU")).content)
    assert book == {"operations": []}


async def test_a_table_that_is_still_the_same_is_not_sent_again(system: System) -> None:
    first = await taken(system, "/scorecard.csv")
    again = await system.client.get("/scorecard.csv", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304
    other = await system.client.get("/scorecard.xlsx", headers={"if-none-match": first.headers["etag"]})
    assert other.status_code == 200
