"""Joint operations with a published source: those of the plan's years, and earlier ones as history."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from demonstration.entry import PUBLISHED, Entry, days, noted
from demonstration.published_reports import EARLIER, IN_THE_PLAN, Amounts, PublishedOperation, PublishedReport
from demonstration.sources import Row, joint_operations

_BACKFILLED_ON = date(2022, 7, 18)
"""When what was before the plan was recorded."""


def published_operation_entries() -> Iterator[Entry]:
    """Return the operations and their reports."""
    rows = joint_operations()
    for operation in (*EARLIER, *IN_THE_PLAN):
        yield from _told(operation, rows, _BACKFILLED_ON if operation in EARLIER else None)


def _told(operation: PublishedOperation, rows: Mapping[str, Row], backfilled_on: date | None) -> Iterator[Entry]:
    name = operation.name.lower().replace("(", "").replace(")", "").replace(" ", "-")
    row = rows[operation.reports[-1].row]
    starts_on, ends_on = operation.assumed or (date.fromisoformat(row["start"]), date.fromisoformat(row["end"]))
    remark = f"{row['participating']} Members took part; the source does not say which."
    if operation.assumed:
        remark += f" The source says {row['start']}; the days are assumed."
    data = {
        "title": f"Operation {operation.name}{' (dates assumed)' if operation.assumed else ''}",
        "theme": operation.theme,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "participants": [],
    }
    at = noted(backfilled_on or starts_on - days(10), operation.name)
    yield Entry(at, "operation.launched", name, data, PUBLISHED, {"citation": row["source"], "remark": remark})
    for number, report in enumerate(operation.reports, start=1):
        row = rows[report.row]
        at = noted(backfilled_on + days(number) if backfilled_on else report.published_on + days(5), operation.name)
        citation = {"citation": row["source"], "remark": report.remark}
        yield Entry(at, "operation.report-published", name, _published(report, row), PUBLISHED, citation)


def _published(report: PublishedReport, row: Row) -> dict[str, Any]:
    totals: dict[str, Any] = {
        figure: int(row[figure]) for figure in ("seizures", "cases", "reporting_members") if row[figure]
    }
    if amounts := report.amounts or _sum(report.by_category.values()):
        totals["quantities"] = _quantities(amounts)
    data: dict[str, Any] = {"stage": report.stage, "published_on": report.published_on, "totals": totals}
    if report.by_category:
        data["by_category"] = [
            {"category": category, "quantities": _quantities(amounts)}
            | ({"cases": report.cases[category]} if category in report.cases else {})
            for category, amounts in report.by_category.items()
        ]
    return data


def _sum(parts: Iterable[Amounts]) -> Amounts:
    sums = Counter[str]()
    for part in parts:
        sums.update({unit: int(amount) for unit, amount in part.items()})
    return {unit: str(amount) for unit, amount in sums.items()}


def _quantities(amounts: Amounts) -> list[dict[str, str]]:
    return [{"amount": amount, "unit": unit} for unit, amount in amounts.items()]
