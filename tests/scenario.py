"""Given, when, then: a decider's past, an event, and whether it may be recorded.

Events are the examples of their types, with what a test says otherwise. Each passes the models first, so what a
decider refuses is never what the event alone shows.
"""

from collections.abc import Callable, Iterable
from typing import Any, Self

from wco_common.decider import Decider, Key, State
from wco_common.event import Event
from wco_events.event_type import PREFIX, SUFFIX
from wco_events.fault import Fault
from wco_events.registry import EVENT_TYPES, faults_of


def posted(name: str, subject: str | None = None, *, without: Iterable[str] = (), **data: Any) -> Event:
    """Return the example of an event type, its subject, its data or both being other ones."""
    event_type = EVENT_TYPES[f"{PREFIX}{name}{SUFFIX}"]
    example = event_type.example
    fields = {field: value for field, value in example["data"].items() if field not in set(without)} | data
    event = Event(event_type, {**example, "subject": subject or example["subject"], "data": fields})
    assert faults_of(event_type, event.subject, event.data) == []
    return event


def recorded(attributes: dict[str, Any]) -> Event:
    """Return a recorded event, as a bundle holds it, as the event that a client posted."""
    return Event(EVENT_TYPES[attributes["type"]], attributes)


class Scenario:
    """A decider and the states that the events so far have left."""

    def __init__(self, decider: Decider, past: Iterable[Event] = ()) -> None:
        self.states: dict[Key, State] = {}
        self._decider = decider
        self._faults: list[Fault] = []
        for event in past:
            self.when(event).then_recorded()

    def when(self, event: Event) -> Self:
        """Post an event; it is recorded unless it is refused."""
        concerned = {key: self.states.get(key) for key in self._decider.concerns(event)}
        self._faults = self._decider.decide(event, concerned)
        if not self._faults:
            changed = self._decider.evolve(event, concerned)
            assert changed.keys() <= concerned.keys()
            self.states |= changed
        return self

    def then_recorded(self) -> Self:
        """Demand that the event was recorded."""
        assert self._faults == []
        return self

    def then_refused(self, *faults: tuple[str, str]) -> Self:
        """Demand that the event was refused for these faults, in order: each a pointer and words of its detail."""
        assert [fault.pointer for fault in self._faults] == [at for at, _ in faults]
        for fault, (_, words) in zip(self._faults, faults, strict=True):
            assert words in fault.detail
        return self


Given = Callable[..., Scenario]
"""A scenario's beginning: the events that are recorded already."""
