"""The list of operations: interim figures against final ones, and against what the reports add up to."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement

from operations_feed.operation_figures import SAYS_FIGURES, SAYS_WHOLE_FIGURES, Figures
from wco_common.event import RecordedEvent
from wco_common.lists.declaring import Item, Judgement, Listing, Told, between, equal, naming
from wco_common.lists.deriving import Derived, by_subject, happened
from wco_common.lists.form import DATE, LIST, TEXT
from wco_common.lists.moment import ListMoment
from wco_common.lists.reading import Rows
from wco_common.lists.table import Field, ListTable, Row, Version

STATES = ("launched", "cancelled")

OPERATION = ListTable(
    "operation",
    [Field("id", TEXT, "The operation.")],
    [
        Field("title", TEXT, "The operation's name."),
        Field("theme", TEXT, "What it is against.", maybe=True),
        Field("starts_on", DATE, "Its first day."),
        Field("ends_on", DATE, "Its last day, which says the period that it counts in."),
        Field("participants", LIST, "The Members that take part; none: not published."),
        Field("state", TEXT, f"One of {', '.join(STATES)}."),
        Field("event", TEXT, "What happened last to the operation itself, by the name of the event's type."),
        Field("reason", TEXT, "Why that happened, where it was said.", maybe=True),
    ],
    ["ends_on", "id"],
    comment="Joint operations.",
)


def _said(event: RecordedEvent) -> dict[str, Any]:
    said = {name: event.data.get(name) for name in ("title", "theme", "starts_on", "ends_on", "participants")}
    return said | happened(event)


def _launched(event: RecordedEvent, old: Row) -> Row:
    return _said(event) | {"state": "launched"}


def _revised(event: RecordedEvent, old: Row) -> Row:
    return dict(old) | _said(event)


def _cancelled(event: RecordedEvent, old: Row) -> Row:
    return dict(old) | {"state": "cancelled"} | happened(event)


DERIVED = [
    Derived(
        OPERATION,
        {
            "operation.launched": by_subject(_launched),
            "operation.revised": by_subject(_revised),
            "operation.cancelled": by_subject(_cancelled),
        },
    ),
]


def _running(moment: ListMoment) -> ColumnElement[bool]:
    takes_place = OPERATION["state"] == "launched"
    return takes_place & (OPERATION["starts_on"] <= moment.day) & (OPERATION["ends_on"] >= moment.day)


def _in_a_list(rows: Rows, versions: Sequence[Version]) -> list[dict[str, Any]]:
    figures = Figures.of(rows, versions)
    return [figures.told(version.key[0]) for version in versions]


def _whole(rows: Rows, versions: Sequence[Version]) -> list[dict[str, Any]]:
    figures = Figures.of(rows, versions)
    return [figures.whole(version.key[0]) for version in versions]


_JUDGEMENTS = [Judgement("running", "Not cancelled, and the day is one of its days.", _running)]

ITEM = Item(
    "/v1/operations/{id}",
    "operation",
    "An operation, with its figures by category, by unit and by Member",
    Told(OPERATION, _JUDGEMENTS, _whole, SAYS_WHOLE_FIGURES),
)
ITEMS = [ITEM]
LISTINGS = [
    Listing(
        "/v1/operations",
        "operations",
        "Operations, with interim figures against final ones and against the sum of reports",
        Told(OPERATION, _JUDGEMENTS, _in_a_list, SAYS_FIGURES),
        {name: OPERATION[name] for name in ("ends_on", "starts_on", "id")},
        [
            equal(OPERATION["theme"], "Only those against this."),
            equal(OPERATION["state"], "Only those in this state.", *STATES),
            naming("participant", OPERATION["participants"], "Only those in which this Member takes part."),
            *between(OPERATION["ends_on"], "Only those that end"),
        ],
    )
]
