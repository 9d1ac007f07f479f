"""The event types of operations-feed: joint operations, seizures, partnerships, assistance and experts."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field, with_config
from typing_extensions import TypedDict

from wco_events.event_data import PART, EventData, event_type, in_order, rule
from wco_events.event_type import EventType
from wco_events.examples.operations_feed import HISTORY
from wco_events.fault import Fault, pointer
from wco_events.forms import Code, Count, DecimalText, Id, Iso3, IsoDate, Maybe, Text, Unit


class OperationLaunched(EventData):
    """A joint operation was launched."""

    title: Text = Field(description="The operation's name.")
    theme: Maybe[Code] = Field(default=None, description="What it is against, as `waste`, `drugs`, `ipr`.")
    starts_on: IsoDate = Field(description="Its first day.")
    ends_on: IsoDate = Field(description="Its last day, which says the period that it counts in.")
    participants: list[Iso3] = Field(description="The Members that take part. Empty: not published.")

    rules = (in_order("starts_on", "ends_on"),)


class OperationRevised(OperationLaunched):
    """What is said of an operation has changed: the whole of it, as it stands from now on, and why."""

    reason: Text = Field(description="Why.")


class OperationCancelled(EventData):
    """An operation was cancelled: it and its reports count for nothing. Final."""

    reason: Text = Field(description="Why.")


@with_config(PART)
class Quantity(TypedDict):
    """How much was seized. Weight and pieces are additional to each other, never merged."""

    amount: Annotated[DecimalText, Field(description="How much of the unit.")]
    unit: Annotated[Unit, Field(description="What it is counted in.")]


class SeizureReported(EventData):
    """A Member reported seizures of an operation."""

    operation: Id = Field(description="The operation: the first half of the subject.")
    report: Id = Field(description="The report, within the operation: the second half of the subject.")
    member: Iso3 = Field(description="The Member that seized.")
    seized_on: IsoDate = Field(description="The day of the seizures.")
    category: Code = Field(description="What was seized, as `waste`, `tobacco`.")
    seizures: Count = Field(description="How many seizures.")
    cases: Maybe[Count] = Field(default=None, description="How many cases they belong to.")
    quantities: Maybe[list[Quantity]] = Field(default=None, description="How much was seized.")
    hs_code: Maybe[Text] = Field(default=None, description="The goods' Harmonized System code.")


class SeizureCorrected(SeizureReported):
    """A report of seizures was corrected: all of it again, and why."""

    reason: Text = Field(description="Why.")


class SeizureRetracted(EventData):
    """A report of seizures was taken back. Final."""

    operation: Id = Field(description="The operation: the first half of the subject.")
    report: Id = Field(description="The report: the second half of the subject.")
    reason: Text = Field(description="Why.")


@with_config(PART)
class Totals(TypedDict):
    """A report's figures. One that is left out is not known."""

    seizures: NotRequired[Annotated[Count, Field(description="How many seizures.")]]
    cases: NotRequired[Annotated[Count, Field(description="How many cases.")]]
    reporting_members: NotRequired[Annotated[Count, Field(description="How many Members reported.")]]
    quantities: NotRequired[Annotated[list[Quantity], Field(description="How much was seized.")]]


@with_config(PART)
class CategoryTotals(TypedDict):
    """A report's figures for one category."""

    category: Annotated[Code, Field(description="The category. `unspecified` is kept for what is left over.")]
    seizures: NotRequired[Annotated[Count, Field(description="How many of the seizures.")]]
    cases: NotRequired[Annotated[Count, Field(description="How many of the cases.")]]
    quantities: NotRequired[Annotated[list[Quantity], Field(description="How much was seized.")]]


@rule("by_category")
def _each_category_once_and_none_unspecified(data: Mapping[str, Any], subject: str) -> Iterable[Fault]:
    seen: set[str] = set()
    for index, part in enumerate(data.get("by_category", ())):
        where = pointer("data", "by_category", index, "category")
        if part["category"] == "unspecified":
            yield Fault(where, "must not be unspecified, which is what the categories leave over")
        if part["category"] in seen:
            yield Fault(where, f"names {part['category']} a second time")
        seen.add(part["category"])


@rule("totals", "by_category")
def _categories_within_the_total(data: Mapping[str, Any], subject: str) -> Iterable[Fault]:
    total = data["totals"].get("seizures")
    divided = sum(part.get("seizures", 0) for part in data.get("by_category", ()))
    if total is not None and divided > total:
        yield Fault(
            pointer("data", "by_category"), f"must not have more seizures ({divided}) than totals.seizures ({total})"
        )


class OperationReportPublished(EventData):
    """A report on an operation was published. It replaces the one before of the same stage, whole."""

    stage: Literal["interim", "final"] = Field(description="The final report is what the KPI counts.")
    published_on: IsoDate = Field(description="The day it was published.")
    totals: Totals = Field(description="Its figures. Empty: it gives none, and takes back what was given.")
    by_category: Maybe[list[CategoryTotals]] = Field(
        default=None, description="The figures by category: none twice, and no more seizures than the total."
    )

    rules = (_each_category_once_and_none_unspecified, _categories_within_the_total)


class PartnershipRegistered(EventData):
    """A partnership with a stakeholder outside Customs was registered."""

    partner: Text = Field(description="The organisation.")
    partner_kind: Code = Field(description="What it is, as `international-organization`, `private-sector`.")
    instrument: Code = Field(description="What the partnership rests on, as `mou`, `joint-action-plan`.")
    objectives: list[Id] = Field(description="The objectives that it serves.")
    since: IsoDate = Field(description="The day from which it exists.")


class PartnershipStep(EventData):
    """What a review and an upgrade say."""

    step: Id = Field(description="The step, new within the partnership.")
    on: IsoDate = Field(description="The day it was taken.")
    objectives: list[Id] = Field(description="The objectives that it is about.")
    summary: Text = Field(description="What was done.")


class PartnershipReviewed(PartnershipStep):
    """A partnership was reviewed, as its memorandum or its joint action plan."""


class PartnershipUpgraded(PartnershipStep):
    """A partnership was upgraded."""


class PartnershipStepRetracted(EventData):
    """A review or upgrade turned out not to be one."""

    step: Id = Field(description="The step that is taken back.")
    reason: Text = Field(description="Why.")


class PartnershipEnded(EventData):
    """A partnership has ended."""

    on: IsoDate = Field(description="The day it ended.")
    reason: Text = Field(description="Why.")


@with_config(PART)
class Cost(TypedDict):
    """What an activity cost."""

    amount: Annotated[DecimalText, Field(description="How much.")]
    currency: Annotated[Literal["EUR"], Field(description="The euro, and no other.")]


class AssistanceDelivered(EventData):
    """A capacity building activity was delivered."""

    title: Text = Field(description="What the activity is called.")
    delivered_on: IsoDate = Field(description="The day it was delivered, which says the period that it counts in.")
    members: list[Iso3] = Field(description="The Members that received it.")
    aligned_with: list[Id] = Field(description="The objectives that it is aligned with. Empty: with none.")
    delivered_by: Literal["accredited", "recognised", "other"] = Field(description="The experts that delivered it.")
    experts: Maybe[list[Id]] = Field(default=None, description="Their pseudonyms.")
    cost: Maybe[Cost] = Field(default=None, description="What it cost. Absent: not known.")


class AssistanceCorrected(AssistanceDelivered):
    """What is said of an activity was corrected: all of it again, and why."""

    reason: Text = Field(description="Why.")


class AssistanceRetracted(EventData):
    """An activity turned out not to be one. Final."""

    reason: Text = Field(description="Why.")


class ExpertAccredited(EventData):
    """An expert was accredited or recognised. Again only once the accreditation before is over."""

    status: Literal["accredited", "recognised"] = Field(description="What the expert became.")
    employer: Literal["wco", "administration", "other"] = Field(description="Whom the expert works for.")
    areas: list[Code] = Field(description="What the expert is accredited for.")
    accredited_on: IsoDate = Field(description="The first day in force.")
    expires_on: Maybe[IsoDate] = Field(default=None, description="The first day no longer in force.")

    rules = (in_order("accredited_on", "expires_on"),)


class ExpertAccreditationCorrected(ExpertAccredited):
    """An expert's last accreditation was corrected: all of it again, and why. An end on record stays."""

    reason: Text = Field(description="Why.")


class ExpertAccreditationEnded(EventData):
    """An expert's last accreditation ends. A second such event replaces the end."""

    ended_on: IsoDate = Field(description="The first day no longer in force, not before it was accredited.")
    reason: Text = Field(description="Why.")


def _operation_and_report(data: Mapping[str, Any]) -> str | None:
    return f"{data['operation']}/{data['report']}" if "operation" in data and "report" in data else None


_type = partial(event_type, "operations-feed", HISTORY)
_report = partial(_type, subject_of=_operation_and_report, subject_form="pair")

OPERATIONS_FEED: tuple[EventType, ...] = (
    _type("operation.launched", OperationLaunched),
    _type("operation.revised", OperationRevised),
    _report("seizure.reported", SeizureReported, happened=("seized_on",)),
    _report("seizure.corrected", SeizureCorrected, happened=("seized_on",)),
    _report("seizure.retracted", SeizureRetracted),
    _type("operation.report-published", OperationReportPublished, happened=("published_on",)),
    _type("operation.cancelled", OperationCancelled),
    _type("partnership.registered", PartnershipRegistered),
    _type("partnership.reviewed", PartnershipReviewed, happened=("on",)),
    _type("partnership.upgraded", PartnershipUpgraded, happened=("on",)),
    _type("partnership.step-retracted", PartnershipStepRetracted),
    _type("partnership.ended", PartnershipEnded, happened=("on",)),
    _type("assistance.delivered", AssistanceDelivered, happened=("delivered_on",)),
    _type("assistance.corrected", AssistanceCorrected, happened=("delivered_on",)),
    _type("assistance.retracted", AssistanceRetracted),
    _type("expert.accredited", ExpertAccredited),
    _type("expert.accreditation-corrected", ExpertAccreditationCorrected),
    _type("expert.accreditation-ended", ExpertAccreditationEnded),
)
"""The event types of operations-feed."""
