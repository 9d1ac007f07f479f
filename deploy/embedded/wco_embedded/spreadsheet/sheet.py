"""Spreadsheet files, CSV (compressed, too) and XLSX, read row by row."""

import csv
import gzip
import zipfile
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from wco_embedded.refusal import Refusal
from wco_embedded.spreadsheet.cell import Cell, cleaned
from wco_embedded.spreadsheet.mapping import FileForm
from wco_embedded.spreadsheet.row import Row

csv.field_size_limit(1_000_000)


class Line(NamedTuple):
    """A line as the file has it, by its number."""

    number: int
    values: Sequence[Any]


class Uncalculated(NamedTuple):
    """A cell whose formula nobody has calculated: what it stands for is not known."""

    formula: str


def rows(path: Path, form: FileForm, wanted: Sequence[str]) -> Iterator[Row]:
    """Yield the rows of a file that say anything, with the columns that are wanted. Raises Refusal."""
    lines = _xlsx(path, form) if path.suffix.casefold() in {".xlsx", ".xlsm"} else _csv(path, form)
    with closing(lines):
        header = next((line for line in lines if line.number >= form.header), None)
        places = _columns(path, form, header, wanted)
        first = form.first or form.header + 1
        for line in lines:
            if line.number < first or all(value in (None, "") for value in line.values):
                continue
            cells = {name: _cell(path, line, at, form) for name, at in places.items()}
            if any(cell != "" for cell in cells.values()):
                yield Row(line.number, cells)


def _columns(path: Path, form: FileForm, header: Line | None, wanted: Sequence[str]) -> dict[str, int]:
    if header is None or header.number != form.header:
        raise Refusal(f"{path} has no line {form.header}, which is to name the columns.")
    names = [cleaned(str(value), form.marks) if value is not None else "" for value in header.values]
    wanted = list(dict.fromkeys(wanted))
    if missing := [name for name in wanted if name not in names]:
        there = ", ".join(repr(name) for name in names if name)
        raise Refusal(
            f"{path} has no column {', '.join(map(repr, missing))}; line {form.header} has {there or 'no names'}."
        )
    if twice := [name for name in wanted if names.count(name) > 1]:
        raise Refusal(f"{path} has more than one column {', '.join(map(repr, twice))}.")
    return {name: names.index(name) for name in wanted}


def _cell(path: Path, line: Line, at: int, form: FileForm) -> Cell:
    value = line.values[at] if at < len(line.values) else None
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case int() | float():
            # What a number cell shows is the shortest decimal that is the same binary number.
            return Decimal(repr(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat()
        case Uncalculated():
            raise Refusal(
                f"{path}, line {line.number}: {value.formula} was never calculated; open the file in a spreadsheet "
                "program and save it, or save it as CSV."
            )
    text = cleaned(str(value), form.marks)
    return "" if text in form.blanks else text


def _csv(path: Path, form: FileForm) -> Generator[Line, None, None]:
    opened = gzip.open if path.suffix.casefold() == ".gz" else open
    with opened(path, "rt", encoding=form.encoding, newline="") as file:
        reader = csv.reader(file, delimiter=form.delimiter, strict=True)
        number = 1
        try:
            for values in reader:
                yield Line(number, values)
                number = reader.line_num + 1
        except (csv.Error, EOFError) as error:
            raise Refusal(f"{path}, line {reader.line_num}: it is no CSV: {error}.") from None
        except UnicodeDecodeError:
            raise Refusal(
                f"{path}, after line {reader.line_num}: it is not {form.encoding}; file.encoding in the "
                "mapping says what it is."
            ) from None


def _xlsx(path: Path, form: FileForm) -> Generator[Line, None, None]:
    """Yield what formulas come to, and tell where nobody has worked that out."""
    try:
        books = [load_workbook(path, read_only=True, data_only=values) for values in (True, False)]
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise Refusal(f"{path} is no XLSX file: {error}.") from None
    try:
        if form.sheet is not None and form.sheet not in books[0].sheetnames:
            raise Refusal(f"{path} has no sheet {form.sheet!r}; it has {', '.join(map(repr, books[0].sheetnames))}.")
        values, formulas = (book[form.sheet or book.sheetnames[0]] for book in books)
        both = zip(values.iter_rows(values_only=True), formulas.iter_rows(values_only=True), strict=True)
        for number, (told, behind) in enumerate(both, 1):
            yield Line(number, [_told(value, formula) for value, formula in zip(told, behind, strict=True)])
    finally:
        for book in books:
            book.close()


def _told(value: Any, behind: Any) -> Any:
    return Uncalculated(behind) if value is None and isinstance(behind, str) and behind.startswith("=") else value
