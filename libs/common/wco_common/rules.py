"""A decider as a table: one rule an event type, each made of small pure functions."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from wco_common.decider import Key, State, States
from wco_common.event import Event
from wco_events.fault import Fault


@dataclass(frozen=True, slots=True)
class Rule:
    """What one event type concerns, what contradicts it, and what it changes. By default: nothing."""

    concerns: Callable[[Event], Iterable[Key]] = lambda event: ()
    decide: Callable[[Event, States], Iterable[Fault]] = lambda event, states: ()
    evolve: Callable[[Event, States], dict[Key, State]] = lambda event, states: {}


class RuleDecider:
    """A `Decider` whose `rules` stand under the names of its log's event types."""

    rules: ClassVar[Mapping[str, Rule]]

    def concerns(self, event: Event) -> Collection[Key]:
        """Return the keys of every state that the event's rule looks at, each once, in a fixed order."""
        return list(dict.fromkeys(self.rules[event.name].concerns(event)))

    def decide(self, event: Event, states: States) -> list[Fault]:
        """Return everything in which the event contradicts the record."""
        return list(self.rules[event.name].decide(event, states))

    def evolve(self, event: Event, states: States) -> dict[Key, State]:
        """Return the states that the recorded event changes."""
        return self.rules[event.name].evolve(event, states)
