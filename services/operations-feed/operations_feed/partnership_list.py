"""The list of partnerships, each with its last step, and the steps of one."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from wco_common.event import RecordedEvent
from wco_common.lists.declaring import Filter, Item, Judgement, Listing, Order, Told, equal, names, read_id
from wco_common.lists.deriving import Change, Derived, by_subject, event_name, happened
from wco_common.lists.form import DATE, LIST, TEXT
from wco_common.lists.moment import ListMoment
from wco_common.lists.openapi import maybe, told_row
from wco_common.lists.reading import Rows, answered
from wco_common.lists.table import Field, Key, ListTable, Row, Version

STATES = ("current", "ended")
STEP_KINDS = ("reviewed", "upgraded")
STEP_STATES = ("current", "retracted")

PARTNERSHIP = ListTable(
    "partnership",
    [Field("id", TEXT, "The partnership.")],
    [
        Field("partner", TEXT, "The organisation."),
        Field("partner_kind", TEXT, "What it is."),
        Field("instrument", TEXT, "What the partnership rests on."),
        Field("objectives", LIST, "The objectives that it serves."),
        Field("since", DATE, "The day from which it exists."),
        Field("state", TEXT, f"One of {', '.join(STATES)}."),
        Field("ended_on", DATE, "The day it ended.", maybe=True),
        Field("event", TEXT, "What happened last to the partnership itself, by the name of the event's type."),
        Field("reason", TEXT, "Why that happened, where it was said.", maybe=True),
    ],
    comment="Partnerships with stakeholders outside Customs.",
)
PARTNERSHIP_STEP = ListTable(
    "partnership_step",
    [Field("partnership", TEXT, "The partnership."), Field("step", TEXT, "The step, within the partnership.")],
    [
        Field("kind", TEXT, f"One of {', '.join(STEP_KINDS)}."),
        Field("on", DATE, "The day it was taken."),
        Field("objectives", LIST, "The objectives that it is about."),
        Field("summary", TEXT, "What was done."),
        Field("state", TEXT, f"One of {', '.join(STEP_STATES)}."),
        Field("event", TEXT, "What happened last, by the name of the event's type."),
        Field("reason", TEXT, "Why that happened, where it was said.", maybe=True),
    ],
    ["partnership", "on", "step"],
    comment="Reviews and upgrades of partnerships.",
)


def _registered(event: RecordedEvent, old: Row) -> Row:
    said = {name: event.data[name] for name in ("partner", "partner_kind", "instrument", "objectives", "since")}
    return said | {"state": "current", "ended_on": None} | happened(event)


def _ended(event: RecordedEvent, old: Row) -> Row:
    return dict(old) | {"state": "ended", "ended_on": event.data["on"]} | happened(event)


def _stepped(event: RecordedEvent) -> Iterator[tuple[Key, Change]]:
    said = {name: event.data[name] for name in ("on", "objectives", "summary")}
    said |= {"kind": event_name(event).partition(".")[2], "state": "current", **happened(event)}
    yield (event.subject, event.data["step"]), lambda row: said


def _retracted(event: RecordedEvent) -> Iterator[tuple[Key, Change]]:
    yield (event.subject, event.data["step"]), lambda row: dict(row) | {"state": "retracted"} | happened(event)


DERIVED = [
    Derived(PARTNERSHIP, {"partnership.registered": by_subject(_registered), "partnership.ended": by_subject(_ended)}),
    Derived(
        PARTNERSHIP_STEP,
        {
            "partnership.reviewed": _stepped,
            "partnership.upgraded": _stepped,
            "partnership.step-retracted": _retracted,
        },
    ),
]


def _in_force(moment: ListMoment) -> ColumnElement[bool]:
    return (PARTNERSHIP["since"] <= moment.day) & (func.coalesce(PARTNERSHIP["ended_on"], "9999-12-32") > moment.day)


def _on_objective(value: str, moment: ListMoment) -> ColumnElement[bool]:
    of_it = (PARTNERSHIP_STEP["partnership"] == PARTNERSHIP["id"]) & (PARTNERSHIP_STEP["state"] == "current")
    steps = select(PARTNERSHIP_STEP["step"]).where(
        of_it, PARTNERSHIP_STEP.at(moment.position), names(PARTNERSHIP_STEP["objectives"], value)
    )
    return or_(names(PARTNERSHIP["objectives"], value), steps.exists())


def _last_step(rows: Rows, versions: Sequence[Version]) -> Sequence[Mapping[str, Any]]:
    table, columns = PARTNERSHIP_STEP, list(PARTNERSHIP_STEP.table.columns)
    latest_first = (table["on"].desc(), table["sequence"].desc())
    ranked = (
        select(*columns, func.row_number().over(partition_by=table["partnership"], order_by=latest_first).label("rank"))
        .where(table.of([version.key[0] for version in versions]))
        .where(table.at(rows.position), table["state"] == "current")
        .subquery()
    )
    wanted = select(*(ranked.c[column.name] for column in columns)).where(ranked.c.rank == 1)
    last = {step.key[0]: step for step in map(table.loaded, rows.select(wanted))}
    return [{"last_step": _told_step(last.get(version.key[0]))} for version in versions]


def _last_day(moment: ListMoment) -> ColumnElement[str]:
    last = (
        select(func.max(PARTNERSHIP_STEP["on"]))
        .where(PARTNERSHIP_STEP["partnership"] == PARTNERSHIP["id"], PARTNERSHIP_STEP["state"] == "current")
        .where(PARTNERSHIP_STEP.at(moment.position))
        .correlate(PARTNERSHIP.table)
        .scalar_subquery()
    )
    return func.coalesce(last, "")


def _told_step(step: Version | None) -> dict[str, Any] | None:
    return None if step is None else answered(PARTNERSHIP_STEP, step)


_TOLD_STEP = Told(PARTNERSHIP_STEP)
_SAYS_STEP = maybe(told_row(_TOLD_STEP)) | {"description": "The latest step that is not retracted."}
_TOLD = Told(
    PARTNERSHIP,
    [Judgement("in_force", "It exists on the day: from `since` up to, not including, `ended_on`.", _in_force)],
    _last_step,
    {"last_step": _SAYS_STEP},
)

LISTINGS = [
    Listing(
        "/v1/partnerships",
        "partnerships",
        "Partnerships, with the last step of each",
        _TOLD,
        {
            **{name: PARTNERSHIP[name] for name in ("id", "since", "partner_kind", "instrument")},
            "last_step": Order("the day of the last step, partnerships without one first.", _last_day),
        },
        [
            Filter(
                "objective",
                "Only those on this objective, by themselves or by a step.",
                read_id,
                {"type": "string"},
                _on_objective,
            ),
            equal(PARTNERSHIP["partner_kind"], "Only with partners of this kind."),
            equal(PARTNERSHIP["instrument"], "Only those that rest on this."),
            equal(PARTNERSHIP["state"], "Only those in this state.", *STATES),
        ],
    ),
    Listing(
        "/v1/partnerships/{id}",
        "steps",
        "A partnership, and its steps",
        _TOLD_STEP,
        {name: PARTNERSHIP_STEP[name] for name in ("on", "step", "kind")},
        [
            equal(PARTNERSHIP_STEP["kind"], "Only of this kind.", *STEP_KINDS),
            equal(PARTNERSHIP_STEP["state"], "Only those in this state.", *STEP_STATES),
        ],
        item=Item("/v1/partnerships/{id}", "partnership", "A partnership", _TOLD),
    ),
]
