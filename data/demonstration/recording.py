"""Recording: every entry goes the way of a posted event, through the door and past the decider of its log."""

from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from demonstration.entry import Entry
from operations_feed.decide import OperationsFeedDecider
from plan_registry.decide import PlanRegistryDecider
from survey_intake.decide import SurveyIntakeDecider
from wco_common.cloudevents import Received
from wco_common.decider import Decider, Key, State, later_than_tomorrow
from wco_common.door import Door
from wco_common.event import Event
from wco_common.instant import Instant, format_instant, utc_day
from wco_common.problem import Problem
from wco_events.event_type import LOG_NAMES, PREFIX, SUFFIX, LogName
from wco_events.fault import Fault
from wco_events.registry import EVENT_TYPES, EVENT_TYPES_BY_LOG

_DECIDERS: dict[LogName, type[Decider]] = {
    "plan-registry": PlanRegistryDecider,
    "survey-intake": SurveyIntakeDecider,
    "operations-feed": OperationsFeedDecider,
}


class Refused(ValueError):
    """A log would refuse an entry: the story contradicts itself. The message names the entry and its faults."""

    def __init__(self, entry: Entry, faults: Iterable[Fault]) -> None:
        told = "; ".join(f"{fault.pointer} {fault.detail}" for fault in faults)
        super().__init__(f"{entry.name} {entry.subject} at {format_instant(entry.at)}: {told}")


def recorded(entries: Iterable[Entry], closed: Instant) -> dict[LogName, list[bytes]]:
    """Return each log's canonical events, in the order of their times.

    Raises Refused for what a log would refuse, or what comes after `closed`, the time that the logs are cut at.
    """
    in_order: dict[LogName, list[Entry]] = {log: [] for log in LOG_NAMES}
    for entry in sorted(entries, key=lambda entry: entry.at):
        if entry.at > closed:
            raise Refused(entry, [Fault("/recordedtime", f"is after {format_instant(closed)}, the end of the history")])
        in_order[EVENT_TYPES[_type(entry)].log].append(entry)
    return {log: list(_recorded(log, own)) for log, own in in_order.items()}


def _recorded(log: LogName, entries: Iterable[Entry]) -> Iterator[bytes]:
    door = Door({event_type.type: event_type for event_type in EVENT_TYPES_BY_LOG[log]})
    decider = _DECIDERS[log]()
    record: dict[Key, State] = {}
    versions: Counter[tuple[str, str]] = Counter()
    for sequence, entry in enumerate(entries, start=1):
        kind = entry.name.partition(".")[0]
        versions[kind, entry.subject] += 1
        version = versions[kind, entry.subject]
        event = _admitted(door, entry, f"{entry.name}/{entry.subject}/{version}")
        states = {key: record.get(key) for key in decider.concerns(event)}
        if faults := later_than_tomorrow(event, utc_day(entry.at)) + decider.decide(event, states):
            raise Refused(entry, faults)
        record |= decider.evolve(event, states)
        yield event.recorded(sequence, entry.at, version)


def _admitted(door: Door, entry: Entry, event_id: str) -> Event:
    attributes = {
        **entry.extensions,
        "specversion": "1.0",
        "id": event_id,
        "source": entry.source,
        "type": _type(entry),
        "subject": entry.subject,
        "data": msgspec.to_builtins(entry.data),
    }
    try:
        (event,) = door.admit([Received(attributes)])
    except Problem as problem:
        raise Refused(entry, problem.faults) from None
    return event


def _type(entry: Entry) -> str:
    return f"{PREFIX}{entry.name}{SUFFIX}"
