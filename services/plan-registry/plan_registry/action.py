"""Actions of the implementation plans: started, completed, reopened, rescheduled, withdrawn.

An action's state is its `status` (open, started, completed, withdrawn) and, once it was started, when. A reopened
action is open: it may be completed without another start, and the start that is recorded goes on bounding
`completed_on` until another one replaces it.
"""

from collections.abc import Iterator
from dataclasses import replace

from wco_common.decider import State, States
from wco_common.entity import EntityKind
from wco_common.event import Event
from wco_events.fault import Fault

ACTION = EntityKind(
    "action",
    remedy="implementation-plan.published or action.added announces it first",
    once="action ids are unique over the plan",
)

ANNOUNCED: State = {"status": "open"}
"""The state of an action that an implementation plan, or an addition to it, has just announced."""

_FINAL = {"withdrawn": "that is final"}
_NOT_AGAIN = _FINAL | {"completed": "action.reopened takes that back first"}
_NOT_COMPLETED = dict.fromkeys(("open", "started"), "only a completed action is reopened")


def _completed_after_its_start(event: Event, states: States) -> Iterator[Fault]:
    yield from ACTION.must_exist(event.subject, states, _NOT_AGAIN)
    started_on = (states[ACTION.key(event.subject)] or {}).get("started_on")
    completed_on = event.data["completed_on"]
    if started_on is not None and completed_on < started_on:
        yield Fault("/data/completed_on", f"{completed_on} is before {started_on}, when the action was started")


STARTED = ACTION.changes(_NOT_AGAIN | {"started": "it starts once"}, "started", "started_on")
COMPLETED = replace(ACTION.changes(_NOT_AGAIN, "completed"), decide=_completed_after_its_start)
REOPENED = ACTION.changes(_FINAL | _NOT_COMPLETED, "open")
WITHDRAWN = ACTION.changes(_FINAL, "withdrawn")
RESCHEDULED = ACTION.stays(_FINAL)
