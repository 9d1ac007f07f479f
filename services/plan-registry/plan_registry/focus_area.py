"""Focus areas: reviewed each period, which continues, replaces, integrates or introduces one."""

from collections.abc import Iterator

from plan_registry import objective, plan
from wco_common.decider import Key, State, States
from wco_common.event import Event
from wco_common.rules import Rule
from wco_events.fault import Fault, pointer

_SUCCESSORS = ("replaced_by", "integrated_into")


def _concerns(event: Event) -> list[Key]:
    named = [event.subject, *(event.data[field] for field in _SUCCESSORS if field in event.data)]
    return [key for name in named for key in objective.concerns(name)]


def _decide(event: Event, states: States) -> Iterator[Fault]:
    area = event.subject
    if event.data["decision"] == "introduced":
        if objective.exists(area, states):
            yield Fault("/subject", f"objective {area} exists already: a focus area that is introduced has a new id")
    elif not objective.is_focus_area(area, states):
        yield Fault("/subject", f"focus area {area} does not exist: the plan has it, or a review introduces it first")
    yield from plan.must_have("periods", "/data/period", event.data["period"], states)
    for field in _SUCCESSORS:
        if field in event.data:
            yield from objective.must_exist(pointer("data", field), event.data[field], states)


def _evolve(event: Event, states: States) -> dict[Key, State]:
    return {objective.introduced(event.subject): {}} if event.data["decision"] == "introduced" else {}


REVIEWED = Rule(_concerns, _decide, _evolve)
