"""Spreadsheet files, CSV (compressed, too) and XLSX, read row by row."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date, datetime, time
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import Any

from openpyxl.cell.cell import ERROR_CODES

from wco_embedded.refusal import Refusal
from wco_embedded.spreadsheet.cell import Cell, Unreadable, cleaned
from wco_embedded.spreadsheet.csv_file import csv_lines
from wco_embedded.spreadsheet.line import Line, Merged, Uncalculated
from wco_embedded.spreadsheet.mapping import FileForm
from wco_embedded.spreadsheet.row import Row
from wco_embedded.spreadsheet.xlsx_file import xlsx_lines

_LOOKED_THROUGH = 50
"""Lines at the beginning that are looked through for the names of columns, where the header has not got them."""
_DELIMITERS = ",;\t|"


def rows(path: Path, form: FileForm, wanted: Sequence[str]) -> Iterator[Row]:
    """Yield the rows of a file that say anything, with the columns that are wanted. Raises Refusal."""
    is_xlsx = path.suffix.casefold() in {".xlsx", ".xlsm"}
    lines = xlsx_lines(path, form) if is_xlsx else csv_lines(path, form)
    with closing(lines):
        top = list(islice(lines, form.header + _LOOKED_THROUGH))
        header = next((line for line in top if line.number == form.header), None)
        if header is None:
            raise Refusal(
                f"{path} has no line {form.header}, which is to name the columns; file.header in the mapping says "
                "which line does."
            )
        places = _places(path, form, top, header, wanted, is_xlsx)
        first = form.first or form.header + 1
        for line in chain(top, lines):
            if line.number < first or all(value in (None, "") for value in line.values):
                continue
            cells = {name: _cell(line, at, form) for name, at in places.items()}
            # Beside a table of XLSX there may well be something else; in CSV a comma too many moves all that follows.
            wrong = "" if is_xlsx else _beyond(line, header)
            if wrong or any(cell != "" for cell in cells.values()):
                yield Row(line.number, cells, wrong, line.hidden)


def _places(
    path: Path, form: FileForm, top: Sequence[Line], header: Line, wanted: Sequence[str], is_xlsx: bool
) -> Mapping[str, int]:
    """Return where the columns are that are wanted."""
    names = _names(header.values, form)
    sought = {name: cleaned(name, form.marks) for name in wanted}
    if missing := [name for name in sought if sought[name] not in names]:
        there = ", ".join(repr(name) for name in names if name) or "no names"
        advice = _advice(form, top, set(sought.values()), "" if is_xlsx else _DELIMITERS)
        raise Refusal(f"{path} has no column {', '.join(map(repr, missing))}; line {form.header} has {there}.{advice}")
    if twice := [name for name in sought if names.count(sought[name]) > 1]:
        raise Refusal(
            f"{path} has more than one column {', '.join(map(repr, twice))}; give each a name of its own in line "
            f"{form.header}."
        )
    return {name: names.index(sought[name]) for name in sought}


def _names(values: Sequence[Any], form: FileForm) -> list[str]:
    said = [value.said if isinstance(value, Merged) else value for value in values]
    return [cleaned(str(value), form.marks) if value is not None else "" for value in said]


def _advice(form: FileForm, top: Sequence[Line], sought: set[str], delimiters: str) -> str:
    """Say which line of the top has all the columns, and where they are parted otherwise, by what."""
    for line in top:
        if sought.issubset(_names(line.values, form)):
            return f" Line {line.number} has all of them: header = {line.number} under [file] in the mapping says so."
        text = form.delimiter.join(str(value) for value in line.values)
        for delimiter in delimiters.replace(form.delimiter, ""):
            if sought.issubset(_names(next(csv.reader([text], delimiter=delimiter), []), form)):
                header = "" if line.number == form.header else f" and header = {line.number}"
                told = f"delimiter = {json.dumps(delimiter)}{header} under [file] in the mapping"
                return f" Line {line.number} has all of them, parted otherwise: {told} says so."
    return ""


def _beyond(line: Line, header: Line) -> str:
    """Say what is wrong with a line that says more than there are columns; nothing, if it does not."""
    if all(value == "" for value in line.values[len(header.values) :]):
        return ""
    return (
        f"has {len(line.values)} cells, and line {header.number} names {len(header.values)} columns: a cell that has "
        "the delimiter in it must stand in quotes"
    )


def _cell(line: Line, at: int, form: FileForm) -> Cell | Unreadable:
    value = line.values[at] if at < len(line.values) else None
    match value:
        case None:
            return ""
        case Uncalculated():
            return Unreadable(
                "is a formula that was never calculated: open the file in a spreadsheet program and save it there"
            )
        case Merged():
            return Unreadable(f"is merged with others ({value.cells}): part them, and fill in what is each line's own")
        case bool():
            return str(value).upper()
        case int() | float():
            # What a number cell shows is the shortest decimal that is the same binary number.
            return Decimal(repr(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat()
    text = cleaned(str(value), form.marks)
    if text in form.blanks:
        return ""
    return Unreadable(f"is the error {text}: mend its formula, or leave it blank") if text in ERROR_CODES else text
