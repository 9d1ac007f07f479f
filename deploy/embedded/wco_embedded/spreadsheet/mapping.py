"""The mapping file: from which columns of a spreadsheet the fields of a row come (TOML)."""

import codecs
import re
import tomllib
from collections.abc import Mapping as Table
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from wco_embedded.refusal import Refusal, of_system
from wco_embedded.spreadsheet.units import UNITS
from wco_events.forms import Text

_SOME_DAY = date(2024, 6, 26)
_Column = Annotated[str, Field(min_length=1)]


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class FileForm(_Part):
    """How the file is written."""

    sheet: str | None = Field(default=None, description="XLSX: which sheet. Without it: the first one.")
    encoding: str = Field(default="utf-8-sig", description="CSV: of its characters. utf-8-sig is UTF-8 in any case.")
    delimiter: str = Field(default=",", min_length=1, max_length=1, description="CSV: between two cells.")
    header: int = Field(default=1, ge=1, description="The line that names the columns.")
    first: int | None = Field(default=None, ge=2, description="The first line of rows, where it is not the next one.")
    marks: list[Annotated[str, Field(min_length=1)]] = Field(
        default=["*", "(FYTD)"], description="Footnote marks and the like, taken from the end of cells and names."
    )
    blanks: list[str] = Field(default=[], description="Cells that say nothing, beside the empty ones, as n/a.")
    decimal: Literal[".", ","] = Field(default=".", description="The decimal mark of numbers that are texts.")
    thousands: Literal["", ",", ".", " ", "'"] = Field(default=",", description="What their thousands are parted by.")

    @model_validator(mode="after")
    def _sound(self) -> "FileForm":
        if self.decimal == self.thousands:
            raise ValueError(f"decimal and thousands must be two marks, not {self.decimal!r} for both")
        try:
            codecs.lookup(self.encoding)
        except LookupError:
            raise ValueError(f"encoding must be one that there is, as utf-8 or cp1252, not {self.encoding!r}") from None
        if self.first is not None and self.first <= self.header:
            raise ValueError(f"first must be a line below the header, which is line {self.header}")
        return self


class FromColumn(_Part):
    """A value that stands in a column. What it becomes, the field's own form says: a number, a date, a text."""

    column: _Column = Field(description="The column's name, as the header has it, without footnote marks.")
    values: dict[str, str] = Field(default={}, description="What cells stand for: an own word and the event's word.")
    slug: bool = Field(default=False, description="Make an id of it: 'Khat (Catha Edulis)' becomes khat-catha-edulis.")
    unit: str | None = Field(default=None, description="Of an amount: the unit it comes in, as lb.")
    times: str | None = Field(default=None, description="Of a number: what it is multiplied by, a decimal, as '1000'.")
    format: str | None = Field(default=None, description="Of a date: how it is written, as '%d/%m/%Y'.")
    split: str | None = Field(default=None, min_length=1, description="Of a list: what parts its members, as ';'.")

    @model_validator(mode="after")
    def _sound(self) -> "FromColumn":
        if self.unit is not None and self.unit not in UNITS:
            raise ValueError(f"unit must be one of {', '.join(UNITS)}; units that events have need no telling")
        if self.times is not None and not re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,15})?", self.times):
            raise ValueError("times must be a decimal in quotes, as '1000' or '0.5'")
        if self.times is not None and self.unit is not None:
            raise ValueError("unit and times do not go together")
        if self.format is not None:
            try:
                datetime.strptime(_SOME_DAY.strftime(self.format), self.format)  # noqa: DTZ007 -- only tried out
            except ValueError:
                raise ValueError(f"format must be one that strptime reads, as %d/%m/%Y, not {self.format}") from None
        return self


class FromFiscalYear(_Part):
    """A day of a fiscal year: the first or the last of a month of it, or of all of it."""

    fiscal_year: _Column = Field(description="The column that has the year: 2026, FY2026, 2026 (FYTD).")
    month: _Column | None = Field(default=None, description="The column that has the month: 10, OCT, October.")
    starts_in: int = Field(ge=1, le=12, description="The month that the fiscal year starts in: 10 is October.")
    named_by: Literal["end", "start"] = Field(
        default="end", description="The year is called after the calendar year in which it ends, or starts."
    )
    day: Literal["first", "last"] = Field(description="Which day stands for all of it.")


class IdOf(_Part):
    """An id made of what stands in several columns: the same id for the same cells."""

    id_of: list[_Column] = Field(min_length=1, description="The columns that together tell a row from every other.")


Source = FromColumn | FromFiscalYear | IdOf
SOURCES: Table[str, type[Source]] = {"column": FromColumn, "fiscal_year": FromFiscalYear, "id_of": IdOf}
"""What a value can come from, by the word that tells it."""


class Mapping(_Part):
    """A mapping file."""

    source: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9+.-]*:[^\s]+$", max_length=500)] = Field(
        description="Who says so, as a URI. With what a row says, it makes the event's id: keep it from file to file."
    )
    reason: Text | None = Field(default=None, description="What is said of a change. Without it: that the file has it.")
    attributes: dict[Annotated[str, Field(pattern="^[a-z0-9]{1,20}$")], str] = Field(
        default={}, description="Extension attributes of every event, as citation."
    )
    file: FileForm = FileForm()
    before: dict[str, Any] | None = Field(
        default=None, description="What has to be there before the rows: fields of its event. Without it: it is there."
    )
    row: dict[str, Any] = Field(description="The fields of a row: what they come from, or what they always are.")

    @property
    def why(self) -> str:
        """What is said of a change."""
        return self.reason or f"Changed by {self.source}"


class WrongMapping(Refusal):
    """A mapping that cannot be taken: every mistake, with its place and what would be right."""

    def __init__(self, path: Path, faults: list[tuple[str, str]]) -> None:
        lines = (f"  {place or 'the file'}: {what}" for place, what in faults)
        super().__init__("\n".join((f"{path} is no mapping that can be used:", *lines)))


def read_mapping(path: Path) -> Mapping:
    """Return a mapping file. Raises Refusal."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Refusal(f"{of_system(error)}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongMapping(path, [("", f"is not TOML: {error}")]) from None
    try:
        return Mapping.model_validate(told)
    except ValidationError as error:
        raise WrongMapping(path, faults_of(error)) from None


def faults_of(error: ValidationError, *within: str | int) -> list[tuple[str, str]]:
    """Return what pydantic found wrong in a part of the file: the place, as `file.header`, and what would be right."""
    return [(place(*within, *problem["loc"]), _said(problem)) for problem in error.errors(include_url=False)]


def place(*tokens: str | int) -> str:
    """Return a place in the file, as `row.quantities[0].amount`."""
    parts = [f"[{token}]" if isinstance(token, int) else f".{token}" for token in tokens]
    return "".join(parts).removeprefix(".")


def _said(problem: Any) -> str:
    match problem["type"]:
        case "missing":
            return "is required"
        case "extra_forbidden":
            return "is not known here"
        case "value_error":
            return str(problem["ctx"]["error"])
        case "string_pattern_mismatch":
            return f"must have the form {problem['ctx']['pattern']}, which {problem['input']!r} has not"
    said: str = problem["msg"].removeprefix("Input ")
    return f"{said[0].lower()}{said[1:]}, not {problem['input']!r}"
