"""Restatements: entries of a KPI's history that do not add what happened, but say otherwise what was said before."""

from collections.abc import Collection, Mapping, Sequence
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
    """An entry, the event that caused it, and why it restates: a correction, something stated anew, or a sum less.

    Of what was recorded at once the event is the one that restates, else the last.
    """

    entry: Entry
    before: Entry | None
    event: Event | None
    why: Why | None

    @property
    def cause(self) -> Place | None:
        """Where the event is."""
        if self.event is None or self.entry.cause is None:
            return None
        return Place(self.entry.cause.log, int(self.event.sequence))


def steps(entries: Sequence[Entry], commits: Mapping[Place, Sequence[Event]]) -> Sequence[Step]:
    """Return the entries with their causes, and which of them restate.

    `commits` are the events that were recorded at once with the cause of each entry, which is the last of them.
    """
    stated: set[tuple[object, ...]] = set()
    found: list[Step] = []
    before: Entry | None = None
    for entry in entries:
        commit = () if entry.cause is None else commits.get(entry.cause, ())
        found.append(_step(entry, before, commit, stated))
        stated.update(_states(event) for event in commit)
        before = entry
    return found


def _step(entry: Entry, before: Entry | None, commit: Sequence[Event], stated: Collection[tuple[object, ...]]) -> Step:
    last = commit[-1] if commit else None
    if last is None or before is None:
        return Step(entry, before, last, None)
    for event in reversed(commit):
        if event.kind.rpartition(".")[2] in CORRECTING:
            return Step(entry, before, event, "corrected")
        if _states(event) in stated:
            return Step(entry, before, event, "anew")
    return Step(entry, before, last, "less" if Decimal(entry.numerator) < Decimal(before.numerator) else None)


def _states(event: Event) -> tuple[object, ...]:
    """Return what an event speaks of: a second one on the same replaces the first."""
    return (event.type, event.subject, *(event.data.get(name) for name in ("stage", "member", "respondent", "step")))
