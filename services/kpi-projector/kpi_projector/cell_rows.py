"""How cells stand in rows: a group as one text, a content as one text."""

from typing import Any

import msgspec

from wco_kpi.cell import Cell
from wco_kpi.group import GroupId

_encode = msgspec.json.Encoder(order="sorted").encode

decode_content = msgspec.json.Decoder(tuple[int, Any, dict[str, int]]).decode
"""Return what a cell is made of: its sequence, its own part, its sums."""


def content_of(cell: Cell) -> str:
    """Return a cell's content as it is kept."""
    return _encode(cell).decode()


def bucket_of(group: tuple[str, str]) -> str:
    """Return a group as it is kept."""
    return f"{group[0]}|{group[1]}"


def group_of(bucket: str) -> GroupId:
    """Return the group that is kept as a bucket."""
    kind, _, group = bucket.partition("|")
    return kind, group
