"""Capacity building activities: delivered once, corrected, retracted."""

from wco_common.entity import EntityKind

ACTIVITY = EntityKind(
    "activity",
    remedy="assistance.delivered comes first",
    once="an activity is delivered once; assistance.corrected changes it",
)

_RETRACTED = {"retracted": "that is final"}

DELIVERED = ACTIVITY.begins("delivered")
CORRECTED = ACTIVITY.stays(_RETRACTED)
RETRACTED = ACTIVITY.changes(_RETRACTED, "retracted")
