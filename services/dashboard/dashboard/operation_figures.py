"""An operation's figures side by side: what was published in between, what at the end, and what Members reported."""

from collections.abc import Mapping
from typing import Any

STAGES = ("interim", "final", "reported")
"""Where figures come from, as answers name it."""

Beside = Mapping[str, Mapping[str, Any]]
"""What each stage says of a category or a unit, of those that say anything."""


def by_category(operation: Mapping[str, Any]) -> Beside:
    """Return what is said of each category."""
    return _beside(operation, "by_category", "category")


def by_unit(operation: Mapping[str, Any]) -> Beside:
    """Return how much there is of each unit. Units are additional to each other and never merged."""
    return _beside(operation, "quantities", "unit")


def silent(operation: Mapping[str, Any]) -> list[str]:
    """Return the participants of which there is no report."""
    heard = {each["member"] for each in operation["reported"]["by_member"]}
    return sorted(set(operation["participants"]) - heard)


def _beside(operation: Mapping[str, Any], part: str, key: str) -> Beside:
    found: dict[str, dict[str, Any]] = {}
    for stage in STAGES:
        for each in (operation[stage] or {}).get(part) or ():
            found.setdefault(each[key], {})[stage] = each
    return dict(sorted(found.items()))
