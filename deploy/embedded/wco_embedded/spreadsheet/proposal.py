"""What a row adds to what is recorded: nothing, an event that tells it, or an event that changes what was told.

A row is held against what held when the same source last spoke of the same thing. So a file that says nothing new
posts nothing, also where others have changed things since; and a row that has changed becomes a correction.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from wco_common.canonical import canonical
from wco_common.spreadsheet.kind import REASON, Step
from wco_embedded.spreadsheet.mapping import Mapping as MappingFile
from wco_embedded.spreadsheet.row import Draft
from wco_events.event_type import EventType

Event = dict[str, Any]
"""A CloudEvent as it is posted."""


class Recorded(msgspec.Struct, frozen=True):
    """What counts of a recorded event here."""

    sequence: str
    source: str
    id: str
    type: str
    subject: str
    data: dict[str, Any]


@dataclass(frozen=True)
class Standing:
    """What is recorded of a thing: what held when our source last spoke of it (else now), that event's id, and now."""

    said: Mapping[str, Any] | None
    last: str
    now: Mapping[str, Any] | None


class CannotChange(ValueError):
    """Fields of a row have changed that no event changes."""

    def __init__(self, fields: Sequence[str], step: Step) -> None:
        self.fields = fields
        able = f"only {', '.join(sorted(step.changeable))}" if step.changeable else "nothing"
        super().__init__(f"{', '.join(fields)}: recorded otherwise, and of {step.name} {able} can be changed")


def tellings(step: Step, event: Recorded) -> Iterator[Recorded]:
    """Yield what an event tells of single things: itself, or one for each thing where it tells several at once."""
    together = step.together
    if together is None or event.type != together.type.type:
        yield event
    else:
        for subject, data in together.each(event.data):
            yield msgspec.structs.replace(event, type=step.type.type, subject=subject, data=data)


def standing(step: Step, source: str, recorded: Sequence[Recorded]) -> Standing:
    """Return what is recorded of a thing by its events, in their order."""
    state: Mapping[str, Any] | None = None
    said: Mapping[str, Any] | None = None
    last = ""
    for event in recorded:
        if event.type == step.type.type:
            state = event.data
        elif step.changing is not None and event.type == step.changing.type:
            told = {name: value for name, value in event.data.items() if name != REASON}
            state = told if step.whole else {**(state or {}), **told}
        else:
            state = None
        if event.source == source:
            said, last = state, event.id
    return Standing(said if last else state, last, state)


def differing(draft: Draft, state: Mapping[str, Any]) -> list[str]:
    """Return the fields of which a row says something else than a state.

    Of what it leaves out it says something only where a change tells all anew.
    """
    names = draft.data.keys() | state.keys() if draft.step.whole else draft.data.keys()
    return [name for name in sorted(names) if draft.data.get(name) != state.get(name)]


def propose(draft: Draft, on_record: Standing, mapping: MappingFile) -> Event | None:
    """Return the event that a row adds, None where it adds none. Raises CannotChange."""
    step = draft.step
    if on_record.said is None:
        return _event(step.type, draft, draft.data, on_record.last, mapping)
    other = differing(draft, on_record.said)
    if not other:
        return None
    if step.changing is None or not step.changeable.issuperset(other):
        raise CannotChange([name for name in other if name not in step.changeable], step)
    data = {name: value for name, value in draft.data.items() if name in step.changeable}
    if REASON in step.changing.data.model_fields:
        data[REASON] = mapping.why
    return _event(step.changing, draft, data, on_record.last, mapping)


def _event(kind: EventType, draft: Draft, data: Mapping[str, Any], after: str, mapping: MappingFile) -> Event:
    """Return an event whose id is made of what it says, and of what the source said of the same thing before.

    So the same file makes the same events, whoever sends it and however often; and what changes to and fro is told
    each time.
    """
    named = canonical([kind.type, draft.subject, data, after])
    return {
        "specversion": "1.0",
        "id": hashlib.sha256(named).hexdigest()[:32],
        "source": mapping.source,
        "type": kind.type,
        "subject": draft.subject,
        "datacontenttype": "application/json",
        "data": data,
        **mapping.attributes,
    }
