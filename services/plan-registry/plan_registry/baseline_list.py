"""The baselines that KPIs are compared with at first."""

from wco_common.event import RecordedEvent
from wco_common.lists.declaring import Listing, Told
from wco_common.lists.deriving import Derived, by_subject
from wco_common.lists.form import DATE, DECIMAL, TEXT
from wco_common.lists.table import Field, ListTable, Row

BASELINE = ListTable(
    "baseline",
    [Field("kpi", TEXT, "The KPI.")],
    [
        Field("value", DECIMAL, "A year's figure, in the KPI's unit."),
        Field("measured_on", DATE, "The day it was measured."),
        Field("source", TEXT, "Where the figure comes from."),
    ],
    comment="Baselines: of each KPI the one recorded last.",
)


def _set(event: RecordedEvent, old: Row) -> Row:
    return {field.name: event.data[field.name] for field in BASELINE.says}


DERIVED = [Derived(BASELINE, {"baseline.set": by_subject(_set)})]

LISTINGS = [
    Listing(
        "/v1/baselines",
        "baselines",
        "Baselines of KPIs",
        Told(BASELINE),
        {"kpi": BASELINE["kpi"], "measured_on": BASELINE["measured_on"]},
    )
]
