"""Every event type, and what the event alone shows to be wrong with an event (422)."""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from wco_events.event_data import Rule
from wco_events.event_type import LOG_NAMES, EventType, LogName
from wco_events.fault import Fault
from wco_events.forms import ID
from wco_events.operations_feed import OPERATIONS_FEED
from wco_events.plan_registry import PLAN_REGISTRY
from wco_events.survey_intake import SURVEY_INTAKE
from wco_events.wording import faults_in

EVENT_TYPES: Mapping[str, EventType] = MappingProxyType(
    {event_type.type: event_type for event_type in (*PLAN_REGISTRY, *SURVEY_INTAKE, *OPERATIONS_FEED)}
)
"""Every event type by its CloudEvents `type`, in the order of the logs."""

EVENT_TYPES_BY_LOG: Mapping[LogName, tuple[EventType, ...]] = MappingProxyType(
    {log: tuple(event_type for event_type in EVENT_TYPES.values() if event_type.log == log) for log in LOG_NAMES}
)
"""Each log's event types. Their examples, posted in this order, are a little history that the log accepts."""

_ID_WORDS = "up to 64 letters, digits, '.', '_', '~' and '-', the first a letter or digit (ASCII)"
_SUBJECT_FORMS: Mapping[str, tuple[re.Pattern[str], str]] = {
    "id": (re.compile(ID), f"must be an id: {_ID_WORDS}"),
    "pair": (re.compile(f"{ID}/{ID}"), f"must be operation/report, each an id: {_ID_WORDS}"),
    "members": (re.compile("members"), "must be members"),
}


def faults_of(event_type: EventType, subject: str, data: object) -> list[Fault]:
    """Return all that the event alone shows to be wrong with its subject and data (422); empty when it is valid."""
    faults: list[Fault] = []
    unsound: set[str | int] = set()
    try:
        event_type.data.__pydantic_validator__.validate_python(data)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_input=False)
        faults.extend(faults_in(data, problems))
        unsound.update(problem["loc"][0] for problem in problems if problem["loc"])
    fields: Mapping[str, Any] = data if isinstance(data, dict) else {}
    sound = {field: value for field, value in fields.items() if field not in unsound} if faults else fields
    faults[:0] = _subject_faults(event_type, subject, sound)
    if fields is data:
        rules: tuple[Rule, ...] = getattr(event_type.data, "rules", ())
        for rule in rules:
            if unsound.isdisjoint(rule.reads):
                faults.extend(rule.check(sound, subject))
    return faults


def _subject_faults(event_type: EventType, subject: str, data: Mapping[str, Any]) -> Iterator[Fault]:
    demanded = event_type.subject_of(data)
    form, words = _SUBJECT_FORMS[event_type.subject_form]
    if demanded is not None and demanded != subject:
        yield Fault("/subject", f"must be {demanded}, as data say")
    elif form.fullmatch(subject) is None:
        yield Fault("/subject", words)
