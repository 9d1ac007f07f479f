"""What cells say: numbers exactly, days of fiscal years, ids."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wco_embedded.spreadsheet import cell
from wco_embedded.spreadsheet.cell import Unread
from wco_embedded.spreadsheet.units import UNITS
from wco_events.forms import ID

POUND = UNITS["lb"].times
numbers = st.decimals(min_value=0, max_value=10**9, allow_nan=False, allow_infinity=False, places=12)


def half_even(exact: Fraction) -> Fraction:
    """Another way to the same: Python rounds fractions half to even."""
    return Fraction(round(exact * 10**6), 10**6)


@given(numbers)
def test_pounds_are_kilograms_exactly_and_then_rounded_half_even_to_six_decimals(pounds: Decimal) -> None:
    assert Fraction(cell.amount(pounds, POUND)) == half_even(Fraction(pounds) * Fraction(45359237, 10**8))


@pytest.mark.parametrize(
    ("pounds", "kilograms"),
    [("1", "0.453592"), ("100000000", "45359237"), ("0", "0"), ("2.20462262e-05", "0.00001"), ("0.000001", "0")],
)
def test_some_pounds(pounds: str, kilograms: str) -> None:
    assert cell.amount(cell.number(pounds, ".", ","), POUND) == kilograms


@pytest.mark.parametrize(
    ("exact", "rounded"), [("0.0000005", "0"), ("0.0000015", "0.000002"), ("0.0000025", "0.000002")]
)
def test_a_half_goes_to_the_even_neighbour(exact: str, rounded: str) -> None:
    assert cell.amount(Decimal(exact), Decimal(1)) == rounded


@given(numbers)
def test_scientific_notation_and_thousands_separators_say_the_same_number(value: Decimal) -> None:
    assert cell.number(f"{value:E}", ".", ",") == value
    assert cell.number(f"{value:,f}", ".", ",") == value
    continental = f"{value:,f}".translate(str.maketrans(",.", ".,"))
    assert cell.number(continental, ",", ".") == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("1.2E+3", "1200"), ("1,234,567", "1234567"), ("+7", "7"), ("-3", "-3"), ("\N{MINUS SIGN}3", "-3")],
)
def test_some_numbers(text: str, value: str) -> None:
    assert cell.number(text, ".", ",") == Decimal(value)


@pytest.mark.parametrize(
    "text", ["", "abc", "1,23", "1.2.3", "12,34,567", "NaN", "Infinity", "1e999", "1 000", "٣", "0x10"]
)
def test_what_is_no_number_is_told_with_what_would_be_right(text: str) -> None:
    with pytest.raises(Unread, match=r"must be a number"):
        cell.number(text, ".", ",")


def test_a_number_cell_is_taken_whatever_marks_texts_have() -> None:
    assert cell.number(Decimal("1.234"), ",", ".") == Decimal("1.234")


def test_a_count_is_a_whole_number_however_it_is_written() -> None:
    assert [cell.whole(cell.number(text, ".", ","), Decimal(1)) for text in ("3", "3.0", "1.2E+3")] == [3, 3, 1200]
    with pytest.raises(Unread, match=r"must be a whole number, not 3\.5"):
        cell.whole(Decimal("3.5"), Decimal(1))


def test_an_amount_below_zero_is_told() -> None:
    with pytest.raises(Unread, match="must be 0 or more, not -1"):
        cell.amount(Decimal(-1), POUND)


@pytest.mark.parametrize(
    ("year", "month", "starts_in", "named_by", "first", "last"),
    [
        ("2019", "OCT", 10, "end", "2018-10-01", "2018-10-31"),
        ("2019", "Sep", 10, "end", "2019-09-01", "2019-09-30"),
        ("FY2024", "February", 10, "end", "2024-02-01", "2024-02-29"),
        ("2022", "7", 7, "start", "2022-07-01", "2022-07-31"),
        ("2022", "06", 7, "start", "2023-06-01", "2023-06-30"),
        ("2022", "1", 1, "end", "2022-01-01", "2022-01-31"),
        ("2019", None, 10, "end", "2018-10-01", "2019-09-30"),
        ("2022", None, 1, "end", "2022-01-01", "2022-12-31"),
    ],
)  # fmt: skip
def test_a_month_of_a_fiscal_year_has_its_own_days(
    year: str, month: str | None, starts_in: int, named_by: str, first: str, last: str
) -> None:
    of, in_month = cell.year(year), None if month is None else cell.month(month)
    days = [cell.fiscal_day(of, in_month, starts_in, named_by, edge) for edge in ("first", "last")]  # type: ignore[arg-type]
    assert days == [first, last]


@given(st.integers(1900, 2100), st.integers(1, 12), st.sampled_from(["end", "start"]))
def test_the_months_of_a_fiscal_year_tile_it(of: int, starts_in: int, named_by: str) -> None:
    def day(month: int | None, edge: str) -> date:
        return date.fromisoformat(cell.fiscal_day(of, month, starts_in, named_by, edge))  # type: ignore[arg-type]

    months = [(starts_in + offset - 1) % 12 + 1 for offset in range(12)]
    firsts, lasts = [day(month, "first") for month in months], [day(month, "last") for month in months]
    assert firsts[1:] == [last + timedelta(days=1) for last in lasts[:-1]]
    assert (firsts[0], lasts[-1]) == (day(None, "first"), day(None, "last"))


@pytest.mark.parametrize("text", ["13", "0", "JU", "Brumaire", ""])
def test_what_is_no_month_is_told(text: str) -> None:
    with pytest.raises(Unread, match="must be a month"):
        cell.month(text)


@pytest.mark.parametrize("text", ["19", "2019-20", "FYTD", "0000", ""])
def test_what_is_no_year_is_told(text: str) -> None:
    with pytest.raises(Unread, match="must be a year"):
        cell.year(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Other Drugs**", "Other Drugs"),
        ("2026 (FYTD)", "2026"),
        ("2026 (FYTD)*", "2026"),
        (" a \n b ", "a b"),
        ("**", ""),
    ],
)
def test_footnote_marks_are_no_part_of_what_a_cell_says(text: str, said: str) -> None:
    assert cell.cleaned(text, ["*", "(FYTD)"]) == said


def test_a_date_is_read_in_the_form_that_it_is_said_to_have() -> None:
    assert cell.day("26/06/2024", "%d/%m/%Y") == "2024-06-26"
    assert cell.day("2024-06-26", "%d/%m/%Y") == "2024-06-26"  # as a date cell of XLSX comes
    for text, form in (("26/06/2024", None), ("06/26/2024", "%d/%m/%Y"), ("2024-02-30", None), ("20240626", None)):
        with pytest.raises(Unread, match="must be a date written"):
            cell.day(text, form)


@given(st.lists(st.text(), min_size=1), st.lists(st.text(), min_size=1))
def test_an_id_of_cells_has_the_form_of_an_id_and_tells_other_cells_apart(some: list[str], others: list[str]) -> None:
    import re

    assert re.fullmatch(ID, cell.id_of(some))
    assert (cell.id_of(some) == cell.id_of(others)) == (some == others)
