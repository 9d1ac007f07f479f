"""The languages of the pages: their texts, and how they write numbers and dates.

Texts are gettext catalogues, read as they are written, so that nothing has to be compiled. English is their source.
"""

import gettext
import importlib.resources
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from io import BytesIO
from typing import Literal

from babel import Locale
from babel.core import get_global
from babel.dates import format_date, format_datetime, format_time
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

LANGUAGES = ("en", "fr")
"""The languages there are, the first for whoever wants none of them."""

_OF_MEMBERS = {"EUN": "EU", "XKX": "XK"}
"""Codes of Members that are not of ISO 3166-1."""
_UNKNOWN = "ZZ"
_VALUE = "#,##0.0"
_NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"


class Language:
    """A language: its texts, numbers and dates. All times are written in UTC."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.locale = Locale.parse(code)
        self.name = (self.locale.get_display_name(code) or code).capitalize()
        catalogue = _catalogue(code)
        self.texts = _compiled(catalogue)
        self._has = None if catalogue is None else {each.id for each in catalogue if each.id}
        # A day is written before its month here, as where the WCO is.
        self._written = Locale.parse("en_GB") if code == "en" else self.locale

    def text(self, message: str, **values: object) -> str:
        """Return a message, with values in its places."""
        found = self.texts.gettext(message)
        return found % values if values else found

    def has(self, message: str) -> bool:
        """Say whether there is a message in this language, which a text that a service says may not be."""
        return self._has is None or message in self._has

    def value(self, value: Decimal | None, unit: str) -> str:
        """Return a KPI's value as it is read; one decimal, half-even, where it is a mean or a share."""
        if value is None:
            return "–"
        if unit == "percent":
            return str(
                format_percent(
                    value / 100, _VALUE + "%" if self.code == "en" else f"{_VALUE}{_NO_BREAK_SPACE}%", self.locale
                )
            )
        if unit == "count":
            return self.number(value)
        return str(format_decimal(value, _VALUE, self.locale))

    def target(self, value: Decimal, unit: str) -> str:
        """Return a target as it is said, without a decimal that it does not have."""
        if unit != "percent":
            return self.amount(value)
        return f"{self.amount(value)}{'' if self.code == 'en' else _NO_BREAK_SPACE}%"

    def number(self, value: Decimal | int | str) -> str:
        """Return a number with all the decimals that it has."""
        return str(format_decimal(Decimal(value), "#,##0.######", self.locale))

    def amount(self, value: Decimal | int | str) -> str:
        """Return a number with two decimals at most, where its size is what matters."""
        return str(format_decimal(Decimal(value), "#,##0.##", self.locale))

    def money(self, value: Decimal | str, currency: str) -> str:
        """Return an amount of money with the code of its currency, whose hundredths are written out."""
        return f"{format_decimal(Decimal(value), '#,##0.00', self.locale)}{_NO_BREAK_SPACE}{currency}"

    def day(self, day: date, length: Literal["medium", "long"] = "medium") -> str:
        """Return a calendar day."""
        return format_date(day.date() if isinstance(day, datetime) else day, length, locale=self._written)

    def member(self, iso3: str) -> str | None:
        """Return what a Member is called, by its code; None where the code is not known."""
        code: str | None = _OF_MEMBERS.get(iso3) or next(iter(get_global("territory_aliases").get(iso3, ())), None)
        name: str | None = self.locale.territories.get(code)
        return None if code == _UNKNOWN else name

    def month(self, day: date) -> str:
        """Return a month and its year, in short."""
        return format_date(day, "MMM y", locale=self._written)

    def moment(self, moment: datetime) -> str:
        """Return a moment to the minute."""
        moment = moment.astimezone(UTC)
        return (
            f"{self.day(moment)}, {format_time(moment, 'HH:mm', tzinfo=UTC, locale=self._written)}{_NO_BREAK_SPACE}UTC"
        )

    def instant(self, moment: datetime) -> str:
        """Return a moment to the microsecond."""
        written = format_datetime(moment.astimezone(UTC), "d MMM y, HH:mm:ss.SSSSSS", tzinfo=UTC, locale=self._written)
        return f"{written}{_NO_BREAK_SPACE}UTC"


@cache
def language(code: str) -> Language:
    """Return a language by its code."""
    return Language(code)


def preferred(header: str) -> Language:
    """Return the language that an Accept-Language header asks for most (RFC 9110, 12.5.4)."""
    wanted = sorted(_ranges(header), key=lambda each: -each[1])
    for tag, weight in wanted:
        code = LANGUAGES[0] if tag == "*" else tag.partition("-")[0]
        if weight > 0 and code in LANGUAGES:
            return language(code)
    return language(LANGUAGES[0])


def _ranges(header: str) -> Iterable[tuple[str, float]]:
    for part in header.split(","):
        tag, _, weight = part.partition(";")
        try:
            yield tag.strip().lower(), float(weight.strip().removeprefix("q=")) if weight else 1.0
        except ValueError:
            continue


def _catalogue(code: str) -> Catalog | None:
    """Return the catalogue of a language; the source has none."""
    if code == LANGUAGES[0]:
        return None
    with (importlib.resources.files(__package__) / "locale" / f"{code}.po").open("rb") as file:
        return read_po(file, locale=code, abort_invalid=True)


def _compiled(catalogue: Catalog | None) -> gettext.NullTranslations:
    if catalogue is None:
        return gettext.NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
