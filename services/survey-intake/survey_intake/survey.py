"""Surveys: opened once, rescheduled, closed, reopened, cancelled.

A survey's state is its `status` (open, closed, cancelled) and what its answers are held against: kind, scale and
topics, and the instruments and invited Members where it names them.
"""

from wco_common.entity import EntityKind

SURVEY = EntityKind(
    "survey", remedy="survey.opened comes first", once="a survey is opened once; another one needs another id"
)

_FINAL = {"cancelled": "that is final"}
_NOT_CLOSED = {"open": "only a closed survey is reopened"}
TAKES_NO_ANSWERS = _FINAL | {"closed": "it takes no submission and no withdrawal until survey.reopened"}

OPENED = SURVEY.begins("open", "kind", "scale", "topics", "instruments", "invited")
RESCHEDULED = SURVEY.stays(_FINAL)
CLOSED = SURVEY.changes(_FINAL | {"closed": "it closes once, until survey.reopened"}, "closed")
REOPENED = SURVEY.changes(_FINAL | _NOT_CLOSED, "open")
CANCELLED = SURVEY.changes(_FINAL, "cancelled")
