"""The closed vocabulary in which a plan says what a KPI measures.

A measure names its *facts*, what of them counts (`where`, `topics`, `objectives`), their *weight*, and the
dimensions by which it can be divided. What each means is section 4 of the outside contract; the algebra that
evaluates them is in libs/kpi. A plan of other years is written in the same words.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from wco_events.forms import Id, Maybe, ObjectivePattern

Layer = Literal["results", "members", "functions", "focus", "improvement"]
"""A layer of the strategic map (plan, section I)."""

LAYER_TITLES: dict[Layer, str] = {
    "results": "Results",
    "members": "Members",
    "functions": "Functions",
    "focus": "Focus",
    "improvement": "WCO improvement",
}
"""The five layers in the plan's own order and words."""


class Part(BaseModel):
    """A part of a plan: strict, closed, never changed."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class OfLayer(Part):
    """Every objective of a layer; for the focus layer, the focus areas introduced since as well."""

    layer: Layer = Field(description="The layer whose objectives are meant.")


Objectives = Annotated[list[Id], Field(min_length=1)] | OfLayer
"""Objectives by name, or all of a layer."""


class KpiStatuses(Part):
    """Of the plan's other KPIs, those with the status `met` in the same period."""

    facts: Literal["kpi-statuses"]
    dimensions: list[Literal["layer"]] = []


class Actions(Part):
    """Actions completed, of the objectives' actions that are not withdrawn."""

    facts: Literal["actions"]
    objectives: Objectives
    dimensions: list[Literal["objective"]] = []


class Ratings(Part):
    """The mean of what the surveys' current submissions give the topics, each on a scale of 0 to 100."""

    facts: Literal["ratings"]
    surveys: Literal["annual", "meeting", "assistance"]
    committees: list[Literal["PTC", "HSC", "EC", "CBC"]] = Field(default=[], description="Of meetings: whose.")
    topics: Objectives = Field(description="Topics by name, or every topic that is an objective of a layer.")
    dimensions: list[Literal["survey", "topic", "region"]] = []


class Instruments(Part):
    """Pairs (Member, instrument of the objective) whose deciding answer is not `unknown`, of all pairs."""

    facts: Literal["instruments"]
    objective: Id
    dimensions: list[Literal["instrument", "region", "status", "reason"]] = []


class FinalReports(Part):
    """Seizures by the operations' final reports; provisional ones stand beside them."""

    facts: Literal["final-reports"]
    dimensions: list[Literal["operation", "category"]] = []


class PartnershipSteps(Part):
    """Of the objectives named, those that a review or upgrade of a partnership names."""

    facts: Literal["partnership-steps"]
    objectives: Annotated[list[Id], Field(min_length=1)]
    dimensions: list[Literal["objective"]] = []


class ActivityFilter(Part):
    """Which activities count. Both given: an activity must satisfy both."""

    aligned_with: Maybe[list[ObjectivePattern]] = Field(
        default=None,
        description="Names at least one of these: an id, a stem and `#` for any number (`SO#`), or `*` for any id. "
        "It is the form that counts, whether the plan has the objective or not.",
    )
    delivered_by: Maybe[list[Literal["accredited", "recognised", "other"]]] = None


class Activities(Part):
    """Capacity building activities, or their cost, that satisfy the filter, of all."""

    facts: Literal["activities"]
    weight: Literal["number", "cost"]
    where: ActivityFilter
    dimensions: list[Literal["objective", "delivered_by"]] = []


class ExpertFilter(Part):
    """Which accreditations count."""

    status: Annotated[list[Literal["accredited", "recognised"]], Field(min_length=1)]
    employer: Annotated[list[Literal["wco", "administration", "other"]], Field(min_length=1)]


class Experts(Part):
    """Experts whose accreditation is in force on the period's last day, or on the day of the question if earlier."""

    facts: Literal["experts"]
    where: ExpertFilter
    dimensions: list[Literal["employer"]] = []


Measure = Annotated[
    KpiStatuses | Actions | Ratings | Instruments | FinalReports | PartnershipSteps | Activities | Experts,
    Field(discriminator="facts"),
]
"""What a KPI measures."""

UNITS: dict[str, Literal["percent", "score", "count"]] = {
    "kpi-statuses": "percent",
    "actions": "percent",
    "ratings": "score",
    "instruments": "percent",
    "final-reports": "count",
    "partnership-steps": "count",
    "activities": "percent",
    "experts": "count",
}
"""The unit that each kind of facts is told in."""
