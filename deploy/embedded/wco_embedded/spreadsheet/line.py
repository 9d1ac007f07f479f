"""A line as its file has it, before anybody asks what its cells mean."""

from collections.abc import Sequence
from typing import Any, NamedTuple


class Uncalculated(NamedTuple):
    """A cell whose formula nobody has calculated: what it stands for is not known."""


class Merged(NamedTuple):
    """A cell that is one with others: which of them what it says is for is not known."""

    cells: str
    """All that are one, as A4:A6."""
    said: Any
    """What they say together."""


class Line(NamedTuple):
    """A line by its number, with what stands in its cells; whether whoever opens the file does not see it."""

    number: int
    values: Sequence[Any]
    hidden: bool = False
