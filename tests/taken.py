"""Tables that were taken away, read as programs read them."""

import csv
from io import BytesIO, StringIO
from typing import Any

from openpyxl import load_workbook

ABOUT = {"plan", "as_of", "positions", "fold", "notice", "rows"}
"""What every table says of itself."""


def of_csv(body: bytes) -> list[dict[str, str]]:
    """Return the rows of a CSV, each of which says what it is of; where there are none, one line says that."""
    reader = csv.DictReader(StringIO(body.decode("utf-8-sig"), newline=""))
    rows = list(reader)
    names = list(reader.fieldnames or ())
    assert len(names) == len(set(names)), names
    assert set(names) >= ABOUT
    assert all(row["as_of"] and row["positions"] for row in rows)
    if rows[0]["rows"] == "0":
        (nothing,) = rows
        assert not any(nothing[name] for name in names[: names.index("plan")])
        return []
    assert {row["rows"] for row in rows} == {str(len(rows))}
    return rows


def of_xlsx(body: bytes) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of each sheet of a workbook, below what it is of and its columns."""
    found = {}
    for sheet in load_workbook(BytesIO(body)).worksheets:
        rows = list(sheet.iter_rows(values_only=True))
        head = next(index for index, row in enumerate(rows) if not any(row))
        said = {str(row[0]): row[1] for row in rows[:head]}
        assert set(said) >= ABOUT
        assert said["as_of"]
        assert said["positions"]
        found[sheet.title] = rows[head + 2 :]
        assert said["rows"] == len(found[sheet.title])
    return found
