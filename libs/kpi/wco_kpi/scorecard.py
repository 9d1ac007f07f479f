"""The scorecard: the board in the words of the outside contract, section 5."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from wco_events.measure import LAYER_TITLES
from wco_kpi.board import Board
from wco_kpi.figure import Figure
from wco_kpi.printing import decimal_string, rounded


def printed(value: Fraction | None) -> Decimal | None:
    """Return a value as it is printed: a JSON number of at most six places, or null."""
    return None if value is None else rounded(value)


def kpi_answer(board: Board, kpi: str, period: str) -> dict[str, Any]:
    """Return the KPI object."""
    definition, figure, reference = board.definition(kpi), board.figure(kpi, period), board.reference(kpi, period)
    target = definition.target
    answer: dict[str, Any] = {
        "id": definition.id,
        "title": definition.title,
        "layer": definition.layer,
        "objective": definition.id.partition(".")[0],
        "unit": definition.unit,
        "value": printed(board.value(kpi, period)),
        "numerator": decimal_string(figure.numerator),
        "denominator": decimal_string(figure.denominator),
        "status": str(board.status(kpi, period)),
        "target": {"rule": target.rule, "value": None if target.value is None else printed(Fraction(target.value))},
        "reference": reference and {"value": printed(reference.value), "kind": reference.kind},
    }
    if definition.note is not None:
        answer["note"] = definition.note
    if figure.has_provisional:
        answer["provisional"] = printed(figure.provisional)
    if figure.response is not None:
        answer["response"] = {"answered": figure.response.answered, "invited": figure.response.invited}
    return answer


def kpi_answers(board: Board, period: str) -> list[dict[str, Any]]:
    """Return every KPI of a period, in the plan's order."""
    board.plan.window(period)
    return [kpi_answer(board, kpi, period) for kpi in board.plan.kpis]


def group_answers(board: Board, kpi: str, period: str, dimension: str) -> list[dict[str, Any]]:
    """Return a KPI's groups by a dimension, by key."""
    factor = 100 if board.definition(kpi).unit == "percent" else 1
    return [{"key": key} | _figure(figure, factor) for key, figure in sorted(board.by(kpi, period, dimension).items())]


def _figure(figure: Figure, factor: int) -> dict[str, Any]:
    ratio = figure.ratio
    return {
        "value": printed(None if ratio is None else ratio * factor),
        "numerator": decimal_string(figure.numerator),
        "denominator": decimal_string(figure.denominator),
    }


def heading(board: Board, period: str | None = None) -> dict[str, Any]:
    """Return what every answer begins with: the plan, its notice, and the period."""
    answer: dict[str, Any] = {"plan": board.plan.id}
    if board.plan.plan.notice is not None:
        answer["notice"] = board.plan.plan.notice
    if period is not None:
        answer["period"] = period
    return answer


def plan_answer(board: Board) -> dict[str, Any]:
    """Return the plan in force: periods, layers, objectives, instruments, focus areas, and the KPIs' wording."""
    plan = board.plan.plan
    titles = {objective.id: objective.title for objective in plan.objectives}
    return heading(board) | {
        "title": plan.title,
        "starts_on": plan.starts_on,
        "ends_on": plan.ends_on,
        "periods": [period.model_dump() for period in plan.periods],
        "layers": [{"id": layer, "title": title} for layer, title in LAYER_TITLES.items()],
        "objectives": [objective.model_dump() for objective in plan.objectives],
        "instruments": [instrument.model_dump() for instrument in plan.instruments],
        "focus_areas": [_focus_area(area, titles, board.plan.reviews.get(area)) for area in board.plan.focus_areas],
        "kpis": [
            kpi.model_dump(include={"id", "title", "layer", "unit", "activity", "description", "type"})
            | {"objective": kpi.id.partition(".")[0]}
            | ({"note": kpi.note} if kpi.note is not None else {})
            | {"target": {"rule": kpi.target.rule, "value": _target(kpi.target.value)}}
            | {"by": list(kpi.measure.dimensions)}
            for kpi in plan.kpis
        ],
    }


def _target(value: str | None) -> Decimal | None:
    return None if value is None else printed(Fraction(value))


def _focus_area(area: str, titles: Mapping[str, str], review: Mapping[str, Any] | None) -> dict[str, Any]:
    reviewed = dict(review or {})
    title = reviewed.pop("title", titles.get(area, area))
    introduced = bool(reviewed.pop("introduced", False))
    return {"id": area, "title": title, "introduced": introduced, "review": reviewed or None}
