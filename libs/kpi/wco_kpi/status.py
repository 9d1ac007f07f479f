"""How a KPI stands to its target: by its value, what it is compared with, and the day that it is seen from."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from wco_events.plan import Kpi
from wco_kpi.frame import Window


class Status(StrEnum):
    """How a KPI stands to its target."""

    MET = "met"
    MISSED = "missed"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    NO_REFERENCE = "no_reference"
    NO_DATA = "no_data"


UNMET = frozenset({Status.MISSED, Status.ON_TRACK, Status.AT_RISK})
"""Of these the day decides which it is."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What a KPI is compared with: the period before (`previous`), or the baseline."""

    value: Fraction
    kind: str


def status_of(
    definition: Kpi, window: Window, value: Fraction | None, reference: Reference | None, day: date
) -> Status:
    """Return how a KPI of a value stands in a window, seen from a day."""
    if value is None:
        return Status.NO_DATA
    match definition.target.rule:
        case "at_least":
            goal = Fraction(definition.target.value or "0")
            met = value >= goal
        case _ if reference is None:
            return Status.NO_REFERENCE
        case "increase":
            goal = reference.value
            met = value > goal
        case _:
            goal = reference.value
            met = value >= goal
    if met:
        return Status.MET
    if day > window.last:
        return Status.MISSED
    pace = _pace(definition, goal)
    on_track = pace is not None and value >= pace * _elapsed(window, day)
    return Status.ON_TRACK if on_track else Status.AT_RISK


def _pace(definition: Kpi, goal: Fraction) -> Fraction | None:
    """Return what a KPI grows to evenly over a window to be on track; None where it cannot be on track.

    A share of what is planned grows to all of it, whatever part of that is aimed at; a count to what it is compared
    with. A share that is compared, and a count that is to reach a value, are met or not.
    """
    if not definition.accumulates:
        return None
    match definition.unit, definition.target.rule:
        case "percent", "at_least":
            return Fraction(100)
        case "count", "increase" | "maintain_or_increase":
            return goal
        case _:
            return None


def _elapsed(window: Window, day: date) -> Fraction:
    """Return the share of a window's days that have passed on a day, both ends counted, from 0 to 1."""
    days = (window.last - window.first).days + 1
    return Fraction(min(max((day - window.first).days + 1, 0), days), days)
