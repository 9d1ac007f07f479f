"""The scorecard: the plan's strategic map, layer by layer, with every KPI of a period."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from dashboard.answers import Kpi, Plan, Scorecard
from dashboard.pages import Pages
from dashboard.projector import Projector
from dashboard.shell import Shells
from dashboard.table import Downloads
from dashboard.trend import Trend, trend
from dashboard.view import read_view
from dashboard.words import STATUSES

_TILES_A_COLUMN = 3


@dataclass(frozen=True)
class Tile:
    """A KPI, and how it went over the periods."""

    kpi: Kpi
    trend: Trend


@dataclass(frozen=True)
class Panel:
    """The KPIs of an objective, or of what the plan has no single objective for (`title` is None)."""

    id: str
    title: str | None
    areas: Sequence[tuple[str, str]]
    tiles: Sequence[Tile]

    @property
    def rows(self) -> int:
        """How many tiles high it is."""
        return min(len(self.tiles), _TILES_A_COLUMN)

    @property
    def columns(self) -> int:
        """How many tiles wide it is."""
        return -(-len(self.tiles) // _TILES_A_COLUMN)


@dataclass(frozen=True)
class Band:
    """A layer of the map."""

    layer: str
    panels: Sequence[Panel]

    @property
    def narrow(self) -> bool:
        """Whether it needs but half of the map's width."""
        return sum(panel.columns for panel in self.panels) == 1


@dataclass(frozen=True)
class Part:
    """How many KPIs have a status, and how many have a better one."""

    status: str
    count: int
    before: int


@dataclass(frozen=True)
class RollUp:
    """The plan's one figure, how it went, and how many of the other KPIs have which status."""

    tile: Tile | None
    parts: Sequence[Part]

    @property
    def others(self) -> int:
        """How many other KPIs there are."""
        return sum(part.count for part in self.parts)


def roll_up(plan: Plan, tiles: Sequence[Tile]) -> RollUp:
    """Return what it comes to: the KPI that is divided by layers speaks for the others."""
    speaking = {each.id for each in plan.kpis if "layer" in each.by}
    counted = Counter(tile.kpi.status for tile in tiles if tile.kpi.id not in speaking)
    parts: list[Part] = []
    for status in STATUSES:
        if counted[status]:
            parts.append(Part(status, counted[status], sum(part.count for part in parts)))
    return RollUp(next((tile for tile in tiles if tile.kpi.id in speaking), None), parts)


def tiles(plan: Plan, period: str, scorecards: Mapping[str, Scorecard]) -> Sequence[Tile]:
    """Return every KPI of a period, with what it was in all periods."""
    periods = [each.id for each in plan.periods]

    def tile(kpi: Kpi) -> Tile:
        found = [(each, scorecards[each].kpi(kpi.id)) for each in periods]
        values = [(each, None if other is None else other.value) for each, other in found]
        return Tile(kpi, trend(values, kpi.unit, kpi.target.value, period))

    return [tile(kpi) for kpi in scorecards[period].kpis]


def bands(plan: Plan, tiles: Sequence[Tile]) -> Sequence[Band]:
    """Return the layers of the map in the plan's order, each with its objectives in theirs."""
    titles = {objective.id: objective.title for objective in plan.objectives}
    areas = [(area.id, area.title) for area in plan.focus_areas]
    parts = [(each.id, each.title) for each in plan.objectives]

    def panel(objective: str, of: Sequence[Tile]) -> Panel:
        within = [] if objective in titles else list((dict(parts) | dict(areas)).items())
        named = [part for part in within if part[0].rstrip("0123456789") == objective]
        return Panel(objective, titles.get(objective), named, of)

    found = []
    for layer in plan.layers:
        of_layer = [tile for tile in tiles if tile.kpi.layer == layer.id]
        objectives = dict.fromkeys(tile.kpi.objective for tile in of_layer)
        panels = [panel(each, [tile for tile in of_layer if tile.kpi.objective == each]) for each in objectives]
        if panels:
            found.append(Band(layer.id, panels))
    return found


class ScorecardPage:
    """The first page."""

    def __init__(self, pages: Pages, shells: Shells, projector: Projector) -> None:
        self._pages = pages
        self._shells = shells
        self._projector = projector

    async def __call__(self, request: Request) -> Response:
        """Answer with the scorecard of a period."""
        view = read_view(request)
        shell = await self._shells.around(view)
        if (same := self._pages.unchanged(request, view, shell.etag)) is not None:
            return same
        windows = list(dict.fromkeys([shell.plan.plan, *shell.plan.windows(), shell.period]))  # the plan reads for all
        scorecards = await self._projector.scorecards(windows, shell.pinned)
        every = tiles(shell.plan, shell.period, scorecards)
        rolled = roll_up(shell.plan, every)
        context = {
            "shell": shell,
            "roll_up": rolled,
            "overall": {
                each: roll_up(shell.plan, tiles(shell.plan, each, scorecards)).tile for each in shell.plan.windows()
            },
            "downloads": Downloads(view, "scorecard", shell.named, observations=True),
            "bands": bands(shell.plan, [tile for tile in every if tile is not rolled.tile]),
        }
        return self._pages.page(view, "scorecard.html", context, etag=shell.etag)
