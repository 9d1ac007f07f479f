"""The figures of operations: what is published of each, against what its reports add up to."""

from collections.abc import Mapping, Sequence
from typing import Any

from operations_feed.published_report import PUBLISHED_REPORT, STAGES
from operations_feed.seizure_totals import REPORTED_CATEGORY, REPORTED_MEMBER, REPORTED_QUANTITY
from wco_common.lists.form import AMOUNT
from wco_common.lists.openapi import fields, maybe, several
from wco_common.lists.reading import Rows, answered, grouped
from wco_common.lists.table import Version

_TABLES = (PUBLISHED_REPORT, REPORTED_CATEGORY, REPORTED_QUANTITY, REPORTED_MEMBER)


class Figures:
    """The figures of some operations."""

    def __init__(self, rows: Sequence[Mapping[str, Sequence[Version]]]) -> None:
        self._published, self._categories, self._quantities, self._members = rows

    @classmethod
    def of(cls, rows: Rows, operations: Sequence[Version]) -> "Figures":
        """Read the figures of operations."""
        ids = [operation.key[0] for operation in operations]
        return cls([grouped(rows.of(table, table.of(ids))) for table in _TABLES])

    def told(self, operation: str) -> dict[str, Any]:
        """Return what is told of an operation in a list."""
        published = {report.key[1]: answered(PUBLISHED_REPORT, report) for report in self._published[operation]}
        stages = {stage: published.get(stage) and _picked(published[stage], _STAGE) for stage in STAGES}
        reported = self._reported(operation)
        return stages | {"reported": reported, "figure": _figure(stages, reported)}

    def whole(self, operation: str) -> dict[str, Any]:
        """Return what is told of an operation alone: by category too, and by Member."""
        told = self.told(operation)
        for report in self._published[operation]:
            told[report.key[1]] |= {"by_category": report.said["by_category"]}
        of_category = grouped(self._quantities[operation], part=1)
        told["reported"] |= {
            "by_category": [
                {"category": total.key[1], **total.said, "quantities": _quantities(of_category[total.key[1]])}
                for total in self._categories[operation]
                if total.said["reports"]
            ],
            "by_member": [
                {"member": total.key[1], "reports": total.said["reports"]}
                for total in self._members[operation]
                if total.said["reports"]
            ],
        }
        return told

    def _reported(self, operation: str) -> dict[str, Any]:
        totals = [total.said for total in self._categories[operation]]
        return {
            **{name: sum(total[name] for total in totals) for name in ("reports", "seizures", "cases")},
            "reporting_members": sum(total.said["reports"] > 0 for total in self._members[operation]),
            "quantities": _quantities(self._quantities[operation]),
        }


def _quantities(totals: Sequence[Version]) -> list[dict[str, str]]:
    """Return how much there is of each unit: units are never merged."""
    amounts: dict[str, int] = {}
    for total in totals:
        unit = total.key[2]
        amounts[unit] = amounts.get(unit, 0) + total.said["amount"]
    return [{"amount": AMOUNT.answer(amount), "unit": unit} for unit, amount in sorted(amounts.items()) if amount]


def _figure(stages: Mapping[str, Any], reported: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the figure that stands for an operation now: the final one, else the interim one, else its reports'."""
    for stage in reversed(STAGES):
        if stages[stage] is not None and stages[stage]["seizures"] is not None:
            return {"seizures": stages[stage]["seizures"], "of": stage}
    return {"seizures": reported["seizures"], "of": "reports"} if reported["reports"] else None


_STAGE = ("published_on", "seizures", "cases", "reporting_members", "quantities", "sequence", "recordedtime")


def _picked(row: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: row[name] for name in names}


_COUNT = {"type": "integer", "minimum": 0}
_QUANTITIES = several(fields({"amount": AMOUNT.schema, "unit": {"type": "string"}}))
_SAID_BY_CATEGORY = several(
    {
        "type": "object",
        "required": ["category"],
        "properties": {"category": {"type": "string"}, "seizures": _COUNT, "cases": _COUNT, "quantities": _QUANTITIES},
    }
)
_SAYS_STAGE = {
    "published_on": {"type": "string", "format": "date"},
    "seizures": maybe(_COUNT),
    "cases": maybe(_COUNT),
    "reporting_members": maybe(_COUNT),
    "quantities": maybe(_QUANTITIES),
    "sequence": {"type": "integer", "minimum": 1},
    "recordedtime": {"type": "string"},
}
_SAYS_REPORTED = {
    **dict.fromkeys(("reports", "seizures", "cases", "reporting_members"), _COUNT),
    "quantities": _QUANTITIES,
}
_SAYS_FIGURE = {
    "figure": maybe(fields({"seizures": _COUNT, "of": {"enum": [*reversed(STAGES), "reports"]}}))
    | {"description": "What stands for it now: the final figure, else the interim one, else the sum of its reports."}
}
SAYS_FIGURES = {
    **{stage: maybe(fields(_SAYS_STAGE)) for stage in STAGES},
    "reported": fields(_SAYS_REPORTED, description="What its current reports add up to."),
    **_SAYS_FIGURE,
}
"""What `told` adds."""
SAYS_WHOLE_FIGURES = {
    **{stage: maybe(fields(_SAYS_STAGE | {"by_category": maybe(_SAID_BY_CATEGORY)})) for stage in STAGES},
    "reported": fields(
        _SAYS_REPORTED
        | {
            "by_category": several(
                fields(
                    {"category": {"type": "string"}}
                    | dict.fromkeys(("reports", "seizures", "cases"), _COUNT)
                    | {"quantities": _QUANTITIES}
                )
            ),
            "by_member": several(fields({"member": {"type": "string"}, "reports": _COUNT})),
        },
        description="What its current reports add up to.",
    ),
    **_SAYS_FIGURE,
}
"""What `whole` adds."""
