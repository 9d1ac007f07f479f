"""Entities of one kind: most of what a log refuses is that one is not there, is there already, or is past changing.

That is said here once, so that every such refusal names the thing, what is recorded of it, and what would be right.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from wco_common.decider import Key, State, States
from wco_common.event import Event
from wco_common.rules import Rule
from wco_events.fault import Fault

Forbidding = Mapping[str, str]
"""The statuses that forbid an event and, of each, what follows from it: `{"withdrawn": "that is final"}`."""


@dataclass(frozen=True, slots=True)
class EntityKind:
    """Entities of one kind, each with a state under its id; where it has a life, the state's `status` tells it.

    `remedy` says how one comes to be, `once`, where that is so, why there is
    no second one of an id.
    """

    name: str
    remedy: str
    once: str = ""

    def key(self, name: str) -> Key:
        """Return where the entity of that id is kept."""
        return (self.name, name)

    def must_be_new(self, name: str, states: States, pointer: str = "/subject") -> Iterator[Fault]:
        """Yield a fault if the entity is recorded already."""
        if states[self.key(name)] is not None:
            yield Fault(pointer, f"{self.name} {name} exists already: {self.once}")

    def must_exist(
        self, name: str, states: States, forbidding: Forbidding | None = None, pointer: str = "/subject"
    ) -> Iterator[Fault]:
        """Yield a fault if the entity is not recorded, or its status forbids the event."""
        state = states[self.key(name)]
        if state is None:
            yield Fault(pointer, f"{self.name} {name} does not exist: {self.remedy}")
        elif forbidding and state["status"] in forbidding:
            status = state["status"]
            yield Fault(pointer, f"{self.name} {name} is {status}: {forbidding[status]}")

    def begins(self, status: str, *kept: str) -> Rule:
        """Return the rule of an event whose subject is a new entity; of its data, these fields are kept."""
        return Rule(
            lambda event: (self.key(event.subject),),
            lambda event, states: self.must_be_new(event.subject, states),
            lambda event, states: {self.key(event.subject): _kept(event, kept) | {"status": status}},
        )

    def changes(self, forbidding: Forbidding, status: str, *kept: str) -> Rule:
        """Return the rule of an event that gives the entity, its subject, another status, unless it is forbidden."""
        return Rule(
            lambda event: (self.key(event.subject),),
            lambda event, states: self.must_exist(event.subject, states, forbidding),
            lambda event, states: {
                self.key(event.subject): (states[self.key(event.subject)] or {})
                | _kept(event, kept)
                | {"status": status}
            },
        )

    def stays(self, forbidding: Forbidding) -> Rule:
        """Return the rule of an event that leaves the entity, its subject, in its status, unless it is forbidden."""
        return Rule(
            lambda event: (self.key(event.subject),),
            lambda event, states: self.must_exist(event.subject, states, forbidding),
        )


def _kept(event: Event, fields: tuple[str, ...]) -> State:
    return {field: event.data[field] for field in fields if field in event.data}
