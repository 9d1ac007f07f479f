"""The list of an operation's seizure reports."""

from collections.abc import Iterator

from operations_feed.operation_list import ITEM
from wco_common.event import RecordedEvent
from wco_common.lists.declaring import Listing, Told, between, equal
from wco_common.lists.deriving import Addition, Change, Derived, happened
from wco_common.lists.form import DATE, OBJECTS, TEXT, WHOLE, millionths_of
from wco_common.lists.table import Field, Key, ListTable, Row

STATES = ("current", "retracted")

SEIZURE_REPORT = ListTable(
    "seizure_report",
    [Field("operation", TEXT, "The operation."), Field("report", TEXT, "The report, within the operation.")],
    [
        Field("member", TEXT, "The Member that seized."),
        Field("seized_on", DATE, "The day of the seizures."),
        Field("category", TEXT, "What was seized."),
        Field("seizures", WHOLE, "How many seizures."),
        Field("cases", WHOLE, "How many cases they belong to.", maybe=True),
        Field("quantities", OBJECTS, "How much was seized: amount and unit of each."),
        Field("hs_code", TEXT, "The goods' Harmonized System code.", maybe=True),
        Field("state", TEXT, f"One of {', '.join(STATES)}."),
        Field("event", TEXT, "What happened last, by the name of the event's type."),
        Field("reason", TEXT, "Why that happened, where it was said.", maybe=True),
    ],
    ["operation", "seized_on", "report"],
    comment="Reports of seizures.",
)


def _key(event: RecordedEvent) -> Key:
    return (event.data["operation"], event.data["report"])


def _reported(event: RecordedEvent) -> Iterator[tuple[Key, Change]]:
    data = event.data
    said = {field.name: data.get(field.name) for field in SEIZURE_REPORT.says}
    said |= {"quantities": data.get("quantities", []), "state": "current", **happened(event)}
    yield _key(event), lambda row: said


def _retracted(event: RecordedEvent) -> Iterator[tuple[Key, Change]]:
    yield _key(event), lambda row: dict(row) | {"state": "retracted"} | happened(event)


def _counts(key: Key, row: Row) -> Iterator[Addition]:
    if row["state"] == "current":
        operation, _ = key
        counted = {"reports": 1, "seizures": row["seizures"], "cases": row["cases"] or 0}
        yield "reported_category", (operation, row["category"]), counted
        yield "reported_member", (operation, row["member"]), {"reports": 1}
        amounts: dict[str, int] = {}
        for quantity in row["quantities"]:
            amounts[quantity["unit"]] = amounts.get(quantity["unit"], 0) + millionths_of(quantity["amount"])
        for unit, amount in amounts.items():
            yield "reported_quantity", (operation, row["category"], unit), {"amount": amount}


DERIVED = [
    Derived(
        SEIZURE_REPORT,
        {"seizure.reported": _reported, "seizure.corrected": _reported, "seizure.retracted": _retracted},
        adds=_counts,
    ),
]

LISTINGS = [
    Listing(
        "/v1/operations/{id}/reports",
        "reports",
        "An operation, and the reports of seizures made on it",
        Told(SEIZURE_REPORT),
        {name: SEIZURE_REPORT[name] for name in ("report", "seized_on", "member", "category", "seizures")},
        [
            equal(SEIZURE_REPORT["member"], "Only this Member's."),
            equal(SEIZURE_REPORT["category"], "Only of this category."),
            equal(SEIZURE_REPORT["state"], "Only those in this state.", *STATES),
            *between(SEIZURE_REPORT["seized_on"], "Only of seizures"),
        ],
        item=ITEM,
    )
]
