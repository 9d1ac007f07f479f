"""The event types of survey-intake: surveys, and what Members answer to them."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field, with_config
from typing_extensions import TypedDict

from wco_events.event_data import PART, EventData, event_type, in_order, rule
from wco_events.event_type import EventType
from wco_events.examples.survey_intake import HISTORY
from wco_events.fault import Fault, pointer
from wco_events.forms import Code, Id, Iso3, IsoDate, Maybe, Text, Whole

Respondent = Annotated[
    Id,
    Field(description="A pseudonym, where several people of one Member answer. Not in an annual survey."),
]


@with_config(PART)
class Scale(TypedDict):
    """The scale that ratings are on."""

    min: Annotated[Whole, Field(description="The worst rating.")]
    max: Annotated[Whole, Field(description="The best rating: 1 to 100 more than the worst.")]


@rule("scale")
def _scale_has_1_to_100_steps(data: Mapping[str, Any], subject: str) -> Iterable[Fault]:
    if not 1 <= data["scale"]["max"] - data["scale"]["min"] <= 100:
        yield Fault(pointer("data", "scale"), "must span from 1 to 100: max - min")


@rule("kind", "committee")
def _committee_of_a_meeting_alone(data: Mapping[str, Any], subject: str) -> Iterable[Fault]:
    if data["kind"] == "meeting" and "committee" not in data:
        yield Fault(pointer("data", "committee"), "is required of a meeting survey")
    if data["kind"] != "meeting" and "committee" in data:
        yield Fault(pointer("data", "committee"), "belongs to a meeting survey alone")


class SurveyOpened(EventData):
    """A survey was opened: what it asks, and whom."""

    kind: Literal["annual", "meeting", "assistance"] = Field(
        description="`annual`: the WCO Members' engagement annual survey. `meeting`: at the end of a committee's "
        "meeting. `assistance`: after capacity building assistance was received."
    )
    title: Text = Field(description="What the survey is called.")
    committee: Maybe[Literal["PTC", "HSC", "EC", "CBC"]] = Field(
        default=None,
        description="Whose meeting: Permanent Technical, Harmonized System, Enforcement, Capacity Building Committee. "
        "Required of a meeting survey, refused of others.",
    )
    opens_on: IsoDate = Field(description="The first day for answers.")
    closes_on: IsoDate = Field(description="The last day for answers, which says the period that they count in.")
    scale: Scale = Field(description="The scale of all its ratings.")
    topics: list[Id] = Field(description="What is rated: `overall`, an objective's id, or a topic of its own.")
    instruments: Maybe[list[Id]] = Field(default=None, description="The instruments whose use is asked about.")
    invited: Maybe[list[Iso3]] = Field(default=None, description="The Members invited. Absent: not known.")

    rules = (in_order("opens_on", "closes_on"), _scale_has_1_to_100_steps, _committee_of_a_meeting_alone)


class SurveyRescheduled(EventData):
    """A survey's days were moved. Answers that are in stay."""

    opens_on: IsoDate = Field(description="The first day for answers.")
    closes_on: IsoDate = Field(description="The last day for answers, which says the period that they count in.")
    reason: Text = Field(description="Why.")

    rules = (in_order("opens_on", "closes_on"),)


@with_config(PART)
class InstrumentAnswer(TypedDict):
    """How far a Member has implemented an instrument, and what stands in the way."""

    instrument: Annotated[Id, Field(description="One of the survey's instruments.")]
    status: Annotated[
        Literal["implemented", "partial", "not_implemented", "unknown"],
        Field(description="How far it is implemented. `unknown`: the answer says nothing."),
    ]
    reasons: NotRequired[
        Annotated[list[Code], Field(description="Why not, or not wholly: only with `partial` and `not_implemented`.")]
    ]


@rule("instruments")
def _instruments_answered_once_and_reasons_where_they_belong(data: Mapping[str, Any], subject: str) -> Iterable[Fault]:
    seen: set[str] = set()
    for index, answer in enumerate(data.get("instruments", ())):
        if answer["instrument"] in seen:
            yield Fault(
                pointer("data", "instruments", index, "instrument"), f"answers {answer['instrument']} a second time"
            )
        seen.add(answer["instrument"])
        if answer.get("reasons") and answer["status"] in {"implemented", "unknown"}:
            yield Fault(
                pointer("data", "instruments", index, "reasons"),
                f"belongs to the statuses partial and not_implemented, not to {answer['status']}",
            )


class SurveySubmitted(EventData):
    """A Member's answer to a survey. It replaces the one before by the same Member and respondent, whole."""

    member: Iso3 = Field(description="The Member that answers: one of those invited, where the survey names them.")
    respondent: Maybe[Respondent] = None
    submitted_on: IsoDate = Field(description="The day of the answer.")
    ratings: dict[Id, Whole] = Field(
        description="A rating, on the survey's scale, of each of its topics. Topics may be left out.",
        json_schema_extra={"additionalProperties": False},
    )
    instruments: Maybe[list[InstrumentAnswer]] = Field(default=None, description="No instrument twice.")
    comments: Maybe[Text] = Field(default=None, description="What else the Member says.")

    rules = (_instruments_answered_once_and_reasons_where_they_belong,)


class SurveyWithdrawn(EventData):
    """The answer of a Member, or of one respondent of it, was taken back. It may come again."""

    member: Iso3 = Field(description="The Member whose answer it was.")
    respondent: Maybe[Respondent] = None
    reason: Text = Field(description="Why.")


class SurveyClosed(EventData):
    """A survey was closed: it takes no more answers, and none back."""

    closed_on: IsoDate = Field(description="The day it was closed.")


class SurveyReopened(EventData):
    """A closed survey takes answers again."""

    reason: Text = Field(description="Why.")


class SurveyCancelled(EventData):
    """A survey was cancelled: it and its answers count for nothing. Final."""

    reason: Text = Field(description="Why.")


_type = partial(event_type, "survey-intake", HISTORY)

SURVEY_INTAKE: tuple[EventType, ...] = (
    _type("survey.opened", SurveyOpened),
    _type("survey.rescheduled", SurveyRescheduled),
    _type("survey.submitted", SurveySubmitted, happened=("submitted_on",)),
    _type("survey.withdrawn", SurveyWithdrawn),
    _type("survey.closed", SurveyClosed, happened=("closed_on",)),
    _type("survey.reopened", SurveyReopened),
    _type("survey.cancelled", SurveyCancelled),
)
"""The event types of survey-intake."""
