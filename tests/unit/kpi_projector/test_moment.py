"""What may be said for a moment: a time in years that can be printed, the end of a date, positions in all logs."""

from datetime import date

import pytest

from kpi_projector.moment import read_as_of
from wco_common.instant import end_of_day, parse_instant


@pytest.mark.parametrize(
    "text",
    [
        "9999-12-31T23:59:59-00:01",  # the year 10000
        "9999-12-31T23:59:59.999999-23:59",
        "0001-01-01T00:00:00+00:01",  # the year 0
        "0000-12-31T00:00:00Z",
        "0000-01-01",
    ],
)
def test_a_time_in_years_that_cannot_be_printed_is_refused_saying_what_would_be_right(text: str) -> None:
    with pytest.raises(ValueError, match="must be a time"):
        read_as_of(text)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("9999-12-31T23:59:59.999999Z", end_of_day(date(9999, 12, 31))),
        ("9999-12-31T23:59:59.999999+00:01", parse_instant("9999-12-31T23:58:59.999999Z")),
        ("0001-01-01T00:00:00Z", parse_instant("0001-01-01T00:00:00Z")),
        ("0001-01-01", end_of_day(date(1, 1, 1))),
        ("9999-12-31", end_of_day(date(9999, 12, 31))),
    ],
)
def test_the_first_and_the_last_moment_that_can_be_printed_are_read(text: str, time: int) -> None:
    assert read_as_of(text) == time
