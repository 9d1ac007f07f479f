"""What the event alone shows to be wrong with an example that is said otherwise."""

from collections.abc import Iterable
from typing import Any

from wco_events.event_type import PREFIX, SUFFIX
from wco_events.registry import EVENT_TYPES, faults_of


def refusal(name: str, subject: str | None = None, *, without: Iterable[str] = (), **data: Any) -> dict[str, str]:
    """Return, by pointer, why the example of an event type is refused, its subject, its data or both being others."""
    event_type = EVENT_TYPES[f"{PREFIX}{name}{SUFFIX}"]
    example = event_type.example
    fields = {field: value for field, value in example["data"].items() if field not in set(without)} | data
    faults = faults_of(event_type, example["subject"] if subject is None else subject, fields)
    assert len({fault.pointer for fault in faults}) == len(faults), faults
    return {fault.pointer: fault.detail for fault in faults}
