"""The forms of what rows say: how each is stored, answered over HTTP, and shown in a view."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import msgspec
from sqlalchemy import BigInteger, SmallInteger, Text
from sqlalchemy.types import TypeEngine

Dialect = Literal["postgresql", "sqlite"]

MILLION = 10**6

SORTED_TEXT = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that sorts by its code points on both engines, whatever the language of the database."""


@dataclass(frozen=True, eq=False)
class Shown:
    """The type of a form in a view, and the expression that makes it of what is stored; by engine."""

    postgresql: tuple[str, str]
    sqlite: tuple[str, str]

    def type(self, dialect: Dialect) -> str:
        """Return the type, as the engine calls it."""
        return (self.postgresql if dialect == "postgresql" else self.sqlite)[0]

    def sql(self, stored: str, dialect: Dialect) -> str:
        """Return the expression that shows a stored one."""
        return (self.postgresql if dialect == "postgresql" else self.sqlite)[1].format(stored)


def as_it_is(value: Any) -> Any:
    """Return a value as it is."""
    return value


@dataclass(frozen=True, eq=False)
class Form:
    """A form: its column's type, how a value is stored and loaded, answered and described, and shown in a view."""

    type: TypeEngine[Any]
    schema: Mapping[str, Any]
    shown: Shown
    store: Callable[[Any], Any] = as_it_is
    load: Callable[[Any], Any] = as_it_is
    answer: Callable[[Any], Any] = as_it_is


def _text(value: str) -> str:
    """PostgreSQL has no text with a NUL in it."""
    return value.replace("\0", "\N{REPLACEMENT CHARACTER}")


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _digits(sums: Mapping[str, Mapping[str, int]]) -> str:
    return _json({group: {name: str(number) for name, number in of.items()} for group, of in sums.items()})


def _sums(stored: str) -> dict[str, dict[str, int]]:
    read: dict[str, dict[str, str]] = msgspec.json.decode(stored)
    return {group: {name: int(digits) for name, digits in of.items()} for group, of in read.items()}


def decimal_of(millionths: int) -> str:
    """Return an exact decimal without trailing zeros for a whole number of millionths."""
    whole, part = divmod(abs(millionths), MILLION)
    text = f"{whole}.{part:06d}".rstrip("0").rstrip(".")
    return f"-{text}" if millionths < 0 else text


def millionths_of(text: str) -> int:
    """Read what `decimal_of` wrote, or any decimal of at most six places."""
    whole, _, part = text.removeprefix("-").partition(".")
    value = int(whole) * MILLION + int(f"{part:0<6}")
    return -value if text.startswith("-") else value


_NUMERIC = Shown(("numeric", "CAST({} AS numeric)"), ("text", "{}"))
_JSON = Shown(("jsonb", "CAST({} AS jsonb)"), ("text", "{}"))

TEXT = Form(SORTED_TEXT, {"type": "string"}, Shown(("text", "{}"), ("text", "{}")), _text)
DATE = Form(SORTED_TEXT, {"type": "string", "format": "date"}, Shown(("date", "CAST({} AS date)"), ("text", "{}")))
WHOLE = Form(BigInteger(), {"type": "integer"}, Shown(("bigint", "{}"), ("integer", "{}")))
FLAG = Form(SmallInteger(), {"type": "boolean"}, Shown(("boolean", "({} = 1)"), ("integer", "{}")), int, int, bool)
"""0 or 1, which is what can be added to."""
DECIMAL = Form(Text(), {"type": "string"}, _NUMERIC)
"""A decimal as it was sent."""
SUM = Form(
    Text(),
    {"type": "integer"},
    Shown(("numeric", "CAST({} AS numeric)"), ("integer", "CAST({} AS integer)")),
    str,
    int,
)
"""A sum of whole numbers: it may be longer than 64 bits, so it is stored in digits."""
AMOUNT = Form(
    Text(),
    {"type": "string", "pattern": r"^-?(0|[1-9][0-9]*)(\.[0-9]{1,6})?$"},
    _NUMERIC,
    decimal_of,
    millionths_of,
    decimal_of,
)
"""A sum of decimals of up to six places, in Python whole millionths, stored and answered as an exact decimal."""
LIST = Form(Text(), {"type": "array", "items": {"type": "string"}}, _JSON, _json, msgspec.json.decode)
OBJECT = Form(Text(), {"type": "object"}, _JSON, _json, msgspec.json.decode)
OBJECTS = Form(Text(), {"type": "array", "items": {"type": "object"}}, _JSON, _json, msgspec.json.decode)
SUMS = Form(Text(), {"type": "object"}, _JSON, _digits, _sums)
"""Sums of whole numbers by name, of several groups, in digits as a `SUM` is."""
INSTANT = Form(
    BigInteger(),
    {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$"},
    Shown(
        ("timestamp with time zone", "(timestamptz 'epoch' + {} * interval '1 microsecond')"),
        ("text", "(strftime('%Y-%m-%dT%H:%M:%S', {0} / 1000000, 'unixepoch') || printf('.%06dZ', {0} % 1000000))"),
    ),
)
"""Microseconds since 1970-01-01 UTC."""
