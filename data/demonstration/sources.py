"""The published facts that the history is made from, as data/sources keeps them; its README says what they are."""

import csv
from pathlib import Path

_SOURCES = Path(__file__).parents[1] / "sources"

Row = dict[str, str]
"""A row of a table by its columns."""

_TAKEN_AS = {"KOS": "XKX"}
"""Codes of the source that stand for a Member under another one."""

_NO_MEMBERS = frozenset({"ESH", "FLK", "GRL", "NCL", "PRI", "PRK", "SOL", "TWN"})
"""Codes of the source that stand for no WCO Member."""

JOINED_LATER = "SLB"
"""The Member that joined while the plan was in force."""


def joint_operations() -> dict[str, Row]:
    """Return the published joint operations by name, each as its row."""
    return {row["operation"]: row for row in _rows("wco-joint-operations.csv")}


def _rows(name: str) -> list[Row]:
    with (_SOURCES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


REGIONS = {
    _TAKEN_AS.get(row["iso3"], row["iso3"]): row["region"]
    for row in _rows("members-by-region.csv")
    if row["iso3"] not in _NO_MEMBERS
}
"""The region of each Member, in the order of the source."""

MEMBERS = [member for member in REGIONS if member != JOINED_LATER]
"""The Members from the plan's first day on."""
