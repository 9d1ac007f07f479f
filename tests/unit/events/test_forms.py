"""The forms of fields take what the contract says, to the letter, and nothing that only looks like it."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from wco_events.forms import Count, DecimalText, Id, Iso3, IsoDate, Maybe, ObjectivePattern, Text, Unit, Whole


def taken(form: Any, value: object) -> bool:
    try:
        return bool(TypeAdapter(form).validate_python(value) == value)
    except ValidationError:
        return False


ids = st.from_regex("[A-Za-z0-9][A-Za-z0-9._~-]{0,63}", fullmatch=True)


@given(ids)
def test_an_id_has_up_to_64_letters_digits_and_marks(text: str) -> None:
    assert taken(Id, text)


@given(st.text() | ids.map(lambda text: text + "\n") | ids.map(lambda text: text + "é") | st.from_regex(r"\d+\s?"))
@example("a" * 64)
@example("a" * 65)
@example("٣")
@example("a\n")
@example("")
@example(".a")
@example("a/b")
def test_nothing_else_is_an_id(text: str) -> None:
    assert taken(Id, text) == (re.fullmatch("[A-Za-z0-9][A-Za-z0-9._~-]{0,63}", text, re.ASCII) is not None)


@given(st.dates())
@example(date.min)
@example(date.max)
@example(date(2024, 2, 29))
def test_every_calendar_date_is_taken_as_it_is_written(day: date) -> None:
    assert taken(IsoDate, day.isoformat())


@given(
    st.from_regex(r"\d{4}-?\d{2}-?\d{2}\s?", fullmatch=True)
    | st.from_regex(r"[0-2][0-9]{3}-[01][0-9]-[0-3][0-9]", fullmatch=True)
    | st.dates().map(lambda day: "{}-W{:02}-{}".format(*day.isocalendar()))
    | st.datetimes().map(str)
    | st.text()
)
@example("20220701")
@example("2022-W26-5")
@example("2022-182")
@example("2023-02-29")
@example("2023-06-31")
@example("0000-01-01")
@example("2022-07-01\n")
@example(" 2022-07-01")
@example("2022-07-1")
@example("2022-07-01T00:00:00Z")
@example("２０２２-07-01")
@example("٢٠٢٢-٠٧-٠١")
@example("-2022-07-01")
def test_nothing_else_is_a_date(text: str) -> None:
    try:
        real = date.fromisoformat(text).isoformat() == text
    except ValueError:
        real = False
    assert taken(IsoDate, text) == real


@given(
    st.decimals(min_value=0, max_value=Decimal("999999999999999.999999"), places=6).map(str)
    | st.integers(0, 10**15 - 1).map(str)
)
@example("0")
@example("0.0")
@example("0.000001")
@example("999999999999999.999999")
def test_a_decimal_has_up_to_15_digits_and_6_places(text: str) -> None:
    assert taken(DecimalText, text)


@pytest.mark.parametrize(
    "text",
    ["", "-1", "+1", "-0", "01", "00", ".5", "1.", "1e3", "1,5", " 1", "1\n", "1.0000001", "1" * 16, "１", "٣", "NaN"],
)
def test_nothing_else_is_a_decimal(text: str) -> None:
    assert not taken(DecimalText, text)


@pytest.mark.parametrize("length", [1, 2000])
def test_a_text_has_1_to_2000_characters(length: int) -> None:
    assert taken(Text, "é" * length)
    assert taken(Text, "🛃" * length)


@pytest.mark.parametrize("length", [0, 2001])
def test_a_text_is_neither_empty_nor_longer(length: int) -> None:
    assert not taken(Text, "é" * length)


@pytest.mark.parametrize("code", ["FRA", "SSD", "TWN", "PSE", "EUN", "XKX"])
def test_a_member_is_a_country_the_european_union_or_kosovo(code: str) -> None:
    assert taken(Iso3, code)


@pytest.mark.parametrize("code", ["KOS", "EU", "EUR", "FR", "fra", "FRA ", "ROM", "ZAR", "UNO", "XXX", "AAA", ""])
def test_no_other_code_is_a_member(code: str) -> None:
    assert not taken(Iso3, code)


@pytest.mark.parametrize("unit", ["kg", "pieces", "litres", "m3", "EUR", "USD", "XOF", "ZWG", "HRK"])
def test_a_quantity_is_counted_in_a_unit_or_in_money(unit: str) -> None:
    assert taken(Unit, unit)


@pytest.mark.parametrize("unit", ["KG", "g", "t", "m³", "eur", "EURO", "DEM", "FRF", "ABC", ""])
def test_no_other_unit_counts(unit: str) -> None:
    assert not taken(Unit, unit)


@given(st.integers(-(2**70), 2**70))
@example(0)
@example(-1)
@example(2**53 - 1)
@example(2**53)
@example(-(2**53) + 1)
@example(-(2**53))
def test_whole_numbers_stay_within_what_json_holds_exactly(number: int) -> None:
    assert taken(Whole, number) == (abs(number) <= 2**53 - 1)
    assert taken(Count, number) == (0 <= number <= 2**53 - 1)


@pytest.mark.parametrize("value", ["3", 3.0, True, None, [3], {}])
def test_a_number_is_not_made_of_anything_else(value: object) -> None:
    assert not taken(Whole, value)
    assert not taken(Count, value)


@pytest.mark.parametrize("form", [Id, IsoDate, DecimalText, Text, Iso3, Unit, ObjectivePattern])
@pytest.mark.parametrize("value", [3, 20220701, 3.0, True, None, b"FRA", ["FRA"], date(2022, 7, 1), Decimal(3)])
def test_a_text_is_not_made_of_anything_else(form: Any, value: object) -> None:
    assert not taken(form, value)


@pytest.mark.parametrize("text", ["SO1", "SO#", "FA#", "*"])
def test_objectives_are_meant_by_name_by_stem_or_all(text: str) -> None:
    assert taken(ObjectivePattern, text)


@pytest.mark.parametrize("text", ["", "#", "S#1", "SO##", "**", "SO*", "SO#\n"])
def test_no_other_pattern_means_objectives(text: str) -> None:
    assert not taken(ObjectivePattern, text)


class Optional(BaseModel):
    model_config = ConfigDict(strict=True)

    comments: Maybe[Text] = Field(default=None)


def test_an_optional_field_may_be_absent_but_not_null() -> None:
    assert Optional.model_validate({}).comments is None
    with pytest.raises(ValidationError, match="must be a text"):
        Optional.model_validate({"comments": None})
