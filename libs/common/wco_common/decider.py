"""The decider: the pure heart of a log service (Chassaing's decide and evolve, with several states at once).

An *entity* is whatever a rule has to remember: an action, a survey, one respondent's submission. Its state is
a JSON object that the log keeps beside its events, under a key of (kind, id). A decider says which states an
event concerns, what contradicts them, and what they are afterwards. No clock, no I/O.
"""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Protocol

from wco_common.event import Event
from wco_events.fault import Fault

Key = tuple[str, str]
"""(kind, id) of an entity, as ("action", "a1") or ("submission", "y1/FRA/")."""

State = dict[str, Any]
"""An entity's state, as JSON. Never changed in place."""

States = Mapping[Key, State | None]
"""The states that an event concerns; None where there is no such entity yet."""


class Decider(Protocol):
    """The rules of one log."""

    def concerns(self, event: Event) -> Collection[Key]:
        """Return the keys of every state that `decide` and `evolve` look at for this event."""
        ...

    def decide(self, event: Event, states: States) -> list[Fault]:
        """Return everything in which the event contradicts the record; empty when it may be recorded."""
        ...

    def evolve(self, event: Event, states: States) -> dict[Key, State]:
        """Return the states that the recorded event changes, whole."""
        ...


def later_than_tomorrow(event: Event, today: date) -> list[Fault]:
    """Return a fault for each thing that is said to have happened after the UTC day after `today`."""
    limit = _day_after(today)
    return [
        Fault(
            f"/data/{field}",
            f"has happened, so it cannot be dated later than {limit}, the day after its recording",
        )
        for field in event.event_type.happened
        if str(event.data.get(field, "")) > limit
    ]


@lru_cache(maxsize=4)
def _day_after(day: date) -> str:
    return (day + timedelta(days=1)).isoformat()
