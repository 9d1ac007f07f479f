"""The Members and their regions, on a day."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, select

from wco_common.event import RecordedEvent
from wco_common.lists.declaring import Listing, Told, equal
from wco_common.lists.deriving import Change, Derived
from wco_common.lists.form import DATE, TEXT
from wco_common.lists.moment import ListMoment
from wco_common.lists.table import Field, Key, ListTable, Row

REGIONS = ("AMS", "A/P", "EUR", "ESA", "MENA", "WCA")

MEMBERS_LIST = ListTable(
    "members_list",
    [Field("effective_on", DATE, "The day from which the list holds.")],
    [Field("list", TEXT, "The list: the 16 digits of its event's sequence.")],
    comment="Lists of Members: of two from the same day, the one recorded last.",
)
MEMBER = ListTable(
    "member",
    [Field("list", TEXT, "The list: the 16 digits of its event's sequence."), Field("iso3", TEXT, "The Member.")],
    [
        Field("region", TEXT, f"Its WCO region: one of {', '.join(REGIONS)}."),
        Field("effective_on", DATE, "The day from which the list holds."),
    ],
    comment="Members and their regions, by the lists that name them.",
)


def _listed(event: RecordedEvent) -> Iterator[tuple[Key, Change]]:
    yield (event.data["effective_on"],), lambda row: {"list": event.sequence}


def _named(event: RecordedEvent) -> Iterator[tuple[Key, Change]]:
    for member in event.data["members"]:
        yield (event.sequence, member["iso3"]), _of(member["region"], event.data["effective_on"])


def _of(region: str, effective_on: str) -> Change:
    def change(row: Row) -> Row:
        return {"region": region, "effective_on": effective_on}

    return change


DERIVED = [Derived(MEMBERS_LIST, {"members.listed": _listed}), Derived(MEMBER, {"members.listed": _named})]


def _in_force(moment: ListMoment) -> ColumnElement[bool]:
    wanted = select(MEMBERS_LIST["list"]).where(
        MEMBERS_LIST.at(moment.position), MEMBERS_LIST["effective_on"] <= moment.day
    )
    return MEMBER["list"] == wanted.order_by(MEMBERS_LIST["effective_on"].desc()).limit(1).scalar_subquery()


LISTINGS = [
    Listing(
        "/v1/members",
        "members",
        "The Members and their regions, by the list that holds on the day",
        Told(MEMBER),
        {"iso3": MEMBER["iso3"], "region": MEMBER["region"]},
        [equal(MEMBER["region"], "Only this region's.", *REGIONS)],
        only=_in_force,
    )
]
