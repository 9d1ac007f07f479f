"""Seizure reports: reported on an operation, corrected, retracted. Their subject is `operation/report`."""

from collections.abc import Iterator
from dataclasses import replace

from operations_feed.operation import CANCELLED_IS_FINAL, OPERATION
from wco_common.decider import Key, States
from wco_common.entity import EntityKind
from wco_common.event import Event
from wco_common.rules import Rule
from wco_events.fault import Fault

SEIZURE_REPORT = EntityKind(
    "seizure report",
    remedy="seizure.reported comes first",
    once="a report of an operation is made once; seizure.corrected changes it",
)

_RETRACTED = {"retracted": "that is final"}


def _on_its_operation(rule: Rule) -> Rule:
    """Return the rule with what the report's operation demands: that it was launched and is not cancelled."""

    def concerns(event: Event) -> Iterator[Key]:
        yield OPERATION.key(event.data["operation"])
        yield from rule.concerns(event)

    def decide(event: Event, states: States) -> Iterator[Fault]:
        operation = event.data["operation"]
        yield from OPERATION.must_exist(operation, states, CANCELLED_IS_FINAL, "/data/operation")
        yield from rule.decide(event, states)

    return replace(rule, concerns=concerns, decide=decide)


REPORTED = _on_its_operation(SEIZURE_REPORT.begins("current"))
CORRECTED = _on_its_operation(SEIZURE_REPORT.stays(_RETRACTED))
RETRACTED = _on_its_operation(SEIZURE_REPORT.changes(_RETRACTED, "retracted"))
