"""One KPI: what the plan says it is, what it comes to, over the periods and by each dimension."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from starlette.requests import Request
from starlette.responses import Response

from dashboard.answers import Definition, Group, Kpi, Plan
from dashboard.pages import Pages
from dashboard.projector import Projector
from dashboard.shell import Shell, Shells
from dashboard.table import Downloads, Table
from dashboard.view import read_view
from dashboard.words import KEYS
from wco_common.problem import NotFound


@dataclass(frozen=True)
class Row:
    """A group of a KPI, with the words for its key, and how long its bar is, in percent of the longest."""

    key: str
    title: str | None
    of_plan: bool
    group: Group
    share: Decimal


@dataclass(frozen=True)
class Division:
    """A KPI by one of its dimensions."""

    dimension: str
    unit: str
    table: Table[Row]


@dataclass(frozen=True)
class Column:
    """A period of a KPI, and how high it stands, in percent of the highest."""

    period: str
    kpi: Kpi
    height: Decimal | None


def columns(kpis: Mapping[str, Kpi]) -> Sequence[Column]:
    """Return a KPI's periods as columns: shares and scores of a hundred, counts of the greatest."""
    values = [kpi.value for kpi in kpis.values() if kpi.value is not None]
    whole = max([*values, Decimal(1)]) if any(kpi.unit == "count" for kpi in kpis.values()) else Decimal(100)
    return [
        Column(period, kpi, None if kpi.value is None else round(min(100 * kpi.value / whole, Decimal(100)), 2))
        for period, kpi in kpis.items()
    ]


def definition(plan: Plan, kpi: str) -> Definition:
    """Return what the plan says of a KPI. Raises NotFound."""
    found = plan.definition(kpi)
    if found is None:
        raise NotFound(f"{kpi!r} is not a KPI of the plan")
    return found


def division(plan: Plan, period: str, kpi: Kpi, dimension: str, groups: Sequence[Group]) -> Division:
    """Return a KPI's groups, named by the plan's titles or by words of ours, the largest bar being whole."""
    titles = _titles(plan, dimension)
    words = KEYS.get(dimension, {})
    values = [group.value for group in groups if group.value is not None]
    whole = Decimal(100) if kpi.unit in {"percent", "score"} else max([*values, Decimal(1)])
    rows = [
        Row(
            group.key,
            titles.get(group.key) or words.get(group.key),
            group.key in titles,
            group,
            min(100 * (group.value or Decimal(0)) / whole, Decimal(100)),
        )
        for group in groups
    ]
    columns = {
        dimension: lambda row: row.key,
        "value": lambda row: row.group.value,
        "numerator": lambda row: Decimal(row.group.numerator),
        "denominator": lambda row: Decimal(row.group.denominator),
    }
    of = {"kpi": kpi.id, "unit": kpi.unit, "period": period}
    return Division(dimension, kpi.unit, Table(dimension, columns, rows, of))


async def divisions(projector: Projector, shell: Shell, said: Definition) -> Sequence[Division]:
    """Return a KPI by each of its dimensions, as of the moment shown."""
    answers = await asyncio.gather(
        *(projector.kpi(said.id, shell.period, shell.pinned, dimension) for dimension in said.by)
    )
    return [
        division(shell.plan, answer.period, answer.kpi, dimension, answer.groups)
        for dimension, answer in zip(said.by, answers, strict=True)
    ]


def _titles(plan: Plan, dimension: str) -> Mapping[str, str]:
    """Return what the plan calls the keys of a dimension."""
    match dimension:
        case "objective" | "topic":
            areas = {area.id: area.title for area in plan.focus_areas}
            return areas | {each.id: each.title for each in plan.objectives}
        case "instrument":
            return {each.id: each.title for each in plan.instruments}
    return {}


class KpiPage:
    """The page of one KPI."""

    def __init__(self, pages: Pages, shells: Shells, projector: Projector) -> None:
        self._pages = pages
        self._shells = shells
        self._projector = projector

    async def __call__(self, request: Request) -> Response:
        """Answer with a KPI of a period."""
        view = read_view(request)
        shell = await self._shells.around(view)
        said = definition(shell.plan, request.path_params["id"])
        if (same := self._pages.unchanged(request, view, shell.etag)) is not None:
            return same
        kpis, divided = await asyncio.gather(
            self._over_periods(shell, said.id), divisions(self._projector, shell, said)
        )
        kpi = kpis[shell.period]
        context = {
            "shell": shell,
            "said": said,
            "kpi": kpi,
            "columns": columns(kpis),
            "divisions": divided,
            "downloads": Downloads(view, f"kpis/{said.id}", shell.named, observations=True),
            "objective": next((each for each in shell.plan.objectives if each.id == kpi.objective), None),
        }
        return self._pages.page(view, "kpi.html", context, etag=shell.etag)

    async def _over_periods(self, shell: Shell, kpi: str) -> Mapping[str, Kpi]:
        windows = list(dict.fromkeys([*shell.plan.windows(), shell.period]))
        answers = await asyncio.gather(*(self._projector.kpi(kpi, each, shell.pinned) for each in windows))
        return {answer.period: answer.kpi for answer in answers}
