"""The list of experts: a row for each accreditation, whose end shows when the expert's accreditation ends."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, func

from wco_common.event import RecordedEvent
from wco_common.lists.declaring import Filter, Judgement, Listing, Told, equal, naming, read_day
from wco_common.lists.deriving import Derived, Unfolded, by_subject, happened
from wco_common.lists.form import DATE, LIST, OBJECTS, TEXT
from wco_common.lists.moment import ListMoment
from wco_common.lists.table import Field, Key, ListTable, Row

STATUSES = ("accredited", "recognised")
EMPLOYERS = ("wco", "administration", "other")
_NO_END = "9999-12-32"
"""After every date."""

EXPERT = ListTable(
    "expert",
    [Field("expert", TEXT, "The expert, by a pseudonym.")],
    [Field("accreditations", OBJECTS, "The accreditations, in the order in which they were given.")],
    comment="Experts: what the accreditations are told from.",
)
ACCREDITATION = ListTable(
    "accreditation",
    [
        Field("expert", TEXT, "The expert, by a pseudonym."),
        Field("accreditation", TEXT, "The accreditation: the 16 digits of the sequence of the event that gave it."),
    ],
    [
        Field("status", TEXT, f"What the expert became: one of {', '.join(STATUSES)}."),
        Field("employer", TEXT, f"Whom the expert works for: one of {', '.join(EMPLOYERS)}."),
        Field("areas", LIST, "What the expert is accredited for."),
        Field("accredited_on", DATE, "The first day in force."),
        Field("expires_on", DATE, "The first day no longer in force, as it was given.", maybe=True),
        Field("ended_on", DATE, "The first day no longer in force, where it was ended.", maybe=True),
        Field("ends_on", DATE, "The earlier of both: the first day no longer in force.", maybe=True),
        Field("event", TEXT, "What happened last, by the name of the event's type."),
        Field("reason", TEXT, "Why that happened, where it was said.", maybe=True),
    ],
    ["ends_on", "expert"],
    comment="Accreditations of experts.",
)


def _given(event: RecordedEvent, before: dict[str, Any]) -> dict[str, Any]:
    said = {name: event.data.get(name) for name in ("status", "employer", "areas", "accredited_on", "expires_on")}
    return before | said | happened(event)


def _accredited(event: RecordedEvent, old: Row) -> Row:
    new = _given(event, {"accreditation": event.sequence, "ended_on": None})
    return {"accreditations": [*old.get("accreditations", []), new]}


def _corrected(event: RecordedEvent, old: Row) -> Row:
    *earlier, last = old["accreditations"]
    return {"accreditations": [*earlier, _given(event, last)]}


def _ended(event: RecordedEvent, old: Row) -> Row:
    *earlier, last = old["accreditations"]
    return {"accreditations": [*earlier, last | {"ended_on": event.data["ended_on"]} | happened(event)]}


def _accreditations(key: Key, row: Row) -> Iterator[Unfolded]:
    for accreditation in row["accreditations"]:
        ends = [accreditation[name] for name in ("expires_on", "ended_on") if accreditation[name] is not None]
        said = {name: value for name, value in accreditation.items() if name != "accreditation"}
        yield "accreditation", (*key, accreditation["accreditation"]), said | {"ends_on": min(ends, default=None)}


DERIVED = [
    Derived(
        EXPERT,
        {
            "expert.accredited": by_subject(_accredited),
            "expert.accreditation-corrected": by_subject(_corrected),
            "expert.accreditation-ended": by_subject(_ended),
        },
        unfolds=_accreditations,
    ),
    Derived(ACCREDITATION),
]

_ends_on = func.coalesce(ACCREDITATION["ends_on"], _NO_END)


def _in_force(moment: ListMoment) -> ColumnElement[bool]:
    return (ACCREDITATION["accredited_on"] <= moment.day) & (_ends_on > moment.day)


def _ending_before(value: str, moment: ListMoment) -> ColumnElement[bool]:
    return _in_force(moment) & (_ends_on <= value)


LISTINGS = [
    Listing(
        "/v1/experts",
        "experts",
        "Experts, a row for each accreditation",
        Told(
            ACCREDITATION, [Judgement("in_force", "From `accredited_on` up to, not including, `ends_on`.", _in_force)]
        ),
        {"expert": ACCREDITATION["expert"], "ends_on": _ends_on, "accredited_on": ACCREDITATION["accredited_on"]},
        [
            equal(ACCREDITATION["expert"], "Only this expert."),
            equal(ACCREDITATION["status"], "Only of this status.", *STATUSES),
            equal(ACCREDITATION["employer"], "Only of this employer.", *EMPLOYERS),
            naming("area", ACCREDITATION["areas"], "Only for this area."),
            Filter(
                "ending_before",
                "Only those in force on the day, and no more on this one.",
                read_day,
                {"type": "string", "format": "date"},
                _ending_before,
            ),
        ],
    )
]
