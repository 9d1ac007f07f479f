"""Published reports on operations, of each stage the one recorded last."""

from collections.abc import Iterator

from wco_common.event import RecordedEvent
from wco_common.lists.deriving import Change, Derived
from wco_common.lists.form import DATE, OBJECTS, TEXT, WHOLE
from wco_common.lists.table import Field, Key, ListTable

STAGES = ("interim", "final")

PUBLISHED_REPORT = ListTable(
    "published_report",
    [Field("operation", TEXT, "The operation."), Field("stage", TEXT, f"One of {', '.join(STAGES)}.")],
    [
        Field("published_on", DATE, "The day it was published."),
        Field("seizures", WHOLE, "How many seizures, where it says so.", maybe=True),
        Field("cases", WHOLE, "How many cases.", maybe=True),
        Field("reporting_members", WHOLE, "How many Members reported.", maybe=True),
        Field("quantities", OBJECTS, "How much was seized, as published: amount and unit of each.", maybe=True),
        Field("by_category", OBJECTS, "The figures by category, as published.", maybe=True),
    ],
    comment="Published reports on operations: of each stage the one recorded last.",
)


def _published(event: RecordedEvent) -> Iterator[tuple[Key, Change]]:
    totals = event.data["totals"]
    said = {name: totals.get(name) for name in ("seizures", "cases", "reporting_members", "quantities")} | {
        "published_on": event.data["published_on"],
        "by_category": event.data.get("by_category"),
    }
    yield (event.subject, event.data["stage"]), lambda row: said


DERIVED = [Derived(PUBLISHED_REPORT, {"operation.report-published": _published})]
