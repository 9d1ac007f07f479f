"""Rows of CSV and XLSX files become drafts of events, or are told with line, columns and what would be right."""

import datetime
from pathlib import Path

import pytest

from unit.spreadsheet.files import csv, read, xlsx
from wco_common.spreadsheet.kind import KINDS
from wco_common.spreadsheet.template import template_of
from wco_embedded.refusal import Refusal
from wco_embedded.spreadsheet.mapping import read_mapping
from wco_embedded.spreadsheet.row import RowFault, RowForm
from wco_embedded.spreadsheet.sheet import rows

STATISTICS = """
source = "urn:example:statistics"
[row]
operation = "op"
report = { id_of = ["FY", "Month", "Goods"] }
member = "USA"
seized_on = { fiscal_year = "FY", month = "Month", starts_in = 10, day = "last" }
category = { column = "Goods", slug = true }
seizures = { column = "Count" }
quantities = [{ amount = { column = "Sum (lbs)", unit = "lb" }, unit = "kg" }]
"""
ANSWERS = """
source = "urn:example:survey"
[file]
blanks = ["n/a"]
[row]
survey = "annual-2022"
member = { column = "Country", values = { Kenya = "KEN" } }
submitted_on = { column = "Date" }
ratings = { overall = { column = "Q1" }, SP1 = { column = "Q2" } }
instruments = [
  { instrument = "e-commerce", status = { column = "E" }, reasons = { column = "Why", split = ";" } },
  { instrument = "waste", status = { column = "W" } },
]
"""


HEADER = "FY,Month,Goods*,Count,Sum (lbs)"


def test_a_line_of_statistics_is_a_report_of_seizures(tmp_path: Path) -> None:
    file = csv(tmp_path, HEADER, '2026 (FYTD),OCT,Khat (Catha Edulis)**,"1,234",1.2E+3', "", "2026,NOV,Lsd,1,")
    (first, second), faults = read(tmp_path, "seizures", STATISTICS, file)
    assert faults == []
    assert first.subject == f"op/{first.data['report']}"
    assert dict(first.data) == {
        "operation": "op",
        "report": first.data["report"],
        "member": "USA",
        "seized_on": "2025-10-31",
        "category": "khat-catha-edulis",
        "seizures": 1234,
        "quantities": [{"amount": "544.310844", "unit": "kg"}],
    }
    assert "quantities" not in second.data


def test_a_year_to_date_is_the_same_row_once_the_year_is_over(tmp_path: Path) -> None:
    sofar, _ = read(tmp_path, "seizures", STATISTICS, csv(tmp_path, HEADER, "2026 (FYTD),OCT,Lsd,1,2"))
    whole, _ = read(tmp_path, "seizures", STATISTICS, csv(tmp_path, HEADER, "2026,OCT,Lsd,3,4"))
    assert sofar[0].key == whole[0].key


def test_every_fault_of_every_row_is_told_with_line_and_columns(tmp_path: Path) -> None:
    file = csv(tmp_path, HEADER, "19,OCT,Lsd,one,-1", '2026,XXX,"a\nb",1,2', "2026,OCT,,1,2")
    drafts, faults = read(tmp_path, "seizures", STATISTICS, file)
    assert drafts == []
    assert [(fault.line, fault.columns, fault.detail.partition(",")[0]) for fault in faults] == [
        (2, ("FY", "Month"), "must be a year"),
        (2, ("Count",), "must be a number"),
        (2, ("Sum (lbs)",), "must be 0 or more"),
        (3, ("FY", "Month"), "must be a month"),
        (5, ("Goods",), "category is required"),
    ]


def test_cells_of_xlsx_say_the_same_as_those_of_csv(tmp_path: Path) -> None:
    lines = [["FY", "Month", "Goods*", "Count", "Sum (lbs)"], [2026, "OCT", "Lsd", 3.0, 8.3799469484296]]
    by_csv = read(tmp_path, "seizures", STATISTICS, csv(tmp_path, HEADER, "2026,OCT,Lsd,3,8.3799469484296"))
    assert read(tmp_path, "seizures", STATISTICS, xlsx(tmp_path, *lines)) == by_csv


def test_a_survey_answer_leaves_out_what_is_blank(tmp_path: Path) -> None:
    header = ["Country", "Date", "Q1", "Q2", "E", "Why", "W"]
    day = datetime.datetime(2022, 11, 14)  # noqa: DTZ001 -- as a date cell has it
    (draft,), faults = read(
        tmp_path,
        "answers",
        ANSWERS,
        xlsx(tmp_path, header, ["Kenya", day, 4, "n/a", "partial", "legal-basis; it-systems", None]),
    )
    assert faults == []
    assert draft.subject == "annual-2022"
    assert dict(draft.data) == {
        "member": "KEN",
        "submitted_on": "2022-11-14",
        "ratings": {"overall": 4},
        "instruments": [{"instrument": "e-commerce", "status": "partial", "reasons": ["legal-basis", "it-systems"]}],
    }


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_of_a_template_is_no_row_and_what_is_written_below_it_is(tmp_path: Path, kind: str) -> None:
    files = template_of(KINDS[kind])
    file = tmp_path / f"{kind}.csv"
    file.write_bytes(files[f"{kind}.csv"])
    mapping = files[f"{kind}.toml"].decode()
    example = RowFault(3, (), "is the template's example: write over it, or delete the line")
    assert read(tmp_path, kind, mapping, file) == ([], [example])
    *_, line = file.read_text().splitlines()
    with file.open("a") as opened:
        opened.write(f"x{line}\n")
    drafts, faults = read(tmp_path, kind, mapping, file)
    assert faults == [example]
    assert drafts


def test_what_is_half_filled_is_told_and_not_left_out(tmp_path: Path) -> None:
    file = csv(tmp_path, "Country,Date,Q1,Q2,E,Why,W", "Kenya,2022-11-14,4,,,legal-basis,")
    _, faults = read(tmp_path, "answers", ANSWERS, file)
    assert faults == [RowFault(2, ("E",), "status must not be blank where reasons is given")]


def test_a_column_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"has no column 'Sum \(lbs\)'; line 1 has 'FY', 'Month', 'Goods', 'Count'"):
        read(tmp_path, "seizures", STATISTICS, csv(tmp_path, "FY,Month,Goods,Count", "2026,OCT,Lsd,1"))
    with pytest.raises(Refusal, match="has more than one column 'FY'"):
        read(tmp_path, "seizures", STATISTICS, csv(tmp_path, f"{HEADER},FY", "2026,OCT,Lsd,1,1,1"))


def test_what_is_no_spreadsheet_is_told(tmp_path: Path) -> None:
    wrong = tmp_path / "rows.xlsx"
    wrong.write_text("no zip")
    with pytest.raises(Refusal, match="is no XLSX file"):
        read(tmp_path, "seizures", STATISTICS, wrong)
    latin = tmp_path / "rows.csv"
    latin.write_bytes(f"{HEADER}\n2026,OCT,Caf\xe9,1,1".encode("latin-1"))
    with pytest.raises(Refusal, match=r"it is not utf-8-sig; file\.encoding in the mapping says what it is"):
        read(tmp_path, "seizures", STATISTICS, latin)


ACTIONS = """
source = "urn:example:actions"
[before]
plan = "sp-2022-2025"
period = { column = "Period" }
actions = []
[row]
action = { column = "No" }
period = { column = "Period" }
objective = { column = "For" }
title = { column = "What" }
due_on = { column = "Due" }
started_on = { column = "Begun" }
completed_on = { column = "Done" }
"""
ACTION = "No,Period,For,What,Due,Begun,Done"


def test_an_id_and_a_day_complete_an_action_that_is_recorded_already(tmp_path: Path) -> None:
    mapping = """
source = "urn:example:completions"
[row]
action = { column = "No" }
completed_on = { column = "Done" }
"""
    (draft,), faults = read(tmp_path, "actions", mapping, csv(tmp_path, "No,Done", "x-1,2024-06-30"))
    assert faults == []
    assert (draft.step.name, draft.subject, dict(draft.data)) == (
        "action.completed",
        "x-1",
        {"completed_on": "2024-06-30"},
    )
    one_day = mapping.replace('{ column = "Done" }', "2024-06-30")
    drafts, faults = read(tmp_path, "actions", one_day, csv(tmp_path, "No", "x-1", "x-2"))
    assert (faults, [draft.subject for draft in drafts]) == ([], ["x-1", "x-2"])


def test_a_row_tells_of_an_action_what_it_fills_and_must_fill_all_that_belongs_together(tmp_path: Path) -> None:
    file = csv(
        tmp_path,
        ACTION,
        "x-1,2023-24,SO1,Do it,2023-10-31,,",
        "x-2,,,,,2023-07-01,2023-12-01",
        "x-3,,,Do that,,,2023-12-01",
        "x-4,,,,,,",
        ",,,,,,2023-12-01",
    )
    drafts, faults = read(tmp_path, "actions", ACTIONS, file)
    assert [(draft.step.name, draft.subject) for draft in drafts] == [
        ("action.added", "x-1"),
        ("action.started", "x-2"),
        ("action.completed", "x-2"),
    ]
    assert [(fault.line, fault.columns, fault.detail) for fault in faults] == [
        (4, ("Period",), "period is required"),
        (4, ("For",), "objective is required"),
        (4, ("Due",), "due_on is required"),
        (5, (), "tells nothing: period, objective, title, due_on, started_on, completed_on are blank"),
        (6, ("No",), "action is required"),
    ]


def test_only_what_adds_an_action_needs_the_plan_of_its_period(tmp_path: Path) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text(ACTIONS)
    form = RowForm(KINDS["actions"], read_mapping(path), path)
    file = csv(tmp_path, ACTION, "x-1,2023-24,SO1,Do it,2023-10-31,,", "x-2,,,,,,2023-12-01")
    befores = [form.before(row, form.read(row)[0]) for row in rows(file, read_mapping(path).file, list(form.columns()))]
    (added, no_fault), completed = befores
    assert (added is not None and added.subject, no_fault) == ("2023-24", [])
    assert completed == (None, [])
