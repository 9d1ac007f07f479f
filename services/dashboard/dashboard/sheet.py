"""Tables to take away, as CSV and XLSX. Every one says what it is of: the moment, the positions, the plan's notice."""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO, StringIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

Cell = str | int | Decimal | bool | None
"""What stands in a cell: a text, a number, or nothing."""

_FORMULA = re.compile(r"[\t\r\n]|\s*[=+\-@＝＋－＠]")
"""How a text begins that spreadsheet programs take for a formula, or that makes one of what follows."""
_NO_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
_NAME_LENGTH = 31
_WIDEST = 60
"""Characters; what is longer goes on in the cell."""


@dataclass(frozen=True)
class Sheet:
    """A table: its name, what it is of, and rows under columns. No column has the name of anything in `said`."""

    name: str
    about: Mapping[str, Cell]
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]

    @property
    def said(self) -> Mapping[str, Cell]:
        """What it says of itself: what it is of, and how many rows it has."""
        return {**self.about, "rows": len(self.rows)}


def harmless(text: str) -> str:
    """Return a text that no spreadsheet program takes for a formula: with an apostrophe before what looks like one."""
    return f"'{text}" if _FORMULA.match(text) else text


def plain(cell: Cell) -> str:
    """Return a cell as CSV has it: nothing is empty, a number has a point and no exponent."""
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case str():
            return harmless(cell)
        case Decimal():
            return f"{cell:f}"
    return str(cell)


def written(lines: Iterable[Sequence[str]]) -> str:
    """Return lines as CSV (RFC 4180)."""
    text = StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(lines)
    return text.getvalue()


def to_csv(sheet: Sheet) -> bytes:
    """Return a table as CSV in UTF-8; what it says of itself stands at the end of each row, so that rows can be mixed.

    One without rows says it in a line that has nothing before that.
    """
    said = [plain(value) for value in sheet.said.values()]
    rows = ([*(plain(cell) for cell in row), *said] for row in sheet.rows or [[None] * len(sheet.columns)])
    # With the mark by which spreadsheet programs know UTF-8.
    return written([[*sheet.columns, *sheet.said], *rows]).encode("utf-8-sig")


def to_xlsx(sheets: Sequence[Sheet]) -> bytes:
    """Return tables as sheets of a workbook; what each says of itself stands above it."""
    workbook = Workbook(write_only=True)
    for sheet in sheets:
        page = workbook.create_sheet(_NO_SHEET_NAME.sub("-", sheet.name)[:_NAME_LENGTH])
        page.freeze_panes = f"A{len(sheet.said) + 3}"
        for index, column in enumerate(sheet.columns):
            longest = max((len(plain(row[index])) for row in sheet.rows), default=0)
            width = min(max(longest, len(column)) + 2, _WIDEST)
            page.column_dimensions[get_column_letter(index + 1)].width = width
        for name, value in sheet.said.items():
            page.append([_cell(page, name, bold=True), _cell(page, value)])
        page.append([])
        page.append([_cell(page, column, bold=True) for column in sheet.columns])
        for row in sheet.rows:
            page.append([_cell(page, value) for value in row])
    file = BytesIO()
    workbook.save(file)
    return file.getvalue()


def _cell(page: object, value: Cell, *, bold: bool = False) -> WriteOnlyCell:
    if isinstance(value, str):
        # XML has no place for most control characters.
        value = harmless(ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", value))
    cell = WriteOnlyCell(page, value=value)
    if bold:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(vertical="top")
    return cell
