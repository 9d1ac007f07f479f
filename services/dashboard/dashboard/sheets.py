"""What is answered, as tables to take away. Columns have the names that answers have."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from dashboard.answers import AsOf, Changes, Contribution, Entry, Group, Kpi, OneKpi, Plan, Scorecard
from dashboard.pages import format_time
from dashboard.sheet import Cell, Sheet

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


def about(plan: Plan, as_of: AsOf, **more: Cell) -> Mapping[str, Cell]:
    """Return what every table says of itself."""
    return {
        "plan": plan.plan,
        **more,
        "as_of": format_time(as_of.time),
        "positions": positions(as_of),
        "fold": as_of.fold,
        "notice": plan.notice,
    }


def positions(as_of: AsOf) -> str:
    """Return the positions of an answer as `as_of` takes them."""
    return ",".join(f"{log}:{position}" for log, position in as_of.positions.items())


def kpi_cells(kpi: Kpi) -> list[Cell]:
    """Return a KPI as a row under `KPI_COLUMNS`."""
    reference, response = kpi.reference, kpi.response
    return [
        kpi.id,
        kpi.title,
        kpi.layer,
        kpi.objective,
        kpi.unit,
        *_figure(kpi),
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


def _figure(of: Kpi | Group | Entry) -> list[Cell]:
    return [of.value, Decimal(of.numerator), Decimal(of.denominator)]


def scorecard_sheet(plan: Plan, scorecard: Scorecard) -> Sheet:
    """Return the scorecard of a period."""
    rows = [kpi_cells(kpi) for kpi in scorecard.kpis]
    return Sheet("scorecard", about(plan, scorecard.as_of, period=scorecard.period), KPI_COLUMNS, rows)


def periods_sheet(plan: Plan, answers: Sequence[OneKpi]) -> Sheet:
    """Return a KPI in every period."""
    rows = [[answer.period, *kpi_cells(answer.kpi)] for answer in answers]
    return Sheet("periods", about(plan, answers[0].as_of), ("period", *KPI_COLUMNS), rows)


def groups_sheet(plan: Plan, dimension: str, answer: OneKpi) -> Sheet:
    """Return a KPI of a period by a dimension."""
    rows = [[group.key, *_figure(group)] for group in answer.groups]
    what = about(plan, answer.as_of, kpi=answer.kpi.id, unit=answer.kpi.unit, period=answer.period)
    return Sheet(dimension, what, (dimension, "value", "numerator", "denominator"), rows)


def history_sheet(plan: Plan, as_of: AsOf, kpi: str, period: str, entries: Iterable[Entry]) -> Sheet:
    """Return what a KPI of a period was, and since when."""
    rows: list[list[Cell]] = [
        [
            format_time(entry.time),
            *_figure(entry),
            entry.status,
            None if entry.cause is None else entry.cause.log,
            None if entry.cause is None else entry.cause.sequence,
        ]
        for entry in entries
    ]
    columns = ("time", "value", "numerator", "denominator", "status", "cause_log", "cause_sequence")
    return Sheet("history", about(plan, as_of, kpi=kpi, period=period), columns, rows)


def evidence_sheet(plan: Plan, as_of: AsOf, kpi: str, period: str, rows: Iterable[Contribution]) -> Sheet:
    """Return the events that a KPI of a period rests on, and what each adds."""
    cells: list[list[Cell]] = [
        [
            row.log,
            row.sequence,
            row.source,
            row.id,
            row.subject,
            Decimal(row.numerator),
            None if row.denominator is None else Decimal(row.denominator),
        ]
        for row in rows
    ]
    columns = ("log", "sequence", "source", "id", "subject", "numerator", "denominator")
    return Sheet("evidence", about(plan, as_of, kpi=kpi, period=period), columns, cells)


def changes_sheets(plan: Plan, changes: Changes) -> list[Sheet]:
    """Return what differs between two moments, and by which events."""
    what = about(plan, changes.until, period=changes.period)
    what = {**what, "from": format_time(changes.since.time), "from_positions": positions(changes.since)}
    sides = [f"{side}_{name}" for side in ("from", "to") for name in ("value", "numerator", "denominator", "status")]
    rows: list[list[Cell]] = []
    events: list[list[Cell]] = []
    for change in changes.kpis:
        both = [
            cell
            for kpi in (change.since, change.until)
            for cell in ([None] * 4 if kpi is None else [*_figure(kpi), kpi.status])
        ]
        title = (change.until or change.since).title if change.until or change.since else None  # type: ignore[union-attr]
        rows.append([change.id, title, *both, " ".join(change.why), len(change.events)])
        events += [[change.id, event.log, event.sequence] for event in change.events]
    return [
        Sheet("changes", what, ("id", "title", *sides, "why", "events"), rows),
        Sheet("events", what, ("id", "log", "sequence"), events),
    ]


def list_sheet(name: str, what: Mapping[str, Cell], rows: Sequence[Mapping[str, Any]]) -> Sheet:
    """Return rows of a list as its API has them; what is in an object has a column of its own: `response.invited`."""
    flat = [dict(_flat(row)) for row in rows]
    columns = list(dict.fromkeys(column for row in flat for column in row))
    return Sheet(name, what, columns, [[row.get(column) for column in columns] for row in flat])


def _flat(row: Mapping[str, Any], within: str = "") -> Iterable[tuple[str, Cell]]:
    for name, value in row.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{within}{name}.")
        else:
            yield f"{within}{name}", _single(value)


def _single(value: Any) -> Cell:
    """Return a value as one cell: a list of texts parted by spaces, any other as JSON."""
    if not isinstance(value, list):
        return value if value is None or isinstance(value, str | int | bool | Decimal) else str(value)
    if all(isinstance(each, str) for each in value):
        return " ".join(value)
    return msgspec.json.encode(value).decode()
