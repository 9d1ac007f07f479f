"""The forms that fields of events have: ids, dates, decimals, Members, money.

Every form is a strict annotated type that carries its own words, so that whoever breaks it is told what would be
right. Values stay what JSON made of them: dates and decimals are strings. The patterns are anchored and ASCII.
"""

from collections.abc import Iterable
from copy import deepcopy
from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema
from typing_extensions import TypeAliasType

from wco_events.iso import CURRENCIES, MEMBERS

ID = "[A-Za-z0-9][A-Za-z0-9._~-]{0,63}"
"""The form of an id, for a full match."""

MAX_INTEGER = 2**53 - 1
"""The greatest integer that every reader of JSON holds exactly (RFC 8259, section 6)."""

T = TypeVar("T")


class Form:
    """What a value must look like (`schema`), and the words for it (`words`), which refusals use."""

    def __init__(self, words: str, schema: CoreSchema, **json_schema: Any) -> None:
        self.words = words
        self._schema = core_schema.custom_error_schema(schema, "form", custom_error_message=words)
        self._json_schema = json_schema

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return deepcopy(self._schema)  # pydantic writes into what it gets

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(schema) | self._json_schema


class _NotNull:
    """Takes null back out of `T | None`: None then only says that a field is absent."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema: Any = handler(source)
        return schema["schema"]  # type: ignore[no-any-return]


Maybe = Annotated[T | None, _NotNull()]
"""The type of an optional field, with None as its default: it may be absent, but null is refused."""


def without_null_defaults(schema: dict[str, Any]) -> None:
    """Take the default null out of a model's JSON Schema (`json_schema_extra`): it stands for absent."""
    for field in schema["properties"].values():
        if field.get("default", ...) is None:
            del field["default"]


def _text(pattern: str) -> CoreSchema:
    return core_schema.str_schema(pattern=f"^{pattern}$", strict=True)


def _one_of(codes: Iterable[str]) -> CoreSchema:
    return core_schema.literal_schema(sorted(codes))


def _integer(least: int) -> CoreSchema:
    return core_schema.int_schema(strict=True, ge=least, le=MAX_INTEGER)


def _calendar_date(text: str) -> str:
    date.fromisoformat(text)
    return text


Id = Annotated[
    str,
    Form(
        "must be an id: up to 64 letters, digits, '.', '_', '~' and '-', the first a letter or digit (ASCII)",
        _text(ID),
    ),
]
"""The name of a thing, as it also stands in subjects."""

Code = Id
"""A word of a code list that is the client's own (`category`, `theme`, `reasons` …). It has the form of an id."""

ObjectivePattern = Annotated[
    str,
    Form("must be an id, a stem and '#' for any number (as SO#), or '*' for any id", _text(rf"(\*|{ID}#?)")),
]
"""Which objectives are meant, by the form of their ids."""

IsoDate = Annotated[
    str,
    Form(
        "must be a calendar date written YYYY-MM-DD, as 2024-06-26",
        core_schema.no_info_after_validator_function(_calendar_date, _text("[0-9]{4}-[0-9]{2}-[0-9]{2}")),
        format="date",
    ),
]
"""An ISO 8601 calendar date. Two of them compare as text as they do as dates."""

DecimalText = Annotated[
    str,
    Form(
        'must be a decimal in a string, as "0.25": up to 15 digits and up to 6 decimals, no sign, no leading zeros',
        _text(r"(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?"),
    ),
]
"""An exact amount, quantity or value, 0 or more."""

Text = Annotated[
    str,
    Form("must be a text of 1 to 2,000 characters", core_schema.str_schema(min_length=1, max_length=2000, strict=True)),
]
"""Words for people."""

Count = Annotated[int, Form("must be a whole number, 0 or more (at most 2^53 - 1)", _integer(0))]
"""How many."""

Whole = Annotated[int, Form("must be a whole number (within 2^53 - 1)", _integer(-MAX_INTEGER))]
"""A rating, or an end of the scale that ratings are on."""

Iso3 = TypeAliasType(
    "Iso3",
    Annotated[
        str,
        Form(
            "must be an ISO 3166-1 alpha-3 code, as FRA, or EUN (European Union) or XKX (Kosovo)",
            _one_of(MEMBERS),
            description="An ISO 3166-1 alpha-3 code, or EUN (European Union) or XKX (Kosovo).",
        ),
    ],
)
"""A Member."""

Unit = TypeAliasType(
    "Unit",
    Annotated[
        str,
        Form(
            "must be kg, pieces, litres, m3 or, of money, an ISO 4217 code such as EUR",
            _one_of(CURRENCIES | {"kg", "pieces", "litres", "m3"}),
            description="kg, pieces, litres, m3 or, of money, an ISO 4217 code.",
        ),
    ],
)
"""What a quantity is counted in. Weight and pieces are additional to each other."""
