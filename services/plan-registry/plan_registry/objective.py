"""Objectives: the adopted plan's, and the focus areas introduced since."""

from collections.abc import Iterator

from plan_registry import plan
from wco_common.decider import Key, States
from wco_events.fault import Fault

FOCUS = "focus"
"""The layer of the strategic map that is made of the focus areas."""


def introduced(name: str) -> Key:
    """Return where a focus area introduced since the adoption is kept."""
    return ("focus-area", name)


def concerns(name: str) -> tuple[Key, Key]:
    """Return the states that say whether an objective exists."""
    return (plan.KEY, introduced(name))


def exists(name: str, states: States) -> bool:
    """Say whether the plan has the objective, or a review introduced it."""
    adopted = states[plan.KEY]
    return states[introduced(name)] is not None or (adopted is not None and name in adopted["objectives"])


def is_focus_area(name: str, states: States) -> bool:
    """Say whether the objective is one of the plan's focus layer, or a review introduced it."""
    adopted = states[plan.KEY]
    return states[introduced(name)] is not None or (adopted is not None and adopted["objectives"].get(name) == FOCUS)


def must_exist(at: str, name: str, states: States) -> Iterator[Fault]:
    """Yield a fault unless the objective exists."""
    if not exists(name, states):
        yield from plan.must_have("objectives", at, name, states)
