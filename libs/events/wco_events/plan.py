"""The strategic plan as data: the `data` of plan.adopted and plan.revised, and of a catalogue file."""

import calendar
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import Field

from wco_events.forms import DecimalText, Id, IsoDate, Maybe, Text
from wco_events.measure import UNITS, Layer, Measure, OfLayer, Part

Contradiction = tuple[tuple[str | int, ...], str]
"""Where in the plan (keys and indexes), and what is wrong there."""


class Period(Part):
    """A reporting period: whole months, as the WCO's years from July to June."""

    id: Id
    starts_on: IsoDate
    ends_on: IsoDate


class Objective(Part):
    """A strategic objective, process, focus area or improvement of the strategic map."""

    id: Id
    layer: Layer
    title: Text


class Instrument(Part):
    """A WCO instrument whose use by Members is followed. It belongs to one objective."""

    id: Id
    objective: Id
    title: Text


class Target(Part):
    """What a KPI should reach: at least a value, or more than (`increase`) or no less than its reference."""

    rule: Literal["at_least", "increase", "maintain_or_increase"]
    value: Maybe[DecimalText] = Field(default=None, description="With `at_least`: the value, in the KPI's unit.")


class Kpi(Part):
    """A key performance indicator: the plan's own words, what it measures, and its target."""

    id: Id = Field(description="Its first part, up to the dot, is the objective that it stands under.")
    title: Text
    layer: Layer
    unit: Literal["percent", "score", "count"]
    activity: Text = Field(description="The plan's 'Activity' (section V).")
    description: Text = Field(description="The plan's 'Description' (section V).")
    type: Text = Field(description="The plan's 'Type' (section V).")
    note: Maybe[Text] = Field(default=None, description="What is ours where the plan is silent.")
    accumulates: bool = Field(
        default=False,
        description="The figure grows as the period passes. While the period is open, a percentage with `at_least` is "
        "on track when it has the elapsed share of 100, a count that is to increase when it has that of its "
        "reference. For the whole plan a count's baseline, a year's figure, counts once a period.",
    )
    target: Target
    measure: Measure


class Plan(Part):
    """A whole strategic plan with its KPIs: the `data` of plan.adopted."""

    title: Text
    starts_on: IsoDate
    ends_on: IsoDate
    periods: Annotated[list[Period], Field(min_length=1)]
    objectives: Annotated[list[Objective], Field(min_length=1)]
    instruments: list[Instrument]
    kpis: Annotated[list[Kpi], Field(min_length=1)]
    notice: Maybe[Text] = Field(default=None, description="Shown with every answer, as that the data are synthetic.")

    def contradictions(self) -> Iterator[Contradiction]:
        """Yield everything in which a plan of sound parts contradicts itself."""
        yield from _repeated("periods", [period.id for period in self.periods])
        yield from _repeated("objectives", [objective.id for objective in self.objectives])
        yield from _repeated("instruments", [instrument.id for instrument in self.instruments])
        yield from _repeated("kpis", [kpi.id for kpi in self.kpis])
        yield from self._tiling()
        objectives = {objective.id for objective in self.objectives}
        for index, instrument in enumerate(self.instruments):
            if instrument.objective not in objectives:
                yield ("instruments", index, "objective"), f"the plan has no objective {instrument.objective}"
        for index, kpi in enumerate(self.kpis):
            for location, message in _of_kpi(kpi, objectives):
                yield ("kpis", index, *location), message

    def _tiling(self) -> Iterator[Contradiction]:
        expected = date.fromisoformat(self.starts_on)
        if expected.day != 1:
            yield ("starts_on",), "is not the first day of a month"
        for index, period in enumerate(self.periods):
            starts_on, ends_on = date.fromisoformat(period.starts_on), date.fromisoformat(period.ends_on)
            if starts_on != expected:
                yield ("periods", index, "starts_on"), f"periods tile the plan: this one starts on {expected}"
            if ends_on < starts_on or ends_on.day != calendar.monthrange(ends_on.year, ends_on.month)[1]:
                yield ("periods", index, "ends_on"), "is not the last day of a month from the period's first on"
            expected = ends_on + timedelta(days=1) if ends_on < date.max else ends_on
        last = self.periods[-1].ends_on
        if last != self.ends_on:
            yield ("ends_on",), f"periods tile the plan: it ends on {last}, as its last period"


class RevisedPlan(Plan):
    """The plan as it stands from now on, whole, and why: the `data` of plan.revised."""

    reason: Text


def _repeated(field: str, ids: Sequence[str]) -> Iterator[Contradiction]:
    seen: set[str] = set()
    for index, name in enumerate(ids):
        if name in seen:
            yield (field, index, "id"), f"{name} stands here twice"
        seen.add(name)


def _of_kpi(kpi: Kpi, objectives: set[str]) -> Iterator[Contradiction]:
    measure = kpi.measure
    if (unit := UNITS[measure.facts]) != kpi.unit:
        yield ("unit",), f"{measure.facts} are told as {unit}"
    if kpi.target.rule == "at_least" and kpi.target.value is None:
        yield ("target", "value"), "is required with the rule at_least"
    if kpi.target.rule != "at_least" and kpi.target.value is not None:
        yield ("target", "value"), "belongs to the rule at_least alone"
    match measure.facts:
        case "actions" | "partnership-steps":
            if not isinstance(measure.objectives, OfLayer):
                for index, name in enumerate(measure.objectives):
                    if name not in objectives:
                        yield ("measure", "objectives", index), f"the plan has no objective {name}"
        case "instruments":
            if measure.objective not in objectives:
                yield ("measure", "objective"), f"the plan has no objective {measure.objective}"
        case "ratings":
            if measure.committees and measure.surveys != "meeting":
                yield ("measure", "committees"), "only meeting surveys have a committee"
        case _:
            pass


EXAMPLE_PLAN: dict[str, object] = {
    "title": "Strategic Plan 2022-2025 (an extract)",
    "starts_on": "2022-07-01",
    "ends_on": "2025-06-30",
    "periods": [
        {"id": "2022-23", "starts_on": "2022-07-01", "ends_on": "2023-06-30"},
        {"id": "2023-24", "starts_on": "2023-07-01", "ends_on": "2024-06-30"},
        {"id": "2024-25", "starts_on": "2024-07-01", "ends_on": "2025-06-30"},
    ],
    "objectives": [
        {"id": "SO1", "layer": "members", "title": "Trade facilitation"},
        {"id": "SP1", "layer": "functions", "title": "Develop, maintain and implement instruments"},
        {"id": "FA1", "layer": "focus", "title": "Technology and innovation"},
    ],
    "instruments": [{"id": "e-commerce", "objective": "SO1", "title": "E-Commerce"}],
    "kpis": [
        {
            "id": "SO1.completion",
            "title": "Completion of SO1 actions",
            "layer": "members",
            "unit": "percent",
            "activity": "Deliver the activities planned",
            "description": "Fully commit to the engagement taken through the Implementation Plans",
            "type": "100 % completion of the actions related to SO1 in the Implementation Plan",
            "accumulates": True,
            "target": {"rule": "at_least", "value": "100"},
            "measure": {"facts": "actions", "objectives": ["SO1"], "dimensions": ["objective"]},
        },
        {
            "id": "SP1.satisfaction",
            "title": "Satisfaction with instruments",
            "layer": "functions",
            "unit": "score",
            "activity": "Keep a high level of satisfaction",
            "description": "Ensure that the instruments updated or newly developed adequately respond to "
            "Members' expectations",
            "type": "Rate provided by Members through the WCO Members' engagement annual survey",
            "target": {"rule": "maintain_or_increase"},
            "measure": {
                "facts": "ratings",
                "surveys": "annual",
                "topics": ["SP1"],
                "dimensions": ["survey", "topic", "region"],
            },
        },
    ],
}
"""A small plan, as the example of plan.adopted."""
