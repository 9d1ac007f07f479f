"""What the data of every event type have in common: a closed model, and rules between its fields."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from wco_events.event_type import EventType, LogName, type_of
from wco_events.fault import Fault, pointer
from wco_events.forms import without_null_defaults

Check = Callable[[Mapping[str, Any], str], Iterable[Fault]]
"""Yields what is wrong with an event's data, given its subject. The fields that it reads are sound by themselves."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What must hold between fields of one event, by the event alone (422).

    `reads` names the top-level fields of data that `check` looks at. It is asked when these are sound, whatever
    is wrong with others: so one answer tells as many faults as can be told.
    """

    reads: frozenset[str]
    check: Check


def rule(*reads: str) -> Callable[[Check], Rule]:
    """Make a rule of a check that reads these fields of data."""
    return lambda check: Rule(frozenset(reads), check)


def in_order(first: str, last: str) -> Rule:
    """Return the rule that the date `last`, where it is given, is not before the date `first`."""

    @rule(first, last)
    def check(data: Mapping[str, Any], subject: str) -> Iterable[Fault]:
        if last in data and data[last] < data[first]:
            yield Fault(pointer("data", last), f"must not be before {first}, which is {data[first]}")

    return check


class EventData(BaseModel):
    """The data of an event: strict, closed, never changed. Its docstring's first line is the type's summary."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, json_schema_extra=without_null_defaults)

    rules: ClassVar[tuple[Rule, ...]] = ()


PART = ConfigDict(strict=True, extra="forbid")
"""The configuration of the objects inside data. They are typed dictionaries, which are read twice as fast."""


def _any_subject(data: Mapping[str, Any]) -> None:
    return None


def event_type(
    log: LogName,
    history: Mapping[str, tuple[str, Mapping[str, Any]]],
    name: str,
    data: type[BaseModel],
    *,
    happened: tuple[str, ...] = (),
    subject_of: Callable[[Mapping[str, Any]], str | None] = _any_subject,
    subject_form: Literal["id", "pair", "members"] = "id",
) -> EventType:
    """Return an event type. `history` has the subject and data of its example, by name."""
    subject, example_data = history[name]
    return EventType(
        log=log,
        name=name,
        summary=inspect.cleandoc(data.__doc__ or "").partition("\n")[0],
        data=data,
        example={
            "specversion": "1.0",
            "id": f"example-{name}",
            "source": "urn:example:wco-secretariat",
            "type": type_of(name),
            "subject": subject,
            "datacontenttype": "application/json",
            "data": example_data,
        },
        happened=happened,
        subject_of=subject_of,
        subject_form=subject_form,
    )
