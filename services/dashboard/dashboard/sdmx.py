"""KPIs as SDMX-CSV 2.0, the form in which statistical offices exchange observations.

A reporting year that begins in July is said as the standard has it: the time period is a reporting period, as
2022-A1, and the attribute REPORTING_YEAR_START_DAY says with which day its year begins. A window that is no year, as
the plan, is a time range: its first day and its duration.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

import msgspec

from dashboard.answers import Kpi, Plan, Scorecard
from dashboard.pages import format_time
from dashboard.sheet import Cell, plain, written
from dashboard.table import positions

MEDIA_TYPE = "application/vnd.sdmx.data+csv; version=2.0.0"
STRUCTURE = "WCO_KPI:KPI(1.0.0)"
"""Agency, id and version of the dataflow. It is ours; no agency of the SDMX registry maintains it."""

COLUMNS = (
    *("STRUCTURE", "STRUCTURE_ID", "ACTION"),
    *("FREQ", "KPI", "TIME_PERIOD"),
    *("OBS_VALUE", "NUMERATOR", "DENOMINATOR", "PROVISIONAL"),
    *("REPORTING_YEAR_START_DAY", "UNIT_MEASURE", "OBS_STATUS", "STATUS", "TARGET_RULE", "TARGET_VALUE"),
    *("REFERENCE_VALUE", "REFERENCE_KIND", "ANSWERED", "INVITED", "TITLE", "PERIOD"),
    *("PLAN", "AS_OF", "POSITIONS", "FOLD", "NOTICE"),
)
"""What stands before the dimensions, the dimensions, the measures, the attributes."""

_INFORMATION = "I"
_NORMAL, _MISSING = "A", "O"
"""Of the code list CL_OBS_STATUS."""


class Time(NamedTuple):
    """A window of time as SDMX says it: frequency (CL_FREQ), time period, and the day that its year begins with."""

    freq: str
    period: str
    year_starts: str | None


def time_of(starts_on: date, ends_on: date) -> Time:
    """Return a window of whole months as SDMX says it."""
    after = ends_on + timedelta(days=1)
    months = 12 * (after.year - starts_on.year) + after.month - starts_on.month
    if months == 12:
        return Time("A", f"{starts_on.year}-A1", f"--{starts_on:%m-%d}")
    years, rest = divmod(months, 12)
    return Time("_O" if rest else f"A{years}", f"{starts_on}/P{f'{months}M' if rest else f'{years}Y'}", None)


def to_sdmx(plan: Plan, scorecards: Iterable[Scorecard], kpi: str | None = None) -> bytes:
    """Return the KPIs of periods, or one of them, as observations."""
    lines = [list(COLUMNS)]
    for scorecard in scorecards:
        window = next((each for each in plan.periods if each.id == scorecard.period), plan)
        time = time_of(window.starts_on, window.ends_on)
        for each in scorecard.kpis:
            if kpi in (None, each.id):
                lines.append(_observation(plan, scorecard, time, each))
    return written(lines).encode()


def _observation(plan: Plan, scorecard: Scorecard, time: Time, kpi: Kpi) -> list[str]:
    as_of, reference, response = scorecard.as_of, kpi.reference, kpi.response
    key: list[Cell] = ["dataflow", STRUCTURE, _INFORMATION, time.freq, kpi.id, time.period]
    provisional = None if kpi.provisional is msgspec.UNSET else kpi.provisional
    measures: list[Cell] = [kpi.value, kpi.numerator, kpi.denominator, provisional]
    attributes: list[Cell] = [
        *(kpi.unit, _MISSING if kpi.value is None else _NORMAL, kpi.status, kpi.target.rule, kpi.target.value),
        *((None, None) if reference is None else (reference.value, reference.kind)),
        *((None, None) if response is None else (response.answered, response.invited)),
        *(kpi.title, scorecard.period),
        *(plan.plan, format_time(as_of.time), positions(as_of), as_of.fold, plan.notice),
    ]
    # --07-01 looks like a formula, and is none that does anything; the standard has it so.
    return [*map(plain, (*key, *measures)), time.year_starts or "", *map(plain, attributes)]
