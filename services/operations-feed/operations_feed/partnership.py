"""Partnerships: registered once, reviewed and upgraded step by step, ended.

A step's id is used once within its partnership, also when the step was retracted. A partnership that has ended
still takes steps: what was done before its end may be told after it.
"""

from collections.abc import Iterator, Sequence

from wco_common.decider import Key, State, States
from wco_common.entity import EntityKind
from wco_common.event import Event
from wco_common.rules import Rule
from wco_events.fault import Fault

PARTNERSHIP = EntityKind(
    "partnership",
    remedy="partnership.registered comes first",
    once="a partnership is registered once; another one needs another id",
)
STEP = EntityKind(
    "step",
    remedy="partnership.reviewed or partnership.upgraded takes it first",
    once="a step's id is new within its partnership, also after a retraction",
)
"""Steps by `partnership/step`."""


def _step(event: Event) -> str:
    return f"{event.subject}/{event.data['step']}"


def _concerns(event: Event) -> Sequence[Key]:
    return (PARTNERSHIP.key(event.subject), STEP.key(_step(event)))


def _new_step(event: Event, states: States) -> Iterator[Fault]:
    yield from PARTNERSHIP.must_exist(event.subject, states)
    yield from STEP.must_be_new(_step(event), states, "/data/step")


def _taken(event: Event, states: States) -> dict[Key, State]:
    return {STEP.key(_step(event)): {"status": "current"}}


def _current_step(event: Event, states: States) -> Iterator[Fault]:
    yield from PARTNERSHIP.must_exist(event.subject, states)
    if states[PARTNERSHIP.key(event.subject)] is not None:
        yield from STEP.must_exist(_step(event), states, {"retracted": "it is taken back once"}, "/data/step")


def _retracted(event: Event, states: States) -> dict[Key, State]:
    return {STEP.key(_step(event)): {"status": "retracted"}}


REGISTERED = PARTNERSHIP.begins("registered")
STEPPED = Rule(_concerns, _new_step, _taken)
STEP_RETRACTED = Rule(_concerns, _current_step, _retracted)
ENDED = PARTNERSHIP.changes({"ended": "it ends once"}, "ended")
