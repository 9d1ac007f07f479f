"""The template of a kind of spreadsheets: a table to fill in, its columns explained, and the mapping that takes it.

Both are made of the event types' schemas and examples, so they have every field that there is. Their bytes are always
the same, wherever they are made.
"""

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO, StringIO
from textwrap import wrap
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

from wco_common.spreadsheet.kind import Kind, Step

_SPLIT = ";"
_MAY_BE_BLANK = "May be blank."
_WIDTH = 24
"""Characters of a column, as wide as its explanation can be read."""
_NO_TIME = datetime(1980, 1, 1)  # noqa: DTZ001  # what XLSX has is a time of no zone, and the least that its archive can

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """A column of a template: its name, what it holds, and an example."""

    name: str
    what: str
    example: str


@dataclass(frozen=True)
class Field:
    """A field of a row: what the mapping has of it, and the columns that it comes from."""

    name: str
    what: str
    told: Any
    columns: Sequence[Column]


def template_of(kind: Kind) -> Mapping[str, bytes]:
    """Return the files of a kind's template by their names: the table as CSV and as XLSX, and its mapping."""
    fields = list(fields_of(kind))
    columns = [column for field in fields for column in field.columns]
    lines = [[column.name for column in columns], [column.what for column in columns]]
    lines.append([column.example for column in columns])
    table = StringIO()
    csv.writer(table, lineterminator="\n").writerows(lines)
    return {
        f"{kind.name}.csv": table.getvalue().encode(),
        f"{kind.name}.xlsx": _saved(_workbook(kind.name, lines)),
        f"{kind.name}.toml": mapping_of(kind, fields).encode(),
    }


def fields_of(kind: Kind) -> Iterator[Field]:
    """Yield the fields of a row, each with the columns that the template has for it."""
    first = kind.steps[0]
    if kind.subject is not None:
        example = str(first.type.example["subject"])
        what = f"The {kind.subject}: an id. Required."
        yield Field(kind.subject, what, {"column": kind.subject}, [Column(kind.subject, what, example)])
    for step in kind.steps:
        schema = step.type.data.model_json_schema()
        for name in step.type.data.model_fields:
            if kind.fields[name] is step:
                yield _field(step, name, schema)


def _field(step: Step, name: str, schema: Schema) -> Field:
    part = _resolved(schema["properties"][name], schema)
    blank = _MAY_BE_BLANK
    if name in step.required:
        blank = f"Blank only where {step.blank}." if step.optional else "Required."
    columns: list[Column] = []
    told = _told(part, schema, step.type.example["data"].get(name), [name], blank, columns)
    return Field(name, part.get("description", ""), told, columns)


def _told(part: Schema, schema: Schema, example: Any, where: list[str], blank: str, columns: list[Column]) -> Any:
    """Return what the mapping has of a part of a field, and add its columns. Where it is a list, the example has it."""
    part = _resolved(part, schema)
    match part.get("type"):
        case "object":
            fields = {name: _resolved(field, schema) for name, field in part.get("properties", {}).items()}
            for name in example if not fields else ():
                fields[name] = {**next(iter(part["patternProperties"].values())), "description": f"On {name}."}
            return {
                name: _told(field, schema, (example or {}).get(name), [*where, name], _MAY_BE_BLANK, columns)
                for name, field in fields.items()
            }
        case "array" if _resolved(part["items"], schema).get("type") == "object":
            return [
                _told(part["items"], schema, each, [*where, str(index)], _MAY_BE_BLANK, columns)
                for index, each in enumerate(example or [{}], 1)
            ]
    column = " ".join(where)
    array = part.get("type") == "array"
    shown = _SPLIT.join(example or []) if array else "" if example is None else str(example)
    columns.append(Column(column, _explained(part, blank, array), shown))
    return {"column": column, "split": _SPLIT} if array else {"column": column}


def _explained(part: Schema, blank: str, array: bool) -> str:
    what = [part.get("description", "")]
    if len(part.get("enum", ())) in range(1, 10):
        what.append(f"One of {', '.join(part['enum'])}.")
    if array:
        what.append(f"Several are parted by '{_SPLIT}'.")
    what.append(blank)
    return " ".join(sentence for sentence in what if sentence)


def _resolved(part: Schema, schema: Schema) -> Schema:
    return {**schema["$defs"][part["$ref"].rpartition("/")[2]], **part} if "$ref" in part else part


def _workbook(name: str, lines: Sequence[Sequence[str]]) -> Workbook:
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(name)
    sheet.freeze_panes = "A3"
    for index in range(len(lines[0])):
        sheet.column_dimensions[get_column_letter(index + 1)].width = _WIDTH
    for number, line in enumerate(lines, 1):
        cells = [WriteOnlyCell(sheet, value=value) for value in line]
        for cell in cells:
            cell.number_format = "@"  # so that a spreadsheet program makes no date or number of an id
            cell.font = Font(bold=number == 1, italic=number == 2)
            cell.alignment = Alignment(wrap_text=number == 2, vertical="top")
        sheet.append(cells)
    return workbook


def _saved(workbook: Workbook) -> bytes:
    """Return a workbook as a file in which no time stands at which it was made."""
    workbook.properties.created = workbook.properties.modified = _NO_TIME
    made, timeless = BytesIO(), BytesIO()
    ExcelWriter(workbook, ZipFile(made, "w", ZIP_DEFLATED)).save()
    with ZipFile(made) as archive, ZipFile(timeless, "w") as written:
        for name in archive.namelist():
            written.writestr(ZipInfo(name), archive.read(name), ZIP_DEFLATED)
    return timeless.getvalue()


def mapping_of(kind: Kind, fields: Sequence[Field]) -> str:
    """Return the mapping file of a template."""
    before = kind.before.type
    lines = [
        *_comment(f"Takes a spreadsheet of {kind.name}: {kind.says}"),
        "",
        *_comment("Who says so, as a URI. With what a row says it makes the event's id: keep it from file to file."),
        'source = "urn:example:your-organisation"',
        "",
        "[file]",
        "header = 1",
        "first = 3  # line 2 explains; line 3 is an example, to be written over: left as it is, it is refused",
        "",
        *_comment(
            f"What has to be there before the rows: {before.name} of the row's {kind.before.subject}. What is recorded "
            "already is left as it is; without [before], it has to be."
        ),
        "[before]",
        *(f"{_key(name)} = {_toml(value)}" for name, value in _before(kind).items()),
        "",
        *_comment("A row. A field that is the same of every row may be given itself, without a column."),
        "[row]",
    ]
    for field in fields:
        lines += [*_comment(field.what), f"{_key(field.name)} = {_toml(field.told)}"]
    return "\n".join(lines) + "\n"


def _before(kind: Kind) -> Mapping[str, Any]:
    """Return what has to be there before the example's row: what is the row's own is not said of it twice."""
    data = dict(kind.before.type.example["data"])
    if kind.before.subject in data:
        data[kind.before.subject] = {"column": kind.before.subject}
    return data | {"actions": []} if "actions" in data else data


def _comment(text: str) -> list[str]:
    return [f"# {line}" for line in wrap(text, 118)]


def _toml(value: Any) -> str:
    match value:
        case dict():
            return "{ " + ", ".join(f"{_key(name)} = {_toml(each)}" for name, each in value.items()) + " }"
        case list():
            return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _key(name: str) -> str:
    return name if re.fullmatch("[A-Za-z0-9_-]+", name) else json.dumps(name)
