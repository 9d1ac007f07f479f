"""A KPI's history as a chart of steps: what held from when on until when.

Places are percent of the drawing's width and height, so that its words keep their size however wide it is. What
changes more than once within a thousandth of the width is one stroke, from the least to the most that it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from dashboard.restatement import Step

_MOST_MARKS = 6


@dataclass(frozen=True)
class Tread:
    """A value, from a place to another."""

    x1: float
    x2: float
    y: float


@dataclass(frozen=True)
class Riser:
    """The change from a value to the next."""

    x: float
    y1: float
    y2: float


@dataclass(frozen=True)
class Restated:
    """A restatement: its number, and where it is."""

    number: int
    step: Step
    x: float
    y: float


@dataclass(frozen=True)
class AtValue:
    """A value on the upright scale."""

    value: Decimal
    y: float


@dataclass(frozen=True)
class AtDay:
    """A day on the level scale."""

    day: date
    x: float


@dataclass(frozen=True)
class StepChart:
    """The drawing."""

    treads: Sequence[Tread]
    risers: Sequence[Riser]
    restated: Sequence[Restated]
    values: Sequence[AtValue]
    days: Sequence[AtDay]
    target: float | None
    period: tuple[float, float] | None


def step_chart(
    steps: Sequence[Step], until: datetime, target: Decimal | None, period: tuple[date, date] | None
) -> StepChart | None:
    """Draw steps up to a moment, and the period where there is one; None where there never was a value."""
    known = [step.entry.value for step in steps if step.entry.value is not None]
    if not known:
        return None
    begin, end = steps[0].entry.time, until
    whole = max((end - begin).total_seconds(), 1.0)
    low, high, by = _scale([*known, *([] if target is None else [target])])

    def x(moment: datetime) -> float:
        return round(min(max(100 * (moment - begin).total_seconds() / whole, 0), 100), 1)

    def y(value: Decimal) -> float:
        return round(float(100 * (high - value) / (high - low)), 2)

    treads: list[Tread] = []
    risers: dict[float, tuple[float, float]] = {}
    restated: list[Restated] = []
    before: float | None = None
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        here = x(step.entry.time)
        level = None if step.entry.value is None else y(step.entry.value)
        if level is not None:
            ends = 100.0 if following is None else x(following.entry.time)
            if before is not None:
                reached = (*risers.get(here, ()), before, level)
                risers[here] = (min(reached), max(reached))
            if before is None or ends > here:
                treads.append(Tread(here, ends, level))
        if step.why is not None:
            shown = level if level is not None else before if before is not None else 100.0
            restated.append(Restated(len(restated) + 1, step, here, shown))
        before = level
    marks = [AtValue(low + by * index, y(low + by * index)) for index in range(int((high - low) / by) + 1)]
    shown_period = None if period is None else (x(_start(period[0])), x(_start(period[1] + timedelta(days=1))))
    days = [AtDay(day, x(_start(day))) for day in _days(begin.date(), end.date())]
    strokes = [Riser(place, *reached) for place, reached in risers.items()]
    return StepChart(treads, strokes, restated, marks, days, None if target is None else y(target), shown_period)


def _start(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _scale(values: Sequence[Decimal]) -> tuple[Decimal, Decimal, Decimal]:
    """Return where a scale begins and ends, and its steps: round numbers around all values."""
    low, high = min(values), max(values)
    if high == low:
        low, high = (high - 1, high) if high > 0 else (low, low + 1)
    by = _round_step((high - low) / _MOST_MARKS)
    low = (low / by).to_integral_value(ROUND_FLOOR) * by
    return low, (high / by).to_integral_value(ROUND_CEILING) * by, by


def _round_step(least: Decimal) -> Decimal:
    """Return the least of 1, 2, 5, 10, 20 … and 0.5, 0.2, 0.1 … that is not less."""
    power = Decimal(10) ** least.adjusted()
    return next(
        factor * power for factor in (Decimal(1), Decimal(2), Decimal(5), Decimal(10)) if factor * power >= least
    )


def _days(first: date, last: date) -> Sequence[date]:
    """Return some beginnings of months between two days, five at most."""
    months = [
        date(year, month, 1)
        for year in range(first.year, last.year + 1)
        for month in range(1, 13)
        if first <= date(year, month, 1) <= last
    ]
    every = next(each for each in (1, 2, 3, 6, 12, 24, 60, 120, 1200) if len(months) <= 5 * each)
    return [day for day in months if ((day.year * 12 + day.month - 1) - 6) % every == 0]
