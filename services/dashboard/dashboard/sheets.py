"""What pages show otherwise than in tables, as tables to take away. Columns have the names that answers have."""

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from dashboard.answers import Changes, Kpi, OneKpi, Plan, Scorecard
from dashboard.pages import format_time
from dashboard.sheet import Cell, Sheet
from dashboard.table import about, positions

KPI_COLUMNS = (
    "id",
    "title",
    "layer",
    "objective",
    "unit",
    "value",
    "numerator",
    "denominator",
    "status",
    "target_rule",
    "target_value",
    "reference_value",
    "reference_kind",
    "provisional",
    "answered",
    "invited",
    "note",
)


SIDE_COLUMNS = (
    *("value", "numerator", "denominator", "status"),
    *("provisional", "reference_value", "answered", "invited"),
)
"""Those that may differ between two moments, and stand once for each."""


def kpi_cells(kpi: Kpi) -> list[Cell]:
    """Return a KPI as a row under `KPI_COLUMNS`."""
    reference, response = kpi.reference, kpi.response
    return [
        kpi.id,
        kpi.title,
        kpi.layer,
        kpi.objective,
        kpi.unit,
        kpi.value,
        Decimal(kpi.numerator),
        Decimal(kpi.denominator),
        kpi.status,
        kpi.target.rule,
        kpi.target.value,
        None if reference is None else reference.value,
        None if reference is None else reference.kind,
        None if kpi.provisional is msgspec.UNSET else kpi.provisional,
        None if response is None else response.answered,
        None if response is None else response.invited,
        kpi.note,
    ]


def _side_cells(kpi: Kpi | None) -> list[Cell]:
    """Return a KPI as it was at one of two moments, or not in the plan, under `SIDE_COLUMNS`."""
    cells = {} if kpi is None else dict(zip(KPI_COLUMNS, kpi_cells(kpi), strict=True))
    return [cells.get(column) for column in SIDE_COLUMNS]


def scorecard_sheet(plan: Plan, scorecard: Scorecard) -> Sheet:
    """Return the scorecard of a period."""
    rows = [kpi_cells(kpi) for kpi in scorecard.kpis]
    return Sheet("scorecard", about(plan, scorecard.as_of, period=scorecard.period), KPI_COLUMNS, rows)


def periods_sheet(plan: Plan, answers: Sequence[OneKpi]) -> Sheet:
    """Return a KPI in every period."""
    rows = [[answer.period, *kpi_cells(answer.kpi)] for answer in answers]
    return Sheet("periods", about(plan, answers[0].as_of), ("period", *KPI_COLUMNS), rows)


def changes_sheets(plan: Plan, changes: Changes) -> list[Sheet]:
    """Return what differs between two moments, and by which events."""
    what = about(plan, changes.until, period=changes.period)
    what = {**what, "from": format_time(changes.since.time), "from_positions": positions(changes.since)}
    sides = [f"{side}_{column}" for side in ("from", "to") for column in SIDE_COLUMNS]
    rows: list[list[Cell]] = []
    events: list[list[Cell]] = []
    for change in changes.kpis:
        both = [*_side_cells(change.since), *_side_cells(change.until)]
        title = (change.until or change.since).title if change.until or change.since else None  # type: ignore[union-attr]
        rows.append([change.id, title, *both, " ".join(change.why), len(change.events)])
        events += [[change.id, event.log, event.sequence] for event in change.events]
    return [
        Sheet("changes", what, ("id", "title", *sides, "why", "events"), rows),
        Sheet("events", what, ("id", "log", "sequence"), events),
    ]
