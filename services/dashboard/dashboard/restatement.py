"""Restatements: entries of a KPI's history that do not add what happened, but say otherwise what was said before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from dashboard.answers import Entry, Place
from dashboard.event import Event

CORRECTING = frozenset(
    {"corrected", "retracted", "revised", "withdrawn", "reopened", "cancelled", "rescheduled"}
    | {"accreditation-corrected", "step-retracted"}
)
"""The last words of the types of events that take back or replace what was recorded."""


Why = Literal["corrected", "anew", "less"]


@dataclass(frozen=True)
class Step:
    """An entry, what caused it, and why it restates: a correction, something stated anew, or a sum that became less."""

    entry: Entry
    before: Entry | None
    event: Event | None
    why: Why | None


def steps(entries: Sequence[Entry], events: Mapping[Place, Event]) -> Sequence[Step]:
    """Return the entries with their causes, and which of them restate."""
    stated: set[tuple[object, ...]] = set()
    found: list[Step] = []
    before: Entry | None = None
    for entry in entries:
        event = None if entry.cause is None else events.get(entry.cause)
        found.append(Step(entry, before, event, _why(entry, before, event, stated)))
        if event is not None:
            stated.add(_states(event))
        before = entry
    return found


def _why(entry: Entry, before: Entry | None, event: Event | None, stated: set[tuple[object, ...]]) -> Why | None:
    if event is None or before is None:
        return None
    if event.kind.rpartition(".")[2] in CORRECTING:
        return "corrected"
    if _states(event) in stated:
        return "anew"
    return "less" if Decimal(entry.numerator) < Decimal(before.numerator) else None


def _states(event: Event) -> tuple[object, ...]:
    """Return what an event speaks of: a second one on the same replaces the first."""
    return (event.type, event.subject, *(event.data.get(name) for name in ("stage", "member", "respondent", "step")))
