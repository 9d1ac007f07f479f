"""Joint operations with a published source: those of the plan's years, and earlier ones as history.

Counts and dates come from data/sources/wco-joint-operations.csv. Quantities stand there as prose, so they are told
here in the units of the log. What is preliminary or rounded makes an interim report.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from demonstration.entry import PUBLISHED, Entry, days, noted
from demonstration.sources import joint_operations

Amounts = dict[str, str]
"""Amounts by unit. Weight and pieces are additional to each other."""


@dataclass(frozen=True, slots=True)
class _Report:
    """A published report: its row in the source, and what the row does not say by itself."""

    row: str
    stage: Literal["interim", "final"]
    published_on: date
    remark: str
    """Why it is no final report, if it is not, and which of its dates are assumed."""

    amounts: Amounts = field(default_factory=dict)
    by_category: dict[str, Amounts] = field(default_factory=dict)
    cases_by_category: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Operation:
    """An operation, and its reports in order; `assumed` are its days where the source has none."""

    name: str
    theme: str
    reports: tuple[_Report, ...]
    assumed: tuple[date, date] | None = None


_DAY = "The day of publication is assumed."
_MONTH = "The source gives the month of publication; its last day is assumed."

_EARLIER = (
    _Operation(
        "WESTERLIES 2",
        "drugs",
        (_Report("WESTERLIES 2", "interim", date(2013, 12, 31), f"Rounded figure. {_MONTH}", {"kg": "2850"}),),
    ),
    _Operation(
        "COCAIR V",
        "drugs",
        (_Report("COCAIR V", "final", date(2016, 1, 31), _MONTH, {"kg": "580", "USD": "1631000"}),),
    ),
    _Operation(
        "DEMETER IV",
        "waste",
        (_Report("DEMETER IV", "final", date(2018, 12, 31), _DAY, {"kg": "326133000", "pieces": "54782"}),),
    ),
    _Operation(
        "THUNDERBALL",
        "wildlife",
        (
            _Report(
                "THUNDERBALL",
                "interim",
                date(2019, 7, 31),
                f"Preliminary figures. {_DAY}",
                by_category={"ivory": {"kg": "545", "pieces": "440"}, "timber": {"m3": "2550"}},
            ),
        ),
    ),
    _Operation(
        "DEMETER V",
        "waste",
        (
            _Report(
                "DEMETER V",
                "final",
                date(2019, 12, 31),
                _MONTH,
                by_category={"waste": {"kg": "4584000", "pieces": "59983"}},
                cases_by_category={"waste": 201},
            ),
        ),
    ),
    _Operation(
        "STOP (I)",
        "medicines",
        (
            _Report(
                "STOP (I)",
                "interim",
                date(2020, 9, 30),
                f"Rounded quantities. {_DAY}",
                by_category={
                    "medicines": {"pieces": "300000000"},
                    "medical-supplies": {"pieces": "47000000"},
                    "sanitizer": {"litres": "2800000"},
                },
            ),
        ),
    ),
    _Operation(
        "STOP II",
        "medicines",
        (
            _Report(
                "STOP II (interim)",
                "interim",
                date(2021, 12, 31),
                f"Figures up to 2021-09-30. {_MONTH}",
                {"pieces": "365700000"},
            ),
            _Report(
                "STOP II (final)",
                "final",
                date(2022, 6, 30),
                _MONTH,
                by_category={
                    "medicines": {"pieces": "273600000"},
                    "medical-devices": {"pieces": "214400000"},
                    "vaccines": {"pieces": "13500000"},
                },
            ),
        ),
    ),
)

_IN_THE_PLAN = (
    _Operation(
        "DEMETER VIII",
        "waste",
        (
            _Report(
                "DEMETER VIII",
                "interim",
                date(2022, 12, 5),
                f"Preliminary figures. {_DAY}",
                by_category={
                    "waste": {"kg": "3647000", "pieces": "8662"},
                    "ozone-depleting-substances": {"kg": "25000"},
                },
            ),
        ),
    ),
    _Operation(
        "THUNDER 2022",
        "wildlife",
        (_Report("THUNDER 2022", "interim", date(2022, 12, 6), "Rounded figure: almost 2,200, still being reported."),),
    ),
    _Operation(
        "DEMETER IX",
        "waste",
        (
            _Report(
                "DEMETER IX",
                "interim",
                date(2023, 12, 31),
                f"Preliminary figures; cases alone, no number of seizures. {_MONTH}",
                by_category={
                    "waste": {"kg": "17486000", "pieces": "144313"},
                    "ozone-depleting-substances": {"kg": "70000", "pieces": "6046"},
                    "other": {"kg": "31000", "pieces": "74797"},
                },
            ),
        ),
    ),
    _Operation(
        "THUNDER 2023",
        "wildlife",
        (_Report("THUNDER 2023", "interim", date(2023, 12, 18), f"Rounded figure: more than 2,000. {_DAY}"),),
    ),
    _Operation(
        "DEMETER X",
        "waste",
        (_Report("DEMETER X", "final", date(2024, 11, 30), _MONTH),),
        (date(2024, 8, 26), date(2024, 10, 20)),
    ),
)

_BACKFILLED_ON = date(2022, 7, 18)
"""When what was before the plan was recorded."""


def published_operation_entries() -> Iterator[Entry]:
    """Return the operations and their reports."""
    rows = joint_operations()
    for operation in (*_EARLIER, *_IN_THE_PLAN):
        before_the_plan = operation in _EARLIER
        name = operation.name.lower().replace("(", "").replace(")", "").replace(" ", "-")
        row = rows[operation.reports[-1].row]
        starts_on, ends_on = operation.assumed or (date.fromisoformat(row["start"]), date.fromisoformat(row["end"]))
        label = " (dates assumed)" if operation.assumed else ""
        told_on = _BACKFILLED_ON if before_the_plan else starts_on - days(10)
        remark = f"{row['participating']} Members took part; the source does not say which."
        if operation.assumed:
            remark += f" The source says {row['start']}; the days are assumed."
        yield Entry(
            noted(told_on, operation.name),
            "operation.launched",
            name,
            {
                "title": f"Operation {operation.name}{label}",
                "theme": operation.theme,
                "starts_on": starts_on,
                "ends_on": ends_on,
                "participants": [],
            },
            PUBLISHED,
            {"citation": row["source"], "remark": remark},
        )
        for number, report in enumerate(operation.reports, start=1):
            told_on = _BACKFILLED_ON + days(number) if before_the_plan else report.published_on + days(5)
            row = rows[report.row]
            yield Entry(
                noted(told_on, operation.name, report.stage),
                "operation.report-published",
                name,
                _published(report, row),
                PUBLISHED,
                {"citation": row["source"], "remark": report.remark},
            )


def _published(report: _Report, row: dict[str, str]) -> dict[str, Any]:
    totals: dict[str, Any] = {name: int(row[name]) for name in ("seizures", "cases", "reporting_members") if row[name]}
    amounts = report.amounts or _sum(report.by_category.values())
    if amounts:
        totals["quantities"] = _quantities(amounts)
    data: dict[str, Any] = {"stage": report.stage, "published_on": report.published_on, "totals": totals}
    if report.by_category:
        data["by_category"] = [
            {"category": category, "quantities": _quantities(each)}
            | ({"cases": report.cases_by_category[category]} if category in report.cases_by_category else {})
            for category, each in report.by_category.items()
        ]
    return data


def _sum(parts: Any) -> Amounts:
    found: dict[str, int] = {}
    for part in parts:
        for unit, amount in part.items():
            found[unit] = found.get(unit, 0) + int(amount)
    return {unit: str(amount) for unit, amount in found.items()}


def _quantities(amounts: Amounts) -> list[dict[str, str]]:
    return [{"amount": amount, "unit": unit} for unit, amount in amounts.items()]
