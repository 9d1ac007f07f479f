"""What stands in a cell, and what it means: numbers, years, months, days, ids. Whatever cannot be read is Unread."""

import calendar
import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal, Inexact
from typing import Literal

Cell = str | Decimal
"""A text without marks and outer spaces, empty where nothing is said, or the number of a number cell (XLSX)."""


@dataclass(frozen=True)
class Unreadable:
    """A cell that says nothing that could be relied on: why, and what to do."""

    why: str


Cells = Mapping[str, Cell | Unreadable]
"""What stands in a row, by column."""

DECIMALS = 6
"""Decimals of an amount in an event."""

_LONGEST = 60
"""Characters and powers of ten of a number, at most: far beyond what an event can hold."""
_EXACT = Context(prec=4 * _LONGEST, traps=[Inexact])
_ROUNDING = Context(prec=4 * _LONGEST, rounding=ROUND_HALF_EVEN)
_MONTHS = [name.casefold() for name in calendar.month_name]
_YEAR = re.compile(r"(?:FY ?)?([0-9]{4})", re.IGNORECASE)
_READABLE = 47
"""Characters of an id that are for eyes, before its 16 that tell it from others."""


class Unread(ValueError):
    """A cell that does not say what it is to say. The message is what would be right."""


def said(cells: Cells, column: str) -> Cell:
    """Return what stands in a column. Raises Unread."""
    found = cells[column]
    if isinstance(found, Unreadable):
        raise Unread(found.why)
    return found


def cleaned(text: str, marks: Sequence[str]) -> str:
    """Return a text without outer spaces and the footnote marks at its end; spaces within are single."""
    text = " ".join(text.split())
    while (shorter := next((text.removesuffix(mark) for mark in marks if text.endswith(mark)), None)) is not None:
        text = shorter.rstrip()
    return text


def shown(cell: Cell) -> str:
    """Return a cell as text."""
    return cell if isinstance(cell, str) else f"{cell:f}"


def number(cell: Cell, decimal: str, thousands: str) -> Decimal:
    """Return a number exactly as it is written, in scientific notation too. Raises Unread."""
    if isinstance(cell, Decimal):
        return _within(cell)
    digits = cell.replace("\N{MINUS SIGN}", "-").replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    grouped = rf"[0-9]{{1,3}}(?:{re.escape(thousands)}[0-9]{{3}})+|" if thousands else ""
    form = rf"[+-]?(?:{grouped}[0-9]+)(?:{re.escape(decimal)}[0-9]*)?(?:[eE][+-]?[0-9]{{1,3}})?"
    if len(digits) > _LONGEST or not re.fullmatch(form, digits):
        example = f"12{thousands}345{decimal}5"
        told = (
            "; file.decimal and file.thousands in the mapping say otherwise" if re.match("[+-]?[0-9]", digits) else ""
        )
        raise Unread(f"must be a number, as {example} or 1{decimal}2E+3, not {cell!r}{told}")
    if thousands:
        digits = digits.replace(thousands, "")
    return _within(Decimal(digits.replace(decimal, ".")))


def _within(value: Decimal) -> Decimal:
    if not value.is_finite() or abs(value.adjusted()) > _LONGEST:
        raise Unread(f"must be a number that an event can hold, not {value}")
    return value


def whole(value: Decimal, times: Decimal) -> int:
    """Return a whole number. Raises Unread."""
    product = _EXACT.multiply(value, times)
    if product != product.to_integral_value():
        raise Unread(f"must be a whole number, not {product:f}")
    return int(product)


def amount(value: Decimal, times: Decimal) -> str:
    """Return an amount, multiplied exactly and then rounded half-even, as events write it. Raises Unread."""
    product = _EXACT.multiply(value, times)
    if product < 0:
        raise Unread(f"must be 0 or more, not {value:f}")
    text = f"{product.quantize(Decimal(1).scaleb(-DECIMALS), context=_ROUNDING):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def day(cell: Cell, form: str | None) -> str:
    """Return a date as events write it, from a text in a `strptime` form, else ISO 8601. Raises Unread."""
    text = shown(cell)
    try:
        # A date cell of XLSX comes as ISO 8601, whatever form texts have, and perhaps with the time of the day.
        iso = _ISO.fullmatch(text)
        return date.fromisoformat(iso[1]).isoformat() if iso else _parsed(text, form).isoformat()
    except ValueError:
        right = f"{form}, as {date(2024, 6, 26).strftime(form)}" if form else "YYYY-MM-DD, as 2024-06-26"
        raise Unread(f"must be a date written {right}, not {text!r}{_advice(text, form)}") from None


_ISO = re.compile("([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.][0-9]+)?)?)?")
_SERIAL = re.compile("[1-9][0-9]{4}")
"""A day as spreadsheet programs count them: five digits are the years from 1927 to 2173."""


def _parsed(text: str, form: str | None) -> date:
    if form is None:
        raise ValueError
    return datetime.strptime(text, form).date()  # noqa: DTZ007 -- a calendar date has no zone


def _advice(text: str, form: str | None) -> str:
    """Say what a person can do about what is no date."""
    if _SERIAL.fullmatch(text):
        counted = date(1899, 12, 30) + timedelta(days=int(text))
        return f", which may be {counted} as spreadsheet programs count days: have the cells shown as dates there"
    return "" if form else "; format in the mapping says how dates are written"


def year(cell: Cell) -> int:
    """Return a year: 2026, FY2026, FY 2026. Raises Unread."""
    found = _YEAR.fullmatch(shown(cell))
    if found is None or found[1] == "0000":
        raise Unread(f"must be a year, as 2026 or FY2026, not {shown(cell)!r}")
    return int(found[1])


def month(cell: Cell) -> int:
    """Return a month by its number, its English name, or three letters or more of that. Raises Unread."""
    text = shown(cell).casefold().rstrip(".")
    if re.fullmatch("0?[1-9]|1[0-2]", text):
        return int(text)
    found = [index for index, name in enumerate(_MONTHS) if len(text) >= 3 and name.startswith(text)]
    if len(found) != 1:
        raise Unread(f"must be a month, as 10, OCT or October, not {shown(cell)!r}")
    return found[0]


def fiscal_day(
    of: int, in_month: int | None, starts_in: int, named_by: Literal["end", "start"], edge: Literal["first", "last"]
) -> str:
    """Return the first or last day of a month of a fiscal year, or of all of it, as events write dates.

    `named_by` says whether the year is called after the calendar year that it ends or that it starts in; one that
    starts in January is called after its own.
    """
    begins = of - 1 if named_by == "end" and starts_in > 1 else of
    if in_month is None:
        in_month = starts_in if edge == "first" else (starts_in - 2) % 12 + 1
    in_year = begins if in_month >= starts_in else begins + 1
    last = calendar.monthrange(in_year, in_month)[1]
    return date(in_year, in_month, 1 if edge == "first" else last).isoformat()


def slug(text: str) -> str:
    """Return a text as an id has it: lower case, ASCII, words joined by `-`; at most 64 characters."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    return re.sub("[^a-z0-9]+", "-", plain).strip("-")[:64].rstrip("-")


def id_of(cells: Sequence[Cell]) -> str:
    """Return an id for what these cells together name: the same for the same, another for others."""
    texts = [shown(cell) for cell in cells]
    digest = hashlib.sha256(json.dumps(texts).encode()).hexdigest()[:16]
    readable = slug(" ".join(texts))[:_READABLE].strip("-")
    return f"{readable}-{digest}" if readable else digest
