"""The list of actions: what each has come to, and its course."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement

from wco_common.event import RecordedEvent
from wco_common.lists.declaring import Item, Judgement, Listing, Told, equal
from wco_common.lists.deriving import Change, Derived, by_subject, happened
from wco_common.lists.form import DATE, TEXT
from wco_common.lists.moment import ListMoment
from wco_common.lists.table import Field, Key, ListTable, Row

STATES = ("open", "started", "completed", "withdrawn")
_SETTLED = ("completed", "withdrawn")

ACTION = ListTable(
    "action",
    [Field("id", TEXT, "The action.")],
    [
        Field("objective", TEXT, "The objective or focus area that it serves."),
        Field("period", TEXT, "The period that it counts in."),
        Field("title", TEXT, "What is to be done."),
        Field("due_on", DATE, "The day by which it is to be done."),
        Field("desired_future", TEXT, "The desired future of the Environmental Scan that it leads to.", maybe=True),
        Field("risk", TEXT, "The risk of the WCO's risk map that it mitigates.", maybe=True),
        Field("state", TEXT, f"One of {', '.join(STATES)}."),
        Field("started_on", DATE, "The day it last started, where that was said.", maybe=True),
        Field("completed_on", DATE, "The day it was completed.", maybe=True),
        Field("evidence", TEXT, "What shows that it is completed.", maybe=True),
        Field("event", TEXT, "What happened last, by the name of the event's type."),
        Field("reason", TEXT, "Why that happened, where it was said.", maybe=True),
    ],
    ["due_on", "id"],
    ["objective", "id"],
    comment="Actions of the implementation plans.",
)


def _announced(event: RecordedEvent, action: Mapping[str, Any]) -> Change:
    row = {
        "objective": action["objective"],
        "period": event.data["period"],
        "title": action["title"],
        "due_on": action["due_on"],
        "desired_future": action.get("desired_future"),
        "risk": action.get("risk"),
        "state": "open",
        "started_on": None,
        "completed_on": None,
        "evidence": None,
        **happened(event),
    }
    return lambda old: row


def _published(event: RecordedEvent) -> Iterator[tuple[Key, Change]]:
    for action in event.data["actions"]:
        yield (action["id"],), _announced(event, action)


def _added(event: RecordedEvent) -> Iterator[tuple[Key, Change]]:
    yield (event.subject,), _announced(event, event.data)


def _started(event: RecordedEvent, old: Row) -> Row:
    return dict(old) | happened(event) | {"state": "started", "started_on": event.data["started_on"]}


def _completed(event: RecordedEvent, old: Row) -> Row:
    done = {"completed_on": event.data["completed_on"], "evidence": event.data.get("evidence")}
    return dict(old) | happened(event) | {"state": "completed"} | done


def _reopened(event: RecordedEvent, old: Row) -> Row:
    undone = {"state": "open", "completed_on": None, "evidence": None}
    return dict(old) | happened(event) | undone


def _withdrawn(event: RecordedEvent, old: Row) -> Row:
    return dict(old) | happened(event) | {"state": "withdrawn"}


def _rescheduled(event: RecordedEvent, old: Row) -> Row:
    return dict(old) | happened(event) | {"due_on": event.data["due_on"]}


DERIVED = [
    Derived(
        ACTION,
        {
            "implementation-plan.published": _published,
            "action.added": _added,
            "action.started": by_subject(_started),
            "action.completed": by_subject(_completed),
            "action.reopened": by_subject(_reopened),
            "action.withdrawn": by_subject(_withdrawn),
            "action.rescheduled": by_subject(_rescheduled),
        },
    )
]


def _overdue(moment: ListMoment) -> ColumnElement[bool]:
    return (ACTION["due_on"] < moment.day) & ACTION["state"].not_in(_SETTLED)


_TOLD = Told(ACTION, [Judgement("overdue", "Due before the day, and neither completed nor withdrawn.", _overdue)])
_ITEM = Item("/v1/actions/{id}", "action", "An action", _TOLD)

LISTINGS = [
    Listing(
        "/v1/actions",
        "actions",
        "Actions",
        _TOLD,
        {name: ACTION[name] for name in ("due_on", "objective", "period", "state", "id")},
        [
            equal(ACTION["objective"], "Only this objective's."),
            equal(ACTION["period"], "Only those that count in this period."),
            equal(ACTION["state"], "Only those in this state.", *STATES),
        ],
    ),
    Listing("/v1/actions/{id}", "course", "An action, and its course", Told(ACTION), item=_ITEM, is_course=True),
]
