"""Tables to take away: no cell is a formula, numbers stay exact, and every sheet says what it is of."""

import csv
from dataclasses import replace
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from dashboard.sheet import Sheet, harmless, to_csv, to_xlsx

SHEET = Sheet(
    "score/card",
    {"as_of": "2024-06-26T12:00:00.000000Z", "positions": "plan-registry:1", "notice": "=Synthetic"},
    ("id", "value", "open", "answered"),
    [["@a", Decimal("66.666667"), True, None], ["b", Decimal("1E+3"), False, 7]],
)


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\rx", "\nx", " =1", "＝1", "＋1", "－1", "＠x", "=", "-"]
)
def test_what_looks_like_a_formula_begins_with_an_apostrophe(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "a=b", "1-2", "SP2.seizures", "'=1", "e@example.org"])
def test_what_looks_like_none_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


@given(st.text())
def test_no_text_begins_as_a_formula_and_none_is_lost(text: str) -> None:
    told = harmless(text)
    assert not told.lstrip().startswith(("=", "+", "-", "@"))
    assert told in (text, f"'{text}")


@given(st.lists(st.text(), min_size=1))
def test_texts_in_csv_are_read_again_as_they_were(texts: list[str]) -> None:
    body = to_csv(Sheet("x", {}, [f"c{index}" for index in range(len(texts))], [texts])).decode("utf-8-sig")
    assert list(csv.reader(StringIO(body, newline="")))[1] == [*(harmless(text) for text in texts), "1"]


def test_every_row_of_csv_says_what_it_is_of() -> None:
    first, second = csv.DictReader(StringIO(to_csv(SHEET).decode("utf-8-sig"), newline=""))
    assert first == {
        "id": "'@a",
        "value": "66.666667",
        "open": "true",
        "answered": "",
        "as_of": "2024-06-26T12:00:00.000000Z",
        "positions": "plan-registry:1",
        "notice": "'=Synthetic",
        "rows": "2",
    }
    assert second["value"] == "1000"
    assert second["positions"] == "plan-registry:1"


def test_every_sheet_of_xlsx_says_above_its_rows_what_it_is_of() -> None:
    book = load_workbook(BytesIO(to_xlsx([SHEET, replace(SHEET, name="other")])))
    assert book.sheetnames == ["score-card", "other"]
    for page in book.worksheets:
        rows = list(page.iter_rows(values_only=True))
        assert rows[:3] == [
            ("as_of", "2024-06-26T12:00:00.000000Z", None, None),
            ("positions", "plan-registry:1", None, None),
            ("notice", "'=Synthetic", None, None),
        ]
        assert rows[3] == ("rows", 2, None, None)
        assert rows[5:] == [("id", "value", "open", "answered"), ("'@a", 66.666667, True, None), ("b", 1000, False, 7)]
        assert not [cell for row in page.iter_rows() for cell in row if cell.data_type == "f"]


def test_a_table_without_rows_says_what_it_is_of_and_that_it_has_none() -> None:
    empty = replace(SHEET, rows=[])
    (line,) = csv.DictReader(StringIO(to_csv(empty).decode("utf-8-sig"), newline=""))
    assert line == {
        **dict.fromkeys(SHEET.columns, ""),
        "as_of": "2024-06-26T12:00:00.000000Z",
        "positions": "plan-registry:1",
        "notice": "'=Synthetic",
        "rows": "0",
    }
    (page,) = load_workbook(BytesIO(to_xlsx([empty]))).worksheets
    rows = list(page.iter_rows(values_only=True))
    assert rows[1] == ("positions", "plan-registry:1", None, None)
    assert rows[3] == ("rows", 0, None, None)
    assert rows[5:] == [SHEET.columns]


@given(st.text(max_size=50))
def test_whatever_a_text_has_in_it_makes_a_workbook_without_a_formula(text: str) -> None:
    page = load_workbook(BytesIO(to_xlsx([Sheet("x", {"notice": text}, ("a",), [[text]])]))).worksheets[0]
    assert not [cell for row in page.iter_rows() for cell in row if cell.data_type == "f"]
