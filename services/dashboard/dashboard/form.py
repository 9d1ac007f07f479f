"""A form for an event: what stands in it, what the service says of it, and where."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dashboard.field import NOWHERE, Values, text_of
from dashboard.parts import Group, List, Mapped, Rows, key_of, rows_of
from wco_common.problem import Problem
from wco_events.fault import Fault

DATA = "/data"
"""The name of an event's data, whose fields stand on the page without anything around them."""


@dataclass(frozen=True)
class Told:
    """A fault, the name of the control that it stands at (NOWHERE: none), and the labels that lead there."""

    name: str
    labels: Sequence[str]
    detail: str


class Form:
    """The fields of a type of event with what stands in them."""

    def __init__(self, event: Group, values: Values) -> None:
        """Take the fields of a whole event, and the values of its controls."""
        self.event = event
        self.values = values
        self.problem: Problem | None = None
        """What the service refused it for."""
        self.accepted = False
        """Whether the service said that it would record it."""
        self.focus = ""
        """The name of the control, or of what surrounds it, that comes first now."""
        self.told: Sequence[Told] = ()

    def event_json(self) -> bytes:
        """Return the event as JSON."""
        return (self.event.write("", self.values) or "").encode()

    def refuse(self, problem: Problem) -> None:
        """Put the faults of a refusal at their places."""
        self.problem = problem
        self.told = [self._told(fault) for fault in problem.faults]

    def add(self, name: str) -> None:
        """Add a row to what repeats, or what was left out and has parts."""
        field = self._field(name)
        if isinstance(field, Rows) and (name in self.values or field.required):
            self.focus = field.add(name, self.values)
        elif isinstance(field, Rows):
            field.begin(name, self.values)
            self.focus = name if rows_of(self.values, name) else field.add(name, self.values)
        elif isinstance(field, Group) and not field.required and name not in self.values:
            field.begin(name, self.values)
            self.focus = name

    def remove(self, name: str) -> None:
        """Take away a row, or what may be left out, with all that stands in it."""
        around, _, row = name.rpartition("/")
        if row in rows_of(self.values, around) and isinstance(self._field(around), Rows):
            self.values[around].remove(row)
            self.focus = around
        else:
            self.focus = name
        for key in [key for key in self.values if key == name or key.startswith((f"{name}/", key_of(name)))]:
            del self.values[key]

    def text(self, name: str) -> str:
        """Return what stands in a control."""
        return text_of(self.values, name)

    def rows(self, name: str) -> list[str]:
        """Return the names of the rows that there are."""
        return [f"{name}/{row}" for row in rows_of(self.values, name)]

    def given(self, name: str) -> bool:
        """Say whether what may be left out is there."""
        return name in self.values

    def faults(self, name: str) -> list[str]:
        """Return what is wrong at a control."""
        return [told.detail for told in self.told if told.name == name]

    def faulty(self, *names: str) -> bool:
        """Say whether anything is wrong at or below any of these places."""
        return any(told.name == name or told.name.startswith(f"{name}/") for told in self.told for name in names)

    def _field(self, name: str) -> object:
        field: object = self.event
        for token in name.split("/")[1:]:
            field = field.inner(token) if isinstance(field, Group | Rows) else None
        return field

    def _told(self, fault: Fault) -> Told:
        tokens = [token.replace("~1", "/").replace("~0", "~") for token in fault.pointer.split("/")[1:]]
        name = self.event.place("", tokens, self.values) if fault.pointer.startswith("/") else NOWHERE
        if name == DATA:
            name = NOWHERE
        return Told(name, list(self._labels(name)) if name else [fault.pointer], fault.detail)

    def _labels(self, name: str) -> Iterator[str]:
        """Yield what leads to a control: labels, and of what repeats which row."""
        field: object = self.event
        here = ""
        for token in name.split("/")[1:]:
            if isinstance(field, List | Mapped):
                yield str(rows_of(self.values, here).index(token) + 1)
            here = f"{here}/{token}"
            within, field = field, field.inner(token) if isinstance(field, Group | Rows) else None
            if isinstance(within, Group) and here != DATA:
                yield getattr(field, "label", token)
