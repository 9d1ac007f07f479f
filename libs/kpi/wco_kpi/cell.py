"""Cells: the one thing that the fold keeps.

A cell has an address and two parts. Its *own* part is what events gave it: then it is a *fact* (one action, one
Member's submission, one operation's report). Its *sums* are what other cells add to it: then it is a *total*.
A survey and an operation are both: events give their dates, submissions and reports add to them. What a cell
adds to others is a pure function of its two parts (`totals.ADDS`), so a correction adds the difference.

A cell belongs to one log and knows nothing of the plan: its address says what the event itself says, never a KPI
and never a plan's period. So no order between the logs can change it.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

from wco_events.event_type import LogName


class Address(NamedTuple):
    """Where a cell is: its kind, the group that it is read with, and its key within the group."""

    kind: str
    group: str
    key: str


address_of: Callable[[tuple[str, str, str]], Address] = partial(tuple.__new__, Address)
"""Make an address of (kind, group, key), in a third of the time that naming the parts takes."""

Vector = Mapping[str, int]
"""A sparse vector of whole numbers by component; an absent component is 0.

Units are fixed per component: things counted 1, ratings as given on their scale, money 10^-6.
"""


class Cell(NamedTuple):
    """A cell's content as of some event.

    `sequence` is the place in its log of the last event that changed it; `own` is what events gave it, as JSON,
    None where there is nothing (never given, or taken back); `sums` is what other cells add to it.
    """

    sequence: int
    own: Any
    sums: Vector


cell_of: Callable[[tuple[int, Any, Vector]], Cell] = partial(tuple.__new__, Cell)
"""Make a cell of (sequence, own, sums), as fast."""

EMPTY = Cell(0, None, {})
"""A cell that no event has touched."""

KINDS: dict[str, tuple[LogName, int]] = {
    "plan": ("plan-registry", 0),
    "members": ("plan-registry", 0),
    "baseline": ("plan-registry", 0),
    "focus-area": ("plan-registry", 0),
    "action": ("plan-registry", 0),
    "actions": ("plan-registry", 1),
    "submission": ("survey-intake", 0),
    "respondent": ("survey-intake", 1),
    "survey": ("survey-intake", 2),
    "surveys": ("survey-intake", 3),
    "ratings": ("survey-intake", 3),
    "published": ("operations-feed", 0),
    "report": ("operations-feed", 0),
    "operation": ("operations-feed", 1),
    "operations": ("operations-feed", 2),
    "seizures": ("operations-feed", 2),
    "step": ("operations-feed", 0),
    "steps": ("operations-feed", 1),
    "activity": ("operations-feed", 0),
    "activities": ("operations-feed", 1),
    "expert": ("operations-feed", 0),
    "expert-months": ("operations-feed", 1),
    "expert-days": ("operations-feed", 1),
}
"""Each kind of cell with its log and its level: a cell adds only to cells of higher levels."""

LEVEL_OF = {kind: level for kind, (_, level) in KINDS.items()}
LEVELS = 1 + max(LEVEL_OF.values())


def added(sums: Vector, delta: Vector) -> Vector:
    """Return the sum of two vectors, of which neither has a component that is 0, without those that come to 0."""
    if not delta:
        return sums
    if not sums:
        return delta
    result = dict(sums)
    for component, value in delta.items():
        if component not in result:
            result[component] = value
        elif total := result[component] + value:
            result[component] = total
        else:
            del result[component]
    return result


def difference(before: Vector, after: Vector) -> Vector:
    """Return what has to be added to one vector to make another of it, without components that are 0."""
    if before == after:
        return {}
    if not before:
        return after if all(after.values()) else {component: value for component, value in after.items() if value}
    delta = {component: value - old for component, value in after.items() if value != (old := before.get(component, 0))}
    if not before.keys() <= after.keys():
        delta |= {component: -value for component, value in before.items() if value and component not in after}
    return delta
