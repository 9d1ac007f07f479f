"""The lines of a sheet of an XLSX file, as the person sees it who opens it: what formulas come to, what is merged."""

import warnings
import zipfile
import zlib
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, NamedTuple
from xml.etree.ElementTree import ParseError
from xml.parsers import expat

from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from wco_embedded.refusal import Refusal
from wco_embedded.spreadsheet.line import Line, Merged, Uncalculated
from wco_embedded.spreadsheet.mapping import FileForm

_BROKEN = (
    *(InvalidFileException, zipfile.BadZipFile, zlib.error, EOFError),
    *(ParseError, expat.ExpatError, KeyError, ValueError),
)
"""What openpyxl and what it rests on raise of a file that is not what its name says, or not all of it."""


def xlsx_lines(path: Path, form: FileForm) -> Generator[Line, None, None]:
    """Yield the lines of the sheet that the mapping names, else of the only one. Raises Refusal."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells of what it does not keep, as if the file were to be written
        try:
            reader = ExcelReader(path, read_only=True, data_only=True, keep_links=False)
            with closing(reader.archive):
                yield from _lines(path, form, reader)
        except _BROKEN as error:
            raise Refusal(
                f"{path} is no XLSX file: {error}. Open it in a spreadsheet program and save it as XLSX, without a "
                "password."
            ) from None


def _lines(path: Path, form: FileForm, reader: Any) -> Generator[Line, None, None]:
    reader.read()
    sheet = _sheet(path, form, reader.wb)
    places = {told.name: relation.target for told, relation in reader.parser.find_sheets()}
    with reader.archive.open(places[sheet.title]) as source:
        layout = _layout(source)
    for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
        yield Line(number, layout.laid(number, values), number in layout.hidden)


def _sheet(path: Path, form: FileForm, book: Any) -> Any:
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # what a file says of its size is often wrong
    there = {sheet.title: sheet for sheet in book.worksheets}
    if form.sheet is not None:
        if form.sheet not in there:
            raise Refusal(f"{path} has no sheet {form.sheet!r}; it has {', '.join(map(repr, there))}.")
        return there[form.sheet]
    filled = [name for name, sheet in there.items() if sheet.sheet_state == "visible" and _says_anything(sheet)]
    if len(filled) > 1:
        raise Refusal(
            f"{path} has several sheets, {', '.join(map(repr, filled))}; file.sheet in the mapping says which one."
        )
    if not filled:
        raise Refusal(f"{path} has nothing on its sheets.")
    return there[filled[0]]


def _says_anything(sheet: Any) -> bool:
    return any(value is not None for values in sheet.iter_rows(values_only=True) for value in values)


class _Range(NamedTuple):
    """Cells that are merged, by the numbers of their columns and lines, from 1."""

    left: int
    top: int
    right: int
    bottom: int
    name: str


@dataclass
class _Layout:
    """What openpyxl does not tell of a sheet that it reads line by line. Lines are asked for in order."""

    hidden: set[int] = field(default_factory=set)
    uncalculated: dict[int, list[int]] = field(default_factory=dict)
    """Columns, from 1, by line."""
    merged: list[_Range] = field(default_factory=list)
    """Those of lines to come, the last one first."""
    _open: list[tuple[_Range, Any]] = field(default_factory=list)
    """Those that reach to this line, with what they say."""

    def laid(self, number: int, values: tuple[Any, ...]) -> list[Any]:
        """Return what stands in the cells of a line."""
        laid = list(values)
        for column in self.uncalculated.get(number, ()):
            laid[column - 1] = Uncalculated()
        self._open = [each for each in self._open if each[0].bottom >= number]
        while self.merged and self.merged[-1].top <= number:
            cells = self.merged.pop()
            said = laid[cells.left - 1] if cells.left <= len(laid) else None
            if said is not None:
                self._open.append((cells, said))
        for cells, said in self._open:
            # The first of cells that are all of one line says what it says.
            first = cells.left + (cells.top == cells.bottom)
            right = min(cells.right, _WIDEST)
            laid += [None] * (right - len(laid))
            laid[first - 1 : right] = [Merged(cells.name, said)] * (right - first + 1)
        return laid


_WIDEST = 1000
"""Columns of merged cells that are looked at, which may be the whole width of a sheet."""


def _layout(source: IO[bytes]) -> _Layout:
    layout = _Layout()
    line = column = 0
    formula = calculated = in_value = False

    def start(tag: str, told: dict[str, str]) -> None:
        nonlocal line, column, formula, calculated, in_value
        match tag.rpartition(":")[2]:
            case "row":
                line, column = int(told.get("r", line + 1)), 0
                if told.get("hidden") in ("1", "true"):
                    layout.hidden.add(line)
            case "c":
                column = coordinate_to_tuple(told["r"])[1] if "r" in told else column + 1
                formula, calculated = False, told.get("t") == "str"  # a text may well be empty
            case "f":
                formula = True
            case "v":
                in_value = True
            case "mergeCell":
                left, top, right, bottom = range_boundaries(told["ref"])
                layout.merged.append(_Range(left, top, right, bottom, told["ref"]))

    def end(tag: str) -> None:
        nonlocal in_value
        match tag.rpartition(":")[2]:
            case "v":
                in_value = False
            case "c" if formula and not calculated:
                layout.uncalculated.setdefault(line, []).append(column)

    def text(_: str) -> None:
        nonlocal calculated
        if in_value:
            calculated = True

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.ParseFile(source)
    layout.merged.sort(key=lambda cells: cells.top, reverse=True)
    return layout
