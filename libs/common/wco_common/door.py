"""The door: what passes it is a valid event of this log, and its bytes are fixed from here on."""

import asyncio
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from wco_common.attribute_types import (
    absolute_uri_fault,
    extension_fault,
    name_fault,
    timestamp_fault,
    uri_reference_fault,
)
from wco_common.canonical import canonical
from wco_common.cloudevents import MAX_FAULTS, Received
from wco_common.event import LOG_ATTRIBUTES, Event
from wco_common.media_type import parse_media_type
from wco_common.problem import Invalid, TooLarge
from wco_events.event_type import EventType
from wco_events.fault import Fault, pointer
from wco_events.registry import faults_of

MAX_EVENT = 65_000
"""Canonical bytes of an event (outside contract, section 2)."""

AT_A_TIME = 32
"""Events that are let in before others have their turn: about half a millisecond."""

_REQUIRED = ("specversion", "id", "source", "type", "subject", "data")
_EXTENSION = re.compile("[a-z0-9]+")
_DEFAULT_CONTENT_TYPE = {"datacontenttype": "application/json"}


class Door:
    """Lets the events of one log in."""

    def __init__(self, event_types: Mapping[str, EventType]) -> None:
        """Take the log's event types by their full type."""
        self._event_types = event_types

    def admit(self, received: Iterable[Received], faults: Iterable[Fault] = ()) -> list[Event]:
        """Return the events, all of them valid. `faults` are those that the request had already.

        Raises Invalid with every fault of every event, or TooLarge for the first event that is too long.
        """
        admission = _Admission(self._event_types, faults)
        for one in received:
            admission.look_at(one)
        return admission.admitted()

    async def admit_in_turns(self, received: Iterable[Received], faults: Iterable[Fault] = ()) -> list[Event]:
        """Do the same, and let others have their turn after every few events of a large batch.

        A commit waits for its database some times, and each time then for whoever has the turn.
        """
        admission = _Admission(self._event_types, faults)
        for number, one in enumerate(received, start=1):
            admission.look_at(one)
            if number % AT_A_TIME == 0:
                await asyncio.sleep(0)
        return admission.admitted()


class _Admission:
    """The events of one request at the door, looked at one after the other."""

    def __init__(self, event_types: Mapping[str, EventType], faults: Iterable[Fault]) -> None:
        self._event_types = event_types
        self._faults = list(faults)
        self._events: list[Event] = []

    def look_at(self, received: Received) -> None:
        """Look at the next event. Raises TooLarge, and Invalid when there are so many faults that nobody reads on."""
        event, found = self._look_at(received)
        if event is not None:
            self._events.append(event)
        self._faults.extend(Fault(fault.pointer, fault.detail, received.index) for fault in found)
        if len(self._faults) > MAX_FAULTS:
            # To look for all that may be wrong in a large batch would keep others waiting.
            told = self._faults[:MAX_FAULTS]
            raise Invalid(f"nothing is recorded: over {MAX_FAULTS} faults, the first are told", told)

    def admitted(self) -> list[Event]:
        """Return the events. Raises Invalid with every fault of every one."""
        if self._faults:
            count = f"{len(self._faults)} faults" if len(self._faults) > 1 else "a fault"
            raise Invalid(f"nothing is recorded: {count} in what was sent", self._faults)
        return self._events

    def _look_at(self, received: Received) -> tuple[Event | None, list[Fault]]:
        attributes = _DEFAULT_CONTENT_TYPE | received.attributes
        faults = received.faults
        # What reading refused has no canonical form to be measured.
        if not faults and (size := _size(attributes)) > MAX_EVENT:
            raise TooLarge(
                f"the event has {size} canonical bytes, {MAX_EVENT} are the most",
                [Fault("", f"has {size} canonical bytes", received.index)],
            )
        _add(faults, _attribute_faults(attributes))
        type_ = attributes.get("type")
        event_type = self._event_types.get(type_) if isinstance(type_, str) else None
        if event_type is None:
            _add(faults, [Fault("/type", f"is not recorded here; what is: {', '.join(self._event_types)}")])
            return None, faults
        _add(faults, faults_of(event_type, str(attributes.get("subject")), attributes.get("data")))
        if faults:
            return None, faults[:MAX_FAULTS]
        # Between validation and canonical form: here private fields (`respondent`, `comments`) are to give way
        # to a pseudonym and a salted commitment (outside contract, section 7).
        return Event(event_type, attributes), []


def _size(attributes: Mapping[str, Any]) -> int:
    try:
        return len(canonical(attributes))
    except RecursionError:
        raise Invalid("the event nests too deeply", [Fault("", "nests too deeply to be written")]) from None


def _add(faults: list[Fault], more: Sequence[Fault]) -> None:
    """Add what is not said already: nothing at or below a place that is at fault."""
    if not more:
        return
    known = {fault.pointer for fault in faults}
    for fault in more:
        path = fault.pointer
        while path and path not in known:
            path = path.rpartition("/")[0]
        if path not in known:
            faults.append(fault)


def _attribute_faults(attributes: Mapping[str, Any]) -> list[Fault]:
    faults = [Fault(f"/{name}", "is required") for name in _REQUIRED if name not in attributes]
    for name, value in attributes.items():
        if name == "data":
            continue
        check = _CHECKS.get(name)
        if check is None:
            check = extension_fault if _EXTENSION.fullmatch(name) else _name_fault
        detail = check(value)
        if detail is not None:
            faults.append(Fault(pointer(name), detail))
    return faults


def _name_fault(value: Any) -> str | None:
    return "is no name of an attribute: these have lower-case letters and digits only"


def _specversion_fault(value: Any) -> str | None:
    return None if value == "1.0" else 'must be "1.0"'


def _content_type_fault(value: Any) -> str | None:
    fault = name_fault(value)
    if fault is not None:
        return fault
    media_type = parse_media_type(value)
    if media_type is None or not media_type.is_json:
        return "must be a media type of JSON, as application/json: data here is JSON"
    return None if media_type.is_utf8 else "must be UTF-8, as all JSON is (RFC 8259)"


def _refuse(detail: str) -> Callable[[Any], str | None]:
    return lambda value: detail


def _remembering(check: Callable[[Any], str | None]) -> Callable[[Any], str | None]:
    """Return a check that remembers what it said of short texts: in some attributes clients send the same for ever."""
    remembered = lru_cache(_REMEMBERED)(check)
    return lambda value: remembered(value) if isinstance(value, str) and len(value) <= _SHORT else check(value)


_REMEMBERED = 1_024
_SHORT = 256

_CHECKS: dict[str, Callable[[Any], str | None]] = {
    "specversion": _specversion_fault,
    "id": name_fault,
    "source": _remembering(uri_reference_fault),
    "type": name_fault,
    "subject": name_fault,
    "time": timestamp_fault,
    "dataschema": _remembering(absolute_uri_fault),
    "datacontenttype": _remembering(_content_type_fault),
    "data_base64": _refuse("is not taken: data here is JSON, sent as data"),
} | dict.fromkeys(LOG_ATTRIBUTES, _refuse("is set by the log, not by its clients"))
