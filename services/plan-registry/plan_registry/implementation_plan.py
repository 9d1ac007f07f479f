"""Implementation plans: published once a period with their actions; more actions may be added later."""

from collections.abc import Iterator

from plan_registry import objective, plan
from plan_registry.action import ACTION, ANNOUNCED
from wco_common.decider import Key, State, States
from wco_common.entity import EntityKind
from wco_common.event import Event
from wco_common.rules import Rule
from wco_events.fault import Fault, pointer

IMPLEMENTATION_PLAN = EntityKind(
    "implementation plan",
    remedy="implementation-plan.published comes before additions to it",
    once="it is published once a period; action.added adds to it",
)
"""Implementation plans by their periods' ids."""


def _concerns_publishing(event: Event) -> Iterator[Key]:
    yield plan.KEY
    yield IMPLEMENTATION_PLAN.key(event.data["period"])
    for action in event.data["actions"]:
        yield ACTION.key(action["id"])
        yield from objective.concerns(action["objective"])


def _may_be_published(event: Event, states: States) -> Iterator[Fault]:
    yield from plan.must_be_adopted("/data/plan", event.data["plan"], states)
    yield from plan.must_have("periods", "/data/period", event.data["period"], states)
    yield from IMPLEMENTATION_PLAN.must_be_new(event.data["period"], states)
    for index, action in enumerate(event.data["actions"]):
        yield from ACTION.must_be_new(action["id"], states, pointer("data", "actions", index, "id"))
        at = pointer("data", "actions", index, "objective")
        yield from objective.must_exist(at, action["objective"], states)


def _published(event: Event, states: States) -> dict[Key, State]:
    actions = {ACTION.key(action["id"]): ANNOUNCED for action in event.data["actions"]}
    return {IMPLEMENTATION_PLAN.key(event.data["period"]): {}} | actions


def _concerns_adding(event: Event) -> Iterator[Key]:
    yield ACTION.key(event.subject)
    yield IMPLEMENTATION_PLAN.key(event.data["period"])
    yield from objective.concerns(event.data["objective"])


def _may_be_added(event: Event, states: States) -> Iterator[Fault]:
    yield from ACTION.must_be_new(event.subject, states)
    yield from IMPLEMENTATION_PLAN.must_exist(event.data["period"], states, pointer="/data/period")
    yield from objective.must_exist("/data/objective", event.data["objective"], states)


def _added(event: Event, states: States) -> dict[Key, State]:
    return {ACTION.key(event.subject): ANNOUNCED}


PUBLISHED = Rule(_concerns_publishing, _may_be_published, _published)
ADDED = Rule(_concerns_adding, _may_be_added, _added)
