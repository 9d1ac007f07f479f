"""An operation's figures side by side: what was published in between, what at the end, and what Members reported."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from dashboard.sheet import Cell
from dashboard.table import Table, single, within

STAGES = ("interim", "final", "reported")
"""Where figures come from, as answers name it."""
FIGURES = ("published_on", "sequence", "seizures", "cases", "reporting_members")
"""What is said at each stage of the operation as a whole; what Members reported was not published."""

Beside = tuple[str, Mapping[str, Any]]
"""A category or a unit, and what each stage says of it, of those that say anything."""


def tables(operation: Mapping[str, Any]) -> Sequence[Table[Any]]:
    """Return what is told of an operation, stage beside stage: as a whole, by unit, by category; and who reported."""
    return (
        Table("figures", {"figure": within("figure"), **_by_stage(within)}, figures(operation)),
        Table("units", {"unit": _key, **_by_stage(_amount)}, beside(operation, "quantities", "unit")),
        Table(
            "categories",
            {
                "category": _key,
                **_by_stage(_seizures),
                "reports": lambda row: row[1].get("reported", {}).get("reports"),
                "quantities": lambda row: single(row[1].get("reported", {}).get("quantities")),
            },
            beside(operation, "by_category", "category"),
        ),
        Table("reporting", {name: within(name) for name in ("member", "participant", "reports")}, reporting(operation)),
    )


def figures(operation: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return each figure of the operation as a whole with what every stage says it is."""
    return [
        {"figure": figure, **{stage: (operation[stage] or {}).get(figure) for stage in STAGES}} for figure in FIGURES
    ]


def beside(operation: Mapping[str, Any], part: str, key: str) -> Sequence[Beside]:
    """Return what is said of each category, or unit. Units are additional to each other and never merged."""
    found: dict[str, dict[str, Any]] = {}
    for stage in STAGES:
        for each in (operation[stage] or {}).get(part) or ():
            found.setdefault(each[key], {})[stage] = each
    return sorted(found.items())


def reporting(operation: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return how many reports each Member has, also those that take part and have none.

    Whether one takes part is not known where no participants are published.
    """
    participants = set(operation["participants"])
    heard = {each["member"]: each["reports"] for each in operation["reported"]["by_member"]}
    silent = dict.fromkeys(sorted(participants - set(heard)), 0)
    return [
        {"member": member, "participant": member in participants if participants else None, "reports": reports}
        for member, reports in {**heard, **silent}.items()
    ]


def _by_stage(cell: Callable[[str], Callable[[Any], Cell]]) -> Mapping[str, Callable[[Any], Cell]]:
    return {stage: cell(stage) for stage in STAGES}


def _key(row: Beside) -> Cell:
    return row[0]


def _amount(stage: str) -> Callable[[Beside], Cell]:
    return lambda row: Decimal(row[1][stage]["amount"]) if stage in row[1] else None


def _seizures(stage: str) -> Callable[[Beside], Cell]:
    return lambda row: single(row[1][stage]["seizures"]) if stage in row[1] else None
