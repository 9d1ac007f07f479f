"""The kinds of spreadsheets that are taken: which events a row tells, and what says that two rows are the same.

What fields a row has, and what form each, the schemas of the event types say. A further kind is an entry here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

from wco_events.event_type import EventType, LogName, type_of
from wco_events.registry import EVENT_TYPES

REASON = "reason"
"""The field that says why something is changed. The mapping says it, not a row."""


def _type(name: str) -> EventType:
    return EVENT_TYPES[type_of(name)]


@dataclass(frozen=True)
class Together:
    """An event type whose events tell several things at once, a list of them.

    `things` names the field of its data that is the list, `subject` the field of each that is its subject, `shared` the
    fields of data that hold for all of them alike.
    """

    name: str
    things: str
    subject: str
    shared: tuple[str, ...]

    @cached_property
    def type(self) -> EventType:
        """The type itself."""
        return _type(self.name)

    def each(self, data: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the subject and data of each thing, as the event that tells it alone would have them."""
        shared = {name: data[name] for name in self.shared}
        for thing in data[self.things]:
            yield thing[self.subject], shared | {name: thing[name] for name in thing if name != self.subject}


@dataclass(frozen=True)
class Step:
    """One thing that a row tells, as an event.

    `subject` names the field of the row that is the event's subject; None: the data say it themselves. `by` names the
    fields of data that, with the subject, say what it is that the row speaks of. `together` says which other event may
    have told it first, with others of its kind. `again` tells that something has changed, `back` that it was taken
    back. `blank` says when a row leaves all fields of its own blank, and so does not tell it; empty: never.
    """

    name: str
    subject: str | None
    by: tuple[str, ...] = ()
    together: Together | None = None
    again: str | None = None
    back: str | None = None
    blank: str = ""

    @cached_property
    def type(self) -> EventType:
        """The type of the event that tells it first."""
        return _type(self.name)

    @cached_property
    def changing(self) -> EventType | None:
        """The type of the event that tells it anew, None where it cannot be changed."""
        return _type(self.again) if self.again else None

    @cached_property
    def fields(self) -> frozenset[str]:
        """The fields of its data."""
        return frozenset(self.type.data.model_fields)

    @cached_property
    def required(self) -> tuple[str, ...]:
        """Those of them that it must have."""
        return tuple(name for name, field in self.type.data.model_fields.items() if field.is_required())

    @property
    def optional(self) -> bool:
        """Whether there are rows that do not tell it."""
        return bool(self.blank)

    @cached_property
    def changeable(self) -> frozenset[str]:
        """The fields that can be told anew."""
        return frozenset(self.changing.data.model_fields) & self.fields if self.changing else frozenset()

    @property
    def whole(self) -> bool:
        """Whether a change tells all of it anew, so that a field that is left out is taken back."""
        return self.changeable == self.fields

    @property
    def types(self) -> list[EventType]:
        """All types of events that bear on it."""
        together = self.together.name if self.together else None
        names = dict.fromkeys((self.name, together, self.again, self.back))
        return [_type(name) for name in names if name]

    def key(self, subject: str, data: Mapping[str, Any]) -> tuple[str, ...]:
        """Return what says which one an event or a row speaks of."""
        return (self.name, subject, *(data.get(name, "") for name in self.by))


@dataclass(frozen=True)
class Kind:
    """A kind of spreadsheets. `before` is what has to be there before a row can be told; one does for many rows."""

    name: str
    says: str
    before: Step
    steps: tuple[Step, ...] = field()

    @property
    def log(self) -> LogName:
        """The log that its events go to."""
        return self.before.type.log

    @property
    def subject(self) -> str | None:
        """The field of a row that is in no event's data and gives the subject, None where the data say it."""
        return self.steps[0].subject

    @property
    def fields(self) -> dict[str, Step]:
        """Every field that data have, with the step that it belongs to."""
        return {name: step for step in reversed(self.steps) for name in step.type.data.model_fields}


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            Kind(
                "seizures",
                "Reports of seizures, a row each; `[before]` launches their operation.",
                Step("operation.launched", "operation"),
                (Step("seizure.reported", None, again="seizure.corrected", back="seizure.retracted"),),
            ),
            Kind(
                "actions",
                "Actions of implementation plans and how they went, a row each; `[before]` publishes a period's plan.",
                Step("implementation-plan.published", "period"),
                (
                    Step(
                        "action.added",
                        "action",
                        together=Together("implementation-plan.published", "actions", "id", shared=("period",)),
                        again="action.rescheduled",
                        blank="the action is recorded already",
                    ),
                    Step("action.started", "action", blank="nobody says that it has started"),
                    Step("action.completed", "action", back="action.reopened", blank="it is not completed"),
                ),
            ),
            Kind(
                "answers",
                "Members' answers to surveys, a row each; `[before]` opens the survey.",
                Step("survey.opened", "survey"),
                (
                    Step(
                        "survey.submitted",
                        "survey",
                        by=("member", "respondent"),
                        again="survey.submitted",
                        back="survey.withdrawn",
                    ),
                ),
            ),
        )
    }
)
