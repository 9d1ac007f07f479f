"""Operations: launched once, revised, reported on, cancelled. A cancelled operation takes nothing more."""

from wco_common.entity import EntityKind

OPERATION = EntityKind(
    "operation",
    remedy="operation.launched comes first",
    once="an operation is launched once; operation.revised changes it",
)

CANCELLED_IS_FINAL = {"cancelled": "that is final, and its reports count for nothing"}

LAUNCHED = OPERATION.begins("launched")
REVISED = OPERATION.stays(CANCELLED_IS_FINAL)
CANCELLED = OPERATION.changes(CANCELLED_IS_FINAL, "cancelled")
REPORT_PUBLISHED = OPERATION.stays(CANCELLED_IS_FINAL)
