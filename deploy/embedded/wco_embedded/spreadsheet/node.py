"""The parts of a form: each reads of a row of cells what the mapping says of one field."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from wco_embedded.spreadsheet import cell
from wco_embedded.spreadsheet.cell import Cell, Cells, Unread, said
from wco_embedded.spreadsheet.mapping import FileForm, FromColumn, FromFiscalYear, IdOf, Source
from wco_embedded.spreadsheet.units import UNITS

ABSENT: Any = object()
"""What a field is that a row leaves blank."""


class Faults(Protocol):
    """Takes what is wrong with a row: the columns, and what would be right."""

    def __call__(self, columns: Sequence[str], detail: str) -> None:
        """Take one fault."""


class Node(Protocol):
    """A part of the form."""

    def read(self, cells: Cells, faults: Faults) -> Any:
        """Return what a row says here, ABSENT where it says nothing or what cannot be read, which `faults` is told."""

    def columns(self) -> Iterator[str]:
        """Yield the columns that it looks at."""

    def at(self, token: str) -> "Node":
        """Return the part of it at a step of a JSON pointer; itself where it has none."""


@dataclass(frozen=True)
class Constant:
    """What is the same of every row."""

    value: Any

    def read(self, cells: Cells, faults: Faults) -> Any:
        """Return it."""
        return self.value

    def columns(self) -> Iterator[str]:
        """Yield none."""
        yield from ()

    def at(self, token: str) -> Node:
        """Return itself."""
        return self


@dataclass(frozen=True)
class Leaf:
    """A value of one or more cells. `form` is what the schema says of it, `array` whether it is a list of such."""

    source: Source
    form: str
    array: bool
    file: FileForm

    def read(self, cells: Cells, faults: Faults) -> Any:
        """Return the value, ABSENT where its cells are blank."""
        try:
            return self._value(cells)
        except Unread as unread:
            faults(list(self.columns()), str(unread))
            return ABSENT

    def _value(self, cells: Cells) -> Any:
        match self.source:
            case IdOf(id_of=columns):
                named = [said(cells, column) for column in columns]
                return cell.id_of(named) if any(each != "" for each in named) else ABSENT
            case FromFiscalYear() as of:
                year, month = said(cells, of.fiscal_year), None if of.month is None else said(cells, of.month)
                if year == "" and month in (None, ""):
                    return ABSENT
                in_month = None if month is None else cell.month(month)
                return cell.fiscal_day(cell.year(year), in_month, of.starts_in, of.named_by, of.day)
        found = said(cells, self.source.column)
        if found == "":
            return ABSENT
        if not self.array:
            return self._one(found, self.source)
        parts = [part.strip() for part in cell.shown(found).split(self.source.split)] if self.source.split else [found]
        return [self._one(part, self.source) for part in parts if part != ""]

    def _one(self, found: Cell, source: FromColumn) -> Any:
        found = source.values.get(cell.shown(found), found)
        match self.form:
            case "integer":
                return cell.whole(self._number(found), Decimal(source.times or 1))
            case "decimal":
                times = UNITS[source.unit].times if source.unit else Decimal(source.times or 1)
                return cell.amount(self._number(found), times)
            case "date":
                return cell.day(found, source.format)
        text = cell.shown(found)
        return cell.slug(text) if source.slug else text

    def _number(self, found: Cell) -> Decimal:
        return cell.number(found, self.file.decimal, self.file.thousands)

    def columns(self) -> Iterator[str]:
        """Yield its columns."""
        match self.source:
            case FromColumn(column=column):
                yield column
            case FromFiscalYear(fiscal_year=year, month=month):
                yield year
                if month is not None:
                    yield month
            case IdOf(id_of=columns):
                yield from columns

    def at(self, token: str) -> Node:
        """Return itself."""
        return self


@dataclass(frozen=True)
class Fields:
    """An object. One of which a row fills nothing is left out; one that it fills must have what it must have."""

    parts: Mapping[str, Node]
    required: frozenset[str]

    def read(self, cells: Cells, faults: Faults) -> Any:
        """Return the object, ABSENT where what it must have is blank with all else that columns fill."""
        wrong = False

        def told(columns: Sequence[str], detail: str) -> None:
            nonlocal wrong
            wrong = True
            faults(columns, detail)

        found = {name: value for name, part in self.parts.items() if (value := part.read(cells, told)) is not ABSENT}
        if not (missing := [name for name in self.parts if name in self.required and name not in found]):
            return found
        filled = [name for name in found if any(self.parts[name].columns())]
        if filled and not wrong:
            columns = [column for name in missing for column in self.parts[name].columns()]
            faults(columns, f"{' and '.join(missing)} must not be blank where {' and '.join(filled)} is given")
        return ABSENT

    def columns(self) -> Iterator[str]:
        """Yield the columns of its fields."""
        for part in self.parts.values():
            yield from part.columns()

    def at(self, token: str) -> Node:
        """Return a field."""
        return self.parts.get(token, self)


@dataclass(frozen=True)
class Items:
    """A list of as many things as the mapping has; those that a row leaves blank are left out."""

    parts: Sequence[Node]

    def read(self, cells: Cells, faults: Faults) -> Any:
        """Return the list, ABSENT where a row leaves all of it blank."""
        found = [value for part in self.parts if (value := part.read(cells, faults)) is not ABSENT]
        return found if found or not self.parts else ABSENT

    def columns(self) -> Iterator[str]:
        """Yield the columns of all."""
        for part in self.parts:
            yield from part.columns()

    def at(self, token: str) -> Node:
        """Return one, or itself: which of a row's things it is, blanks before it make uncertain."""
        return self.parts[0] if len(self.parts) == 1 else self
