"""Experts: accredited, perhaps again after the end of the accreditation before, never twice at a time.

An expert's state is the last accreditation (`accredited_on`, `expires_on`, `ended_on`) and `free_from`, the end of
the one before it: the first day on which the last one may begin, also after a correction.
"""

from collections.abc import Iterator, Sequence

from wco_common.decider import Key, State, States
from wco_common.entity import EntityKind
from wco_common.event import Event
from wco_common.rules import Rule
from wco_events.fault import Fault

EXPERT = EntityKind("expert", remedy="expert.accredited comes first")


def _concerns(event: Event) -> Sequence[Key]:
    return (EXPERT.key(event.subject),)


def _last(event: Event, states: States) -> State:
    return states[EXPERT.key(event.subject)] or {}


def _given(event: Event) -> State:
    return {field: event.data[field] for field in ("accredited_on", "expires_on") if field in event.data}


def _kept(last: State, *fields: str) -> State:
    return {field: last[field] for field in fields if field in last}


def _end(accreditation: State) -> str | None:
    """Return the first day on which an accreditation is no longer in force, None while it has no end."""
    return min(_kept(accreditation, "expires_on", "ended_on").values(), default=None)


def _free_from(event: Event, day: str) -> Iterator[Fault]:
    if event.data["accredited_on"] < day:
        yield Fault(
            "/data/accredited_on",
            f"the accreditation of {event.subject} before this one ends on {day}: this one begins then or later",
        )


def _after_the_last(event: Event, states: States) -> Iterator[Fault]:
    last = _last(event, states)
    end = _end(last)
    if end is not None:
        yield from _free_from(event, end)
    elif last:
        yield Fault(
            "/subject",
            f"expert {event.subject} is accredited since {last['accredited_on']} without an end: "
            "expert.accreditation-ended comes first",
        )


def _accredited(event: Event, states: States) -> dict[Key, State]:
    end = _end(_last(event, states))
    return {EXPERT.key(event.subject): _given(event) | ({} if end is None else {"free_from": end})}


def _may_be_corrected(event: Event, states: States) -> Iterator[Fault]:
    yield from EXPERT.must_exist(event.subject, states)
    last = _last(event, states)
    yield from _free_from(event, last.get("free_from", ""))
    ended_on = last.get("ended_on")
    if ended_on is not None and event.data["accredited_on"] > ended_on:
        yield Fault("/data/accredited_on", f"is after {ended_on}, the recorded end, which a correction leaves")


def _corrected(event: Event, states: States) -> dict[Key, State]:
    return {EXPERT.key(event.subject): _given(event) | _kept(_last(event, states), "ended_on", "free_from")}


def _ends_after_it_began(event: Event, states: States) -> Iterator[Fault]:
    yield from EXPERT.must_exist(event.subject, states)
    accredited_on = _last(event, states).get("accredited_on", "")
    if event.data["ended_on"] < accredited_on:
        yield Fault("/data/ended_on", f"is before {accredited_on}, when {event.subject} was accredited")


def _ended(event: Event, states: States) -> dict[Key, State]:
    return {EXPERT.key(event.subject): _last(event, states) | {"ended_on": event.data["ended_on"]}}


ACCREDITED = Rule(_concerns, _after_the_last, _accredited)
ACCREDITATION_CORRECTED = Rule(_concerns, _may_be_corrected, _corrected)
ACCREDITATION_ENDED = Rule(_concerns, _ends_after_it_began, _ended)
