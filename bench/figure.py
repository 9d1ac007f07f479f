"""What a benchmark finds: figures, most of them with a target."""

import statistics
from collections.abc import Sequence
from typing import NamedTuple


class Figure(NamedTuple):
    """One line of the table. `holds` is None where there is no target."""

    what: str
    found: str
    target: str = ""
    holds: bool | None = None


def at_most(what: str, found: float, most: float, form: str) -> Figure:
    """Return a figure that should be at most so much."""
    return Figure(what, form.format(found), "at most " + form.format(most), found <= most)


def at_least(what: str, found: float, least: float, form: str) -> Figure:
    """Return a figure that should be at least so much."""
    return Figure(what, form.format(found), "at least " + form.format(least), found >= least)


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the value that so many percent of the values are at or below."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]
