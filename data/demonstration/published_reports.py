"""What was published of joint operations, as far as the source has it in prose or not at all.

Counts and dates stand in data/sources/wco-joint-operations.csv. Quantities are told here in the units of the log.
What is preliminary or rounded makes an interim report.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Amounts = dict[str, str]
"""Amounts by unit. Weight and pieces are additional to each other."""


@dataclass(frozen=True, slots=True)
class PublishedReport:
    """A published report: its row in the source, and what the row does not say by itself."""

    row: str
    stage: Literal["interim", "final"]
    published_on: date
    remark: str
    """Why it is no final report, if it is not, and which of its dates are assumed."""

    amounts: Amounts = field(default_factory=dict)
    by_category: dict[str, Amounts] = field(default_factory=dict)
    cases: dict[str, int] = field(default_factory=dict)
    """Cases by category."""


@dataclass(frozen=True, slots=True)
class PublishedOperation:
    """An operation, and its reports in order; `assumed` are its days where the source has none."""

    name: str
    theme: str
    reports: tuple[PublishedReport, ...]
    assumed: tuple[date, date] | None = None


_DAY = "The day of publication is assumed."
_MONTH = "The source gives the month of publication; its last day is assumed."

EARLIER = (
    PublishedOperation(
        "WESTERLIES 2",
        "drugs",
        (PublishedReport("WESTERLIES 2", "interim", date(2013, 12, 31), f"Rounded figure. {_MONTH}", {"kg": "2850"}),),
    ),
    PublishedOperation(
        "COCAIR V",
        "drugs",
        (PublishedReport("COCAIR V", "final", date(2016, 1, 31), _MONTH, {"kg": "580", "USD": "1631000"}),),
    ),
    PublishedOperation(
        "DEMETER IV",
        "waste",
        (PublishedReport("DEMETER IV", "final", date(2018, 12, 31), _DAY, {"kg": "326133000", "pieces": "54782"}),),
    ),
    PublishedOperation(
        "THUNDERBALL",
        "wildlife",
        (
            PublishedReport(
                "THUNDERBALL",
                "interim",
                date(2019, 7, 31),
                f"Preliminary figures. {_DAY}",
                by_category={"ivory": {"kg": "545", "pieces": "440"}, "timber": {"m3": "2550"}},
            ),
        ),
    ),
    PublishedOperation(
        "DEMETER V",
        "waste",
        (
            PublishedReport(
                "DEMETER V",
                "final",
                date(2019, 12, 31),
                _MONTH,
                by_category={"waste": {"kg": "4584000", "pieces": "59983"}},
                cases={"waste": 201},
            ),
        ),
    ),
    PublishedOperation(
        "STOP (I)",
        "medicines",
        (
            PublishedReport(
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
    PublishedOperation(
        "STOP II",
        "medicines",
        (
            PublishedReport(
                "STOP II (interim)",
                "interim",
                date(2021, 12, 31),
                f"Figures up to 2021-09-30. {_MONTH}",
                {"pieces": "365700000"},
            ),
            PublishedReport(
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

IN_THE_PLAN = (
    PublishedOperation(
        "DEMETER VIII",
        "waste",
        (
            PublishedReport(
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
    PublishedOperation(
        "THUNDER 2022",
        "wildlife",
        (
            PublishedReport(
                "THUNDER 2022", "interim", date(2022, 12, 6), "Rounded figure: almost 2,200, still being reported."
            ),
        ),
    ),
    PublishedOperation(
        "DEMETER IX",
        "waste",
        (
            PublishedReport(
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
    PublishedOperation(
        "THUNDER 2023",
        "wildlife",
        (PublishedReport("THUNDER 2023", "interim", date(2023, 12, 18), f"Rounded figure: more than 2,000. {_DAY}"),),
    ),
    PublishedOperation(
        "DEMETER X",
        "waste",
        (PublishedReport("DEMETER X", "final", date(2024, 11, 30), _MONTH),),
        (date(2024, 8, 26), date(2024, 10, 20)),
    ),
)
