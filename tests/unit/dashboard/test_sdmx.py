"""A window of time as SDMX says it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.sdmx import Time, time_of


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "said"),
    [
        (date(2022, 7, 1), date(2023, 6, 30), Time("A", "2022-A1", "--07-01")),
        (date(2022, 1, 1), date(2022, 12, 31), Time("A", "2022-A1", "--01-01")),
        (date(2022, 7, 1), date(2025, 6, 30), Time("A3", "2022-07-01/P3Y", None)),
        (date(2022, 7, 1), date(2022, 12, 31), Time("_O", "2022-07-01/P6M", None)),
        (date(2022, 7, 1), date(2023, 12, 31), Time("_O", "2022-07-01/P18M", None)),
    ],
)
def test_a_year_is_a_reporting_period_and_any_other_window_a_time_range(
    starts_on: date, ends_on: date, said: Time
) -> None:
    assert time_of(starts_on, ends_on) == said


@given(st.integers(2000, 2100), st.integers(1, 12))
def test_every_year_is_named_by_the_calendar_year_in_which_it_begins(year: int, month: int) -> None:
    starts_on = date(year, month, 1)
    said = time_of(starts_on, date(year + 1, month, 1) - timedelta(days=1))
    assert said == Time("A", f"{year}-A1", f"--{month:02}-01")
