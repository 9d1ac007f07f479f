"""What an operations-feed event alone shows to be wrong."""

from typing import Any

import pytest

from refusal import refusal

REPORT, SEIZURE, DELIVERED, ACCREDITED = (
    "operation.report-published",
    "seizure.reported",
    "assistance.delivered",
    "expert.accredited",
)


@pytest.mark.parametrize("name", ["operation.launched", "operation.revised"])
def test_an_operation_ends_on_the_day_it_starts_or_later(name: str) -> None:
    assert refusal(name, starts_on="2022-10-01", ends_on="2022-10-01") == {}
    assert refusal(name, starts_on="2022-10-01", ends_on="2022-09-30") == {
        "/data/ends_on": "must not be before starts_on, which is 2022-10-01"
    }


@pytest.mark.parametrize("participants", [[], ["FRA"], ["FRA", "FRA", "EUN"]])
def test_the_participants_of_an_operation_are_taken_as_they_come(participants: list[str]) -> None:
    assert refusal("operation.launched", participants=participants) == {}


@pytest.mark.parametrize("theme", ["illicit trade", "", None])
def test_the_theme_of_an_operation_is_a_code(theme: Any) -> None:
    assert refusal("operation.launched", theme=theme).keys() == {"/data/theme"}
    assert refusal("operation.launched", without=["theme"]) == {}


@pytest.mark.parametrize("name", ["seizure.reported", "seizure.corrected", "seizure.retracted"])
def test_a_seizure_report_has_operation_and_report_as_subject(name: str) -> None:
    assert refusal(name, "o1/r1", operation="o1", report="r1") == {}
    assert refusal(name, "o1/r2", operation="o1", report="r1") == {"/subject": "must be o1/r1, as data say"}
    assert refusal(name, "r1", operation="o1", report="r1") == {"/subject": "must be o1/r1, as data say"}


@pytest.mark.parametrize("subject", ["o1", "o1/", "/r1", "o1/r1/x", "o1/r 1", "o1/r1\n", ""])
def test_a_subject_of_another_form_is_told_even_where_data_do_not_say_which(subject: str) -> None:
    assert refusal(SEIZURE, subject, without=["report"]).keys() == {"/subject", "/data/report"}


@pytest.mark.parametrize(
    ("field", "value", "pointer"),
    [
        ("seizures", -1, "/data/seizures"),
        ("seizures", "2", "/data/seizures"),
        ("seizures", 2.0, "/data/seizures"),
        ("seizures", True, "/data/seizures"),
        ("seizures", 2**53, "/data/seizures"),
        ("cases", -1, "/data/cases"),
        ("cases", None, "/data/cases"),
        ("category", "illicit drugs", "/data/category"),
        ("member", "EUR", "/data/member"),
        ("seized_on", "2022-02-29", "/data/seized_on"),
        ("hs_code", "", "/data/hs_code"),
        ("quantities", {"kg": "1"}, "/data/quantities"),
        ("quantities", [{"amount": "1", "unit": "kg"}, {"amount": "1", "unit": "t"}], "/data/quantities/1/unit"),
        ("quantities", [{"amount": 1, "unit": "kg"}], "/data/quantities/0/amount"),
        ("quantities", [{"amount": "-1", "unit": "kg"}], "/data/quantities/0/amount"),
        ("quantities", [{"amount": "1"}], "/data/quantities/0/unit"),
    ],
)
def test_a_malformed_seizure_report_is_refused_where_it_is(field: str, value: Any, pointer: str) -> None:
    assert refusal(SEIZURE, **{field: value}).keys() == {pointer}


def test_a_seizure_report_needs_no_more_than_how_many() -> None:
    assert refusal(SEIZURE, without=["cases", "quantities", "hs_code"], seizures=0) == {}


@pytest.mark.parametrize("unit", ["kg", "pieces", "litres", "m3", "EUR", "BGN"])
def test_weight_and_pieces_stand_side_by_side(unit: str) -> None:
    assert refusal(SEIZURE, quantities=[{"amount": "1.5", "unit": unit}, {"amount": "2", "unit": unit}]) == {}


@pytest.mark.parametrize(
    "totals",
    [{}, {"seizures": 0}, {"cases": 3}, {"reporting_members": 90}, {"quantities": []}],
)
def test_a_report_gives_the_figures_it_has(totals: dict[str, Any]) -> None:
    assert refusal(REPORT, totals=totals, without=["by_category"]) == {}


@pytest.mark.parametrize("totals", [{"seizures": None}, {"seizures": -1}, {"members": 3}])
def test_a_malformed_figure_is_refused_where_it_is(totals: dict[str, Any]) -> None:
    assert refusal(REPORT, totals=totals).keys() == {f"/data/totals/{field}" for field in totals}


@pytest.mark.parametrize(
    ("total", "parts"), [(10, [10]), (10, [4, 6]), (10, [4, 5]), (10, [None, 10]), (0, [0]), (10, []), (None, [4, 6])]
)
def test_the_categories_of_a_report_have_up_to_its_seizures(total: int | None, parts: list[int | None]) -> None:
    assert refusal(REPORT, **report(total, parts)) == {}


@pytest.mark.parametrize(("total", "parts"), [(10, [11]), (10, [5, 6]), (0, [1]), (10, [10, None, 1])])
def test_the_categories_of_a_report_have_no_more_seizures_than_it(total: int, parts: list[int | None]) -> None:
    assert refusal(REPORT, **report(total, parts)).keys() == {"/data/by_category"}


def report(total: int | None, parts: list[int | None]) -> dict[str, Any]:
    return {
        "totals": {} if total is None else {"seizures": total},
        "by_category": [
            {"category": f"c{index}"} | ({} if seizures is None else {"seizures": seizures})
            for index, seizures in enumerate(parts)
        ],
    }


def test_no_category_of_a_report_stands_twice() -> None:
    assert refusal(REPORT, by_category=[{"category": "waste"}, {"category": "ipr"}, {"category": "waste"}]) == {
        "/data/by_category/2/category": "names waste a second time"
    }


def test_no_category_of_a_report_is_what_the_categories_leave_over() -> None:
    assert refusal(REPORT, by_category=[{"category": "waste"}, {"category": "unspecified"}]).keys() == {
        "/data/by_category/1/category"
    }
    assert refusal(SEIZURE, category="unspecified") == {}


def test_a_report_is_interim_or_final() -> None:
    assert refusal(REPORT, stage="final") == {}
    assert refusal(REPORT, stage="preliminary") == {"/data/stage": "must be 'interim' or 'final'"}


@pytest.mark.parametrize("objectives", [[], ["SO1", "XY9", "SO1"]])
@pytest.mark.parametrize("name", ["partnership.registered", "partnership.reviewed", "partnership.upgraded"])
def test_a_partnership_names_any_objectives(name: str, objectives: list[str]) -> None:
    assert refusal(name, objectives=objectives) == {}


@pytest.mark.parametrize("field", ["partner_kind", "instrument"])
def test_what_kind_of_partnership_it_is_is_a_code(field: str) -> None:
    assert refusal("partnership.registered", **{field: "memorandum of understanding"}).keys() == {f"/data/{field}"}


@pytest.mark.parametrize("aligned_with", [[], ["SO1"], ["FA17", "XY9", "FA17"]])
def test_assistance_is_aligned_with_any_objectives(aligned_with: list[str]) -> None:
    assert refusal(DELIVERED, aligned_with=aligned_with) == {}


@pytest.mark.parametrize("name", ["assistance.delivered", "assistance.corrected"])
def test_assistance_costs_euros_or_it_is_not_said(name: str) -> None:
    assert refusal(name, cost={"amount": "0.5", "currency": "EUR"}) == {}
    assert refusal(name, without=["cost"]) == {}
    assert refusal(name, cost={"amount": "100", "currency": "USD"}) == {"/data/cost/currency": "must be 'EUR'"}


@pytest.mark.parametrize(
    ("field", "value", "pointer"),
    [
        ("members", ["FRA", "EU"], "/data/members/1"),
        ("aligned_with", ["SO 1"], "/data/aligned_with/0"),
        ("delivered_by", "expert", "/data/delivered_by"),
        ("experts", ["Jane Doe"], "/data/experts/0"),
        ("experts", None, "/data/experts"),
        ("cost", None, "/data/cost"),
        ("cost", {"amount": 12.5, "currency": "EUR"}, "/data/cost/amount"),
        ("cost", {"amount": "12.50"}, "/data/cost/currency"),
    ],
)
def test_malformed_assistance_is_refused_where_it_is(field: str, value: Any, pointer: str) -> None:
    assert refusal(DELIVERED, **{field: value}).keys() == {pointer}


@pytest.mark.parametrize("name", ["expert.accredited", "expert.accreditation-corrected"])
def test_an_accreditation_expires_on_the_day_it_begins_or_later(name: str) -> None:
    assert refusal(name, accredited_on="2022-09-01", expires_on="2022-09-01") == {}
    assert refusal(name, accredited_on="2022-09-01", without=["expires_on"]) == {}
    assert refusal(name, accredited_on="2022-09-01", expires_on="2022-08-31") == {
        "/data/expires_on": "must not be before accredited_on, which is 2022-09-01"
    }


@pytest.mark.parametrize(
    ("field", "value"), [("status", "certified"), ("employer", "WCO"), ("expires_on", None), ("areas", "SO1")]
)
def test_a_malformed_accreditation_is_refused_where_it_is(field: str, value: Any) -> None:
    assert refusal(ACCREDITED, **{field: value}).keys() == {f"/data/{field}"}


@pytest.mark.parametrize(
    "name",
    [
        "operation.revised",
        "operation.cancelled",
        "seizure.corrected",
        "seizure.retracted",
        "partnership.step-retracted",
        "partnership.ended",
        "assistance.corrected",
        "assistance.retracted",
        "expert.accreditation-corrected",
        "expert.accreditation-ended",
    ],
)
def test_what_changes_the_record_says_why(name: str) -> None:
    assert refusal(name, without=["reason"]) == {"/data/reason": "is required"}
