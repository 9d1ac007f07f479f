"""The list of a survey's Members: who was invited, who has answered and who has not."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select

from survey_intake.survey_list import ITEM
from wco_common.event import RecordedEvent
from wco_common.lists.declaring import Filter, Judgement, Listing, Told
from wco_common.lists.deriving import Addition, Amounts, Change, Derived
from wco_common.lists.form import DATE, FLAG, OBJECT, OBJECTS, TEXT, WHOLE
from wco_common.lists.moment import ListMoment
from wco_common.lists.openapi import maybe
from wco_common.lists.reading import Rows
from wco_common.lists.table import Field, Key, ListTable, Row, Version
from wco_common.query import boolean

SUBMISSION = ListTable(
    "submission",
    [
        Field("survey", TEXT, "The survey."),
        Field("member", TEXT, "The Member that answers."),
        Field("respondent", TEXT, "A pseudonym where several people of a Member answer, else empty."),
    ],
    [
        Field("submitted_on", DATE, "The day of the answer."),
        Field("ratings", OBJECT, "The rating of each topic that is rated."),
        Field("instruments", OBJECTS, "What is said of each instrument: its status, and why.", maybe=True),
    ],
    comment="Current submissions: of each Member and respondent the one recorded last.",
)
SURVEY_MEMBER = ListTable(
    "survey_member",
    [Field("survey", TEXT, "The survey."), Field("member", TEXT, "The Member.")],
    [
        Field("invited", FLAG, "Whether the survey names it among those invited."),
        Field("submissions", WHOLE, "How many current submissions it has."),
    ],
    comment="Members that a survey invites, and others that answered it.",
)


def _respondent(event: RecordedEvent) -> Key:
    return (event.subject, event.data["member"], event.data.get("respondent", ""))


def _submitted(event: RecordedEvent) -> Iterator[tuple[Key, Change]]:
    said = {field.name: event.data.get(field.name) for field in SUBMISSION.says}
    yield _respondent(event), lambda row: said


def _withdrawn(event: RecordedEvent) -> Iterator[tuple[Key, Change]]:
    yield _respondent(event), lambda row: None


def _counts(key: Key, row: Row) -> Iterator[Addition]:
    survey, member, _ = key
    yield "survey_member", (survey, member), {"invited": 0, "submissions": 1}
    topics: Amounts = {topic: {"ratings": 1, "sum": rating} for topic, rating in row["ratings"].items()}
    yield "survey_response", (survey,), {"answered": 0, "submissions": 1, "topics": topics}


def _invited(event: RecordedEvent) -> Iterator[tuple[Key, Change]]:
    for member in dict.fromkeys(event.data.get("invited", ())):
        yield (event.subject, member), lambda row: {"invited": 1, "submissions": 0}


def _answers(key: Key, row: Row) -> Iterator[Addition]:
    if row["submissions"]:
        yield "survey_response", (key[0],), {"answered": 1}


DERIVED = [
    Derived(SUBMISSION, {"survey.submitted": _submitted, "survey.withdrawn": _withdrawn}, adds=_counts),
    Derived(SURVEY_MEMBER, {"survey.opened": _invited}, adds=_answers),
]


def _answered(moment: ListMoment) -> ColumnElement[bool]:
    return SURVEY_MEMBER["submissions"] > 0


def _last_submission(rows: Rows, versions: Sequence[Version]) -> Sequence[Mapping[str, Any]]:
    """Tell when each Member answered last. The Members are all of one survey."""
    surveys = {version.key[0] for version in versions}
    members = [version.key[1] for version in versions]
    wanted = select(SUBMISSION["member"], func.max(SUBMISSION["submitted_on"])).where(
        SUBMISSION.at(rows.position), SUBMISSION.of(list(surveys)), SUBMISSION["member"].in_(members)
    )
    last: dict[str, str] = dict(rows.select(wanted.group_by(SUBMISSION["member"])))
    return [{"submitted_on": last.get(member)} for member in members]


LISTINGS = [
    Listing(
        ITEM.path,
        "members",
        "A survey, and which Members have answered it and which have not",
        Told(
            SURVEY_MEMBER,
            [Judgement("answered", "It has a current submission.", _answered)],
            _last_submission,
            {"submitted_on": maybe(DATE.schema) | {"description": "The day of its latest submission."}},
        ),
        {"member": SURVEY_MEMBER["member"]},
        [
            Filter(
                "invited",
                "Whether the survey names it among those invited.",
                boolean,
                {"type": "boolean"},
                lambda value, moment: SURVEY_MEMBER["invited"] == int(value),
            )
        ],
        item=ITEM,
    )
]
