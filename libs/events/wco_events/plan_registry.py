"""The event types of plan-registry: the plan, the Members, baselines, actions and focus areas."""

import re
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Annotated, Any, ClassVar, Literal, NotRequired

from pydantic import Field, with_config
from typing_extensions import TypedDict

from wco_events.event_data import PART, EventData, Rule, event_type, rule
from wco_events.event_type import EventType
from wco_events.examples.plan_registry import HISTORY
from wco_events.fault import Fault, pointer
from wco_events.forms import DecimalText, Id, Iso3, IsoDate, Maybe, Text
from wco_events.plan import Plan, RevisedPlan

Title = Annotated[Text, Field(description="What is to be done.")]
DueOn = Annotated[IsoDate, Field(description="The day by which it is to be done.")]
DesiredFuture = Annotated[Text, Field(description="The desired future of the Environmental Scan that it leads to.")]
Risk = Annotated[Text, Field(description="The risk of the WCO's risk map that it mitigates.")]
ActionObjective = Annotated[Id, Field(description="The objective or focus area that it serves: it exists.")]


@rule(*Plan.model_fields)
def _plan_holds_together(data: Mapping[str, Any], subject: str) -> Iterable[Fault]:
    plan = Plan.model_validate({field: data[field] for field in Plan.model_fields if field in data})
    for where, what in plan.contradictions():
        yield Fault(pointer("data", *where), what)


@rule("periods")
def _no_period_has_the_plans_id(data: Mapping[str, Any], subject: str) -> Iterable[Fault]:
    for index, period in enumerate(data["periods"]):
        if period["id"] == subject:
            yield Fault(
                pointer("data", "periods", index, "id"), f"{subject} is the plan, which stands for all periods together"
            )


class PlanAdopted(Plan):
    """A strategic plan was adopted, with its periods, objectives, instruments and KPIs. Once a log."""

    rules: ClassVar[tuple[Rule, ...]] = (_plan_holds_together, _no_period_has_the_plans_id)


class PlanRevised(RevisedPlan):
    """The adopted plan was revised: the whole of it, as it stands from now on, and why.

    It may add to periods, objectives, KPIs and instruments, and change what is said of them. It drops no id but an
    instrument's, and moves no period's dates.
    """

    rules: ClassVar[tuple[Rule, ...]] = (_plan_holds_together, _no_period_has_the_plans_id)


@with_config(PART)
class Member(TypedDict):
    """A Member and its region."""

    iso3: Annotated[Iso3, Field(description="The Member.")]
    region: Annotated[
        Literal["AMS", "A/P", "EUR", "ESA", "MENA", "WCA"],
        Field(
            description="Its WCO region: Americas and Caribbean; Asia and Pacific; Europe; East and Southern Africa; "
            "North of Africa, Near and Middle East; West and Central Africa."
        ),
    ]


@rule("members")
def _no_member_twice(data: Mapping[str, Any], subject: str) -> Iterable[Fault]:
    seen: set[str] = set()
    for index, member in enumerate(data["members"]):
        if member["iso3"] in seen:
            yield Fault(pointer("data", "members", index, "iso3"), f"lists {member['iso3']} a second time")
        seen.add(member["iso3"])


class MembersListed(EventData):
    """The Members and their regions, the whole list, from a day on."""

    effective_on: IsoDate = Field(description="The day from which this list holds.")
    members: list[Member] = Field(description="Every Member, none twice.")

    rules = (_no_member_twice,)


class BaselineSet(EventData):
    """A KPI's starting point was set, against which its first period is compared."""

    value: DecimalText = Field(description="A year's figure, in the KPI's unit.")
    measured_on: IsoDate = Field(description="The day it was measured.")
    source: Text = Field(description="Where the figure comes from, as the Annual Survey 2022.")


@with_config(PART)
class PlannedAction(TypedDict):
    """An action of an implementation plan."""

    id: Annotated[Id, Field(description="The action, unique over the plan.")]
    objective: ActionObjective
    title: Title
    due_on: DueOn
    desired_future: NotRequired[DesiredFuture]
    risk: NotRequired[Risk]


@rule("actions")
def _no_action_twice(data: Mapping[str, Any], subject: str) -> Iterable[Fault]:
    seen: set[str] = set()
    for index, action in enumerate(data["actions"]):
        if action["id"] in seen:
            yield Fault(pointer("data", "actions", index, "id"), f"names {action['id']} a second time")
        seen.add(action["id"])


class ImplementationPlanPublished(EventData):
    """The implementation plan of a period was published, with its actions. Once a period."""

    plan: Id = Field(description="The strategic plan: it is adopted.")
    period: Id = Field(description="The period, which is also the subject.")
    actions: list[PlannedAction] = Field(description="The actions to be done in the period.")

    rules = (_no_action_twice,)


class ActionAdded(EventData):
    """An action was added to an implementation plan that is already published."""

    period: Id = Field(description="The period: its implementation plan is published.")
    objective: ActionObjective
    title: Title
    due_on: DueOn
    desired_future: Maybe[DesiredFuture] = None
    risk: Maybe[Risk] = None


class ActionStarted(EventData):
    """Work on an action has started. Saying so is optional."""

    started_on: IsoDate = Field(description="The day it started.")


class ActionCompleted(EventData):
    """An action was completed."""

    completed_on: IsoDate = Field(description="The day it was completed, not before it started.")
    evidence: Maybe[Text] = Field(default=None, description="What shows it: a document, a link.")


class ActionReopened(EventData):
    """A completed action turned out not to be complete."""

    reason: Text = Field(description="Why.")


class ActionWithdrawn(EventData):
    """An action was given up, and counts no more. Final."""

    reason: Text = Field(description="Why.")


class ActionRescheduled(EventData):
    """An action is due on another day. The period that it counts in stays."""

    due_on: DueOn
    reason: Text = Field(description="Why.")


@rule("decision", "title")
def _introduced_with_a_title(data: Mapping[str, Any], subject: str) -> Iterable[Fault]:
    if data["decision"] == "introduced" and "title" not in data:
        yield Fault(pointer("data", "title"), "is required with the decision introduced")


@rule("decision")
def _introduced_under_fa_and_a_number(data: Mapping[str, Any], subject: str) -> Iterable[Fault]:
    if data["decision"] == "introduced" and not re.fullmatch("FA[0-9]+", subject):
        yield Fault(pointer("subject"), "must be FA and a number, as FA4, where a focus area is introduced")


class FocusAreaReviewed(EventData):
    """A focus area was reviewed: continued, replaced, integrated into the core functions, or introduced.

    An introduced area counts from then on, with what was recorded on it before. A replaced or integrated one goes
    on counting.
    """

    period: Id = Field(description="The period of the review.")
    decision: Literal["continued", "replaced", "integrated", "introduced"] = Field(
        description="What was decided. `introduced`: a new area, with its `title`."
    )
    title: Maybe[Text] = Field(default=None, description="What the area is called. Required of a new one.")
    replaced_by: Maybe[Id] = Field(default=None, description="The area that takes its place: it exists.")
    integrated_into: Maybe[Id] = Field(default=None, description="The objective that it becomes part of: it exists.")
    reviewed_on: IsoDate = Field(description="The day of the review.")

    rules = (_introduced_with_a_title, _introduced_under_fa_and_a_number)


_type = partial(event_type, "plan-registry", HISTORY)

PLAN_REGISTRY: tuple[EventType, ...] = (
    _type("plan.adopted", PlanAdopted),
    _type("plan.revised", PlanRevised),
    _type("members.listed", MembersListed, subject_form="members"),
    _type("baseline.set", BaselineSet),
    _type(
        "implementation-plan.published",
        ImplementationPlanPublished,
        subject_of=lambda data: data.get("period"),
    ),
    _type("action.added", ActionAdded),
    _type("action.started", ActionStarted, happened=("started_on",)),
    _type("action.completed", ActionCompleted, happened=("completed_on",)),
    _type("action.reopened", ActionReopened),
    _type("action.rescheduled", ActionRescheduled),
    _type("action.withdrawn", ActionWithdrawn),
    _type("focus-area.reviewed", FocusAreaReviewed, happened=("reviewed_on",)),
)
"""The event types of plan-registry."""
