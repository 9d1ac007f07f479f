"""Files of spreadsheets, and reading them as the importer does."""

from pathlib import Path
from typing import Any

from openpyxl import Workbook

from wco_common.spreadsheet.kind import KINDS
from wco_embedded.spreadsheet.mapping import read_mapping
from wco_embedded.spreadsheet.row import Draft, RowFault, RowForm
from wco_embedded.spreadsheet.sheet import rows


def read(tmp_path: Path, kind: str, mapping: str, file: Path) -> tuple[list[Draft], list[RowFault]]:
    path = tmp_path / "mapping.toml"
    path.write_text(mapping)
    form = RowForm(KINDS[kind], read_mapping(path), path)
    drafts: list[Draft] = []
    faults: list[RowFault] = []
    for row in rows(file, read_mapping(path).file, list(form.columns())):
        told, wrong = form.read(row)
        faults += wrong
        drafts += [] if wrong else told
    return drafts, faults


def csv(tmp_path: Path, *lines: str) -> Path:
    file = tmp_path / "rows.csv"
    file.write_text("\n".join(lines), encoding="utf-8-sig")
    return file


def xlsx(tmp_path: Path, *lines: Any) -> Path:
    book = Workbook()
    for line in lines:
        book.active.append(line)
    book.save(tmp_path / "rows.xlsx")
    return tmp_path / "rows.xlsx"
