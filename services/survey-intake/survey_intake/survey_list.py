"""The list of surveys: what each asks, how many answered, and what the ratings of its topics add up to."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, case, select

from wco_common.event import RecordedEvent
from wco_common.lists.declaring import Item, Judgement, Listing, Order, Told, between, equal
from wco_common.lists.deriving import Change, Derived, by_subject, happened
from wco_common.lists.form import DATE, LIST, SUM, SUMS, TEXT, WHOLE
from wco_common.lists.moment import ListMoment
from wco_common.lists.openapi import fields, maybe, several
from wco_common.lists.reading import Rows
from wco_common.lists.table import Field, Key, ListTable, Row, Version

KINDS = ("annual", "meeting", "assistance")
COMMITTEES = ("PTC", "HSC", "EC", "CBC")
STATES = ("open", "closed", "cancelled")

SURVEY = ListTable(
    "survey",
    [Field("id", TEXT, "The survey.")],
    [
        Field("kind", TEXT, f"One of {', '.join(KINDS)}."),
        Field("committee", TEXT, f"Of a meeting survey, whose meeting: one of {', '.join(COMMITTEES)}.", maybe=True),
        Field("title", TEXT, "What the survey is called."),
        Field("opens_on", DATE, "The first day for answers."),
        Field("closes_on", DATE, "The last day for answers, which says the period that they count in."),
        Field("scale_min", WHOLE, "The worst rating."),
        Field("scale_max", WHOLE, "The best rating."),
        Field("topics", LIST, "What is rated."),
        Field("instruments", LIST, "The instruments whose use is asked about.", maybe=True),
        Field("invited", WHOLE, "How many Members are invited; null where the survey names none.", maybe=True),
        Field("state", TEXT, f"One of {', '.join(STATES)}."),
        Field("closed_on", DATE, "The day it was closed.", maybe=True),
        Field("event", TEXT, "What happened last to the survey itself, by the name of the event's type."),
        Field("reason", TEXT, "Why that happened, where it was said.", maybe=True),
    ],
    ["closes_on", "id"],
    comment="Surveys.",
)
SURVEY_RESPONSE = ListTable(
    "survey_response",
    [Field("survey", TEXT, "The survey.")],
    [
        Field("answered", WHOLE, "How many Members have a current submission."),
        Field("submissions", WHOLE, "How many current submissions there are."),
        Field("topics", SUMS, "Of each topic, how many of them rate it, and what their ratings add up to."),
    ],
    comment="How many answered a survey, and what they gave its topics.",
)
"""One row a survey: a submission adds to all of it, so several would each have a version of their own."""

TOPIC = (
    Field("topic", TEXT, "What is rated."),
    Field("ratings", WHOLE, "How many current submissions rate it."),
    Field("sum", SUM, "What their ratings add up to, on the survey's scale."),
)
"""What is told of a survey's topic."""


def _opened(event: RecordedEvent, old: Row) -> Row:
    data = event.data
    return {
        "kind": data["kind"],
        "committee": data.get("committee"),
        "title": data["title"],
        "opens_on": data["opens_on"],
        "closes_on": data["closes_on"],
        "scale_min": data["scale"]["min"],
        "scale_max": data["scale"]["max"],
        "topics": data["topics"],
        "instruments": data.get("instruments"),
        "invited": len(set(data["invited"])) if "invited" in data else None,
        "state": "open",
        "closed_on": None,
        **happened(event),
    }


def _rescheduled(event: RecordedEvent, old: Row) -> Row:
    days = {"opens_on": event.data["opens_on"], "closes_on": event.data["closes_on"]}
    return dict(old) | days | happened(event)


def _closed(event: RecordedEvent, old: Row) -> Row:
    closed = {"state": "closed", "closed_on": event.data["closed_on"]}
    return dict(old) | closed | happened(event)


def _reopened(event: RecordedEvent, old: Row) -> Row:
    reopened = {"state": "open", "closed_on": None}
    return dict(old) | reopened | happened(event)


def _cancelled(event: RecordedEvent, old: Row) -> Row:
    return dict(old) | {"state": "cancelled"} | happened(event)


def _no_answers(event: RecordedEvent) -> Iterator[tuple[Key, Change]]:
    yield (event.subject,), lambda row: {"answered": 0, "submissions": 0, "topics": {}}


DERIVED = [
    Derived(
        SURVEY,
        {
            "survey.opened": by_subject(_opened),
            "survey.rescheduled": by_subject(_rescheduled),
            "survey.closed": by_subject(_closed),
            "survey.reopened": by_subject(_reopened),
            "survey.cancelled": by_subject(_cancelled),
        },
    )
]
TOTALS = [Derived(SURVEY_RESPONSE, {"survey.opened": _no_answers})]


def _running(moment: ListMoment) -> ColumnElement[bool]:
    is_open = SURVEY["state"] == "open"
    return is_open & (SURVEY["opens_on"] <= moment.day) & (SURVEY["closes_on"] >= moment.day)


_PARTS = 10**9
"""A response rate is sorted by in whole parts of one: two that differ, of fewer than 30,000 invited, differ in them."""


def _response_rate(moment: ListMoment) -> ColumnElement[int]:
    answered = (
        select(_PARTS * SURVEY_RESPONSE["answered"])
        .where(SURVEY_RESPONSE["survey"] == SURVEY["id"], SURVEY_RESPONSE.at(moment.position))
        .correlate(SURVEY.table)
        .scalar_subquery()
    )
    return case((SURVEY["invited"] > 0, answered // SURVEY["invited"]), else_=_PARTS + 1)


def _responses(rows: Rows, versions: Sequence[Version]) -> list[Row]:
    answered = rows.of(SURVEY_RESPONSE, SURVEY_RESPONSE.of([version.key[0] for version in versions]))
    by_survey = {version.key: version.said for version in answered}
    return [by_survey[version.key] for version in versions]


def _response(rows: Rows, versions: Sequence[Version]) -> list[dict[str, Any]]:
    return [
        _answered(version.said, response)
        for version, response in zip(versions, _responses(rows, versions), strict=True)
    ]


def _answered(survey: Row, response: Row) -> dict[str, Any]:
    answered, submissions = response["answered"], response["submissions"]
    return {"response": {"answered": answered, "invited": survey["invited"], "submissions": submissions}}


def _response_and_ratings(rows: Rows, versions: Sequence[Version]) -> Sequence[Mapping[str, Any]]:
    return [
        _answered(version.said, response) | {"ratings": _ratings(version.said, response["topics"])}
        for version, response in zip(versions, _responses(rows, versions), strict=True)
    ]


def _ratings(survey: Row, sums: Mapping[str, Mapping[str, int]]) -> list[dict[str, Any]]:
    """Return the sums of every topic that is asked, in the survey's order."""
    nothing = {"ratings": 0, "sum": 0}
    return [{"topic": topic, **sums.get(topic, nothing)} for topic in dict.fromkeys(survey["topics"])]


_COUNT = {"type": "integer", "minimum": 0}
_SAYS_RESPONSE = {
    "response": fields(
        {"answered": _COUNT, "invited": maybe(_COUNT), "submissions": _COUNT},
        description="How many Members have a current submission, of how many invited; and how many submissions.",
    )
}
_SAYS_RATINGS = {
    "ratings": several(
        fields(
            {field.name: field.schema() for field in TOPIC},
            description="What the ratings of a topic add up to; a rating r counts (r - min) / (max - min).",
        )
    )
}
_JUDGEMENTS = [Judgement("running", "Open, on one of the days for answers.", _running)]

ITEM = Item(
    "/v1/surveys/{id}",
    "survey",
    "A survey",
    Told(SURVEY, _JUDGEMENTS, _response_and_ratings, _SAYS_RESPONSE | _SAYS_RATINGS),
)
LISTINGS = [
    Listing(
        "/v1/surveys",
        "surveys",
        "Surveys, with how many answered",
        Told(SURVEY, _JUDGEMENTS, _response, _SAYS_RESPONSE),
        {
            **{name: SURVEY[name] for name in ("closes_on", "opens_on", "kind", "id")},
            "response": Order(
                "the share of the invited that answered, surveys that invite nobody by name at the end.", _response_rate
            ),
        },
        [
            equal(SURVEY["kind"], "Only this kind.", *KINDS),
            equal(SURVEY["committee"], "Only on this committee's meetings.", *COMMITTEES),
            equal(SURVEY["state"], "Only those in this state.", *STATES),
            *between(SURVEY["closes_on"], "Only those that close"),
        ],
    )
]
