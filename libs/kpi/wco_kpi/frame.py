"""The frame that a question is seen in: the plan in force, a period of it, a day, and the Members of that day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, Protocol

from wco_common.canonical import canonical
from wco_events.measure import KpiStatuses, OfLayer
from wco_events.plan import Kpi, Plan
from wco_kpi.group import Group


class Cells(Protocol):
    """The cells as of one position in each log."""

    def group(self, kind: str, group: str) -> Group:
        """Return the cells of a group; none where there are none."""
        ...


class NoPlan(LookupError):
    """No plan was adopted by that moment."""


class UnknownPeriod(LookupError):
    """The plan has no such period."""


@dataclass(frozen=True)
class Window:
    """A period of the plan, or the plan as a whole: days from `first` to `last`, both within."""

    id: str
    first: date
    last: date
    periods: tuple[str, ...]
    previous: str | None

    @cached_property
    def months(self) -> tuple[str, ...]:
        """Its calendar months, as `2022-07`."""
        first, last = self.first.year * 12 + self.first.month - 1, self.last.year * 12 + self.last.month - 1
        return tuple(f"{month // 12:04d}-{month % 12 + 1:02d}" for month in range(first, last + 1))


class PlanInForce:
    """The plan recorded last, with the focus areas that the annual reviews introduced."""

    def __init__(self, plan_id: str, plan: Plan, reviews: Mapping[str, Any]) -> None:
        self.id = plan_id
        self.plan = plan
        self.reviews = reviews
        self.kpis: dict[str, Kpi] = {kpi.id: kpi for kpi in plan.kpis}
        introduced = (area for area, review in reviews.items() if review.get("introduced"))
        of_plan = (objective.id for objective in plan.objectives if objective.layer == "focus")
        self.focus_areas = tuple(dict.fromkeys([*of_plan, *introduced]))
        self.windows: dict[str, Window] = {}
        previous = None
        for period in plan.periods:
            first, last = date.fromisoformat(period.starts_on), date.fromisoformat(period.ends_on)
            self.windows[period.id] = Window(period.id, first, last, (period.id,), previous)
            previous = period.id
        first, last = date.fromisoformat(plan.starts_on), date.fromisoformat(plan.ends_on)
        everything = tuple(period.id for period in plan.periods)
        self.windows[plan_id] = Window(plan_id, first, last, everything, None)

    @cached_property
    def measured(self) -> tuple[Kpi, ...]:
        """Its KPIs that are made of facts, and not of other KPIs' statuses: what those that are rest on."""
        return tuple(kpi for kpi in self.plan.kpis if not isinstance(kpi.measure, KpiStatuses))

    def objectives(self, of: Iterable[str] | OfLayer) -> frozenset[str]:
        """Return the objectives that a measure names, or all of the layer that it names."""
        if not isinstance(of, OfLayer):
            return frozenset(of)
        if of.layer == "focus":
            return frozenset(self.focus_areas)
        return frozenset(objective.id for objective in self.plan.objectives if objective.layer == of.layer)

    def window(self, period: str) -> Window:
        """Return a period's window. Raises UnknownPeriod, naming the ones that there are."""
        try:
            return self.windows[period]
        except KeyError:
            raise UnknownPeriod(f"{period!r} is not a period; there are {', '.join(self.windows)}") from None


@lru_cache(maxsize=16)
def _plan(plan_id: str, plan: bytes) -> Plan:
    return Plan.model_validate_json(plan)


def plan_in_force(cells: Cells) -> PlanInForce:
    """Return the plan in force. Raises NoPlan where none was adopted."""
    adopted = cells.group("plan", "").get("")
    if adopted is None:
        raise NoPlan("no plan is adopted")
    plan = _plan(adopted.own["id"], canonical(adopted.own["plan"]))
    return PlanInForce(adopted.own["id"], plan, reviews(cells))


def reviews(cells: Cells) -> dict[str, Any]:
    """Return the last annual review of each focus area that had one."""
    return {area: cell.own for area, cell in cells.group("focus-area", "").items()}


def members_on(cells: Cells, day: date) -> tuple[str | None, Mapping[str, str]]:
    """Return the Members' list in force on a day: its `effective_on`, and regions by ISO 3166-1 alpha-3 code.

    That is the one with the greatest `effective_on` not after the day; of two with the same, the one recorded
    last, which took the other's place in its cell.
    """
    lists = cells.group("members", "")
    in_force = max((effective_on for effective_on in lists if effective_on <= day.isoformat()), default=None)
    return (None, {}) if in_force is None else (in_force, lists[in_force].own)
