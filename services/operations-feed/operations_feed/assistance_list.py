"""The list of assistance: capacity building activities that were delivered."""

from wco_common.event import RecordedEvent
from wco_common.lists.declaring import Item, Listing, Told, between, equal, naming
from wco_common.lists.deriving import Derived, by_subject, happened
from wco_common.lists.form import DATE, DECIMAL, LIST, TEXT
from wco_common.lists.table import Field, ListTable, Row

STATES = ("delivered", "retracted")
DELIVERED_BY = ("accredited", "recognised", "other")

ACTIVITY = ListTable(
    "activity",
    [Field("id", TEXT, "The activity.")],
    [
        Field("title", TEXT, "What it is called."),
        Field("delivered_on", DATE, "The day it was delivered, which says the period that it counts in."),
        Field("members", LIST, "The Members that received it."),
        Field("aligned_with", LIST, "The objectives that it is aligned with."),
        Field("delivered_by", TEXT, f"The experts that delivered it: one of {', '.join(DELIVERED_BY)}."),
        Field("experts", LIST, "Their pseudonyms, where they were given.", maybe=True),
        Field("cost", DECIMAL, "What it cost, where that is known.", maybe=True),
        Field("currency", TEXT, "In which currency, as ISO 4217 has it.", maybe=True),
        Field("state", TEXT, f"One of {', '.join(STATES)}."),
        Field("event", TEXT, "What happened last, by the name of the event's type."),
        Field("reason", TEXT, "Why that happened, where it was said.", maybe=True),
    ],
    ["delivered_on", "id"],
    comment="Capacity building activities.",
)


def _delivered(event: RecordedEvent, old: Row) -> Row:
    cost = event.data.get("cost", {})
    names = ("title", "delivered_on", "members", "aligned_with", "delivered_by", "experts")
    said = {name: event.data.get(name) for name in names}
    money = {"cost": cost.get("amount"), "currency": cost.get("currency")}
    return said | money | {"state": "delivered"} | happened(event)


def _retracted(event: RecordedEvent, old: Row) -> Row:
    return dict(old) | {"state": "retracted"} | happened(event)


DERIVED = [
    Derived(
        ACTIVITY,
        {
            "assistance.delivered": by_subject(_delivered),
            "assistance.corrected": by_subject(_delivered),
            "assistance.retracted": by_subject(_retracted),
        },
    )
]

_TOLD = Told(ACTIVITY)
_ITEM = Item("/v1/assistance/{id}", "activity", "An activity", _TOLD)

LISTINGS = [
    Listing(
        "/v1/assistance",
        "assistance",
        "Assistance: capacity building activities",
        _TOLD,
        {name: ACTIVITY[name] for name in ("delivered_on", "delivered_by", "id")},
        [
            naming("objective", ACTIVITY["aligned_with"], "Only what is aligned with this objective."),
            naming("member", ACTIVITY["members"], "Only what this Member received."),
            naming("expert", ACTIVITY["experts"], "Only what this expert delivered."),
            equal(ACTIVITY["delivered_by"], "Only what these delivered.", *DELIVERED_BY),
            equal(ACTIVITY["state"], "Only those in this state.", *STATES),
            *between(ACTIVITY["delivered_on"], "Only what was delivered"),
        ],
    ),
    Listing("/v1/assistance/{id}", "course", "An activity, and its course", _TOLD, item=_ITEM, is_course=True),
]
