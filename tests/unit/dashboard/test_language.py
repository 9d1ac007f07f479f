"""The language that a reader is spoken to in, and how it writes numbers and dates."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from dashboard.language import language, preferred


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "en"),
        ("fr", "fr"),
        ("fr-CA,en;q=0.5", "fr"),
        ("en;q=0.4, fr;q=0.9", "fr"),
        ("de, fr;q=0.2", "fr"),
        ("de, *;q=0.1", "en"),
        ("fr;q=0", "en"),
        ("fr;q=much", "en"),
    ],
)
def test_a_browser_is_answered_in_the_language_that_it_wants_most_of_those_there_are(header: str, code: str) -> None:
    assert preferred(header).code == code


@pytest.mark.parametrize(
    ("code", "unit", "value", "written"),
    [
        ("en", "percent", "83.333333", "83.3%"),
        ("fr", "percent", "83.333333", "83,3\N{NO-BREAK SPACE}%"),
        ("en", "score", "74.25", "74.2"),
        ("en", "score", "0", "0.0"),
        ("en", "count", "12345", "12,345"),
        ("fr", "count", "12345", "12\N{NARROW NO-BREAK SPACE}345"),
    ],
)
def test_a_value_is_written_as_its_unit_and_language_have_it(code: str, unit: str, value: str, written: str) -> None:
    assert language(code).value(Decimal(value), unit) == written


def test_money_has_its_hundredths_and_its_currency() -> None:
    assert language("en").money("18518.5", "EUR") == "18,518.50\N{NO-BREAK SPACE}EUR"
    assert language("fr").money("18518.5", "EUR") == "18\N{NARROW NO-BREAK SPACE}518,50\N{NO-BREAK SPACE}EUR"


def test_no_value_is_not_written_as_zero() -> None:
    assert language("en").value(None, "percent") == "–"


def test_a_moment_is_written_in_utc_wherever_it_is_from() -> None:
    moment = datetime(2024, 6, 26, 1, 5, 6, 7, tzinfo=timezone(timedelta(hours=2)))
    assert language("en").moment(moment) == "25 Jun 2024, 23:05\N{NO-BREAK SPACE}UTC"
    assert language("fr").instant(moment.astimezone(UTC)) == "25 juin 2024, 23:05:06.000007\N{NO-BREAK SPACE}UTC"


@pytest.mark.parametrize(
    ("iso3", "english", "french"),
    [
        ("DEU", "Germany", "Allemagne"),
        ("EUN", "European Union", "Union européenne"),
        ("XKX", "Kosovo", "Kosovo"),
        ("ZZZ", None, None),
        ("QQQ", None, None),
    ],
)
def test_a_member_has_its_name_in_each_language(iso3: str, english: str | None, french: str | None) -> None:
    assert (language("en").member(iso3), language("fr").member(iso3)) == (english, french)
