"""A KPI over the periods of its plan, drawn small."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH, HEIGHT = 120, 40
_MARGIN = 6
_LEAST_SPAN = Decimal(10)
"""Points of a share or a score: what moves by less is drawn as moving little."""


@dataclass(frozen=True)
class Mark:
    """A period in the drawing: where it is, and whether it has a value."""

    period: str
    value: Decimal | None
    x: float
    y: float
    chosen: bool


@dataclass(frozen=True)
class Trend:
    """The drawing: a mark a period, the line through those next to each other that have values, the target."""

    marks: Sequence[Mark]
    path: str
    target: float | None


def trend(values: Sequence[tuple[str, Decimal | None]], unit: str, target: Decimal | None, chosen: str | None) -> Trend:
    """Draw values by period. Where there is none, no line leads: nothing is not zero."""
    known = [value for _, value in values if value is not None] + ([] if target is None else [target])
    low, high = (min(known), max(known)) if known else (Decimal(0), Decimal(1))
    least = _LEAST_SPAN if unit != "count" else max(abs(high), Decimal(1)) / 5
    if high - low < least:
        middle = (high + low) / 2
        low, high = middle - least / 2, middle + least / 2

    def y(value: Decimal) -> float:
        return round(_MARGIN + float((high - value) / (high - low)) * (HEIGHT - 2 * _MARGIN), 1)

    step = (WIDTH - 2 * _MARGIN) / max(len(values) - 1, 1)
    marks = [
        Mark(
            period,
            value,
            round(_MARGIN + index * step, 1),
            HEIGHT - _MARGIN if value is None else y(value),
            period == chosen,
        )
        for index, (period, value) in enumerate(values)
    ]
    path, before = "", False
    for mark in marks:
        if mark.value is not None:
            path += f"{'L' if before else 'M'}{mark.x:g} {mark.y:g}"
        before = mark.value is not None
    return Trend(marks, path, None if target is None else y(target))
