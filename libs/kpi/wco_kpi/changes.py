"""What changed between two moments: which KPIs, why, and by which events."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from wco_common.instant import Instant
from wco_events.measure import KpiStatuses
from wco_kpi.board import Board, Slot
from wco_kpi.frame import Window
from wco_kpi.loaded import Loaded
from wco_kpi.scorecard import kpi_answer
from wco_kpi.status import Reference
from wco_kpi.walk import Move, Place, Walk

WHY = ("facts", "plan", "members", "reference", "time")
"""Why a KPI can differ, in the order in which it is said."""


class Sight(NamedTuple):
    """A KPI as it is seen at a moment: what is answered, and what that rests on beside facts."""

    answer: dict[str, Any]
    of_statuses: bool
    plan: Any
    members: Any
    reference: Reference | None


def sights(board: Board, period: str) -> dict[str, Sight]:
    """Return every KPI of a period as the board sees it, in the plan's order; none where it has no such period."""
    if period not in board.plan.windows:
        return {}
    return {
        kpi: Sight(
            kpi_answer(board, kpi, period),
            isinstance(definition.measure, KpiStatuses),
            *board.reads(kpi, period),
            board.reference(kpi, period),
        )
        for kpi, definition in board.plan.kpis.items()
    }


class Touched(NamedTuple):
    """What events touched: by KPI and period those that changed its facts, and the last of all that touched it.

    The last one may also be one of the plan, the Members' lists or the baselines, which change no facts. It comes
    with its time: the last is the latest, and of one time the last by log and sequence.
    """

    facts: dict[Slot, list[Place]]
    last: dict[Slot, tuple[Instant, Place]]

    def add(self, other: "Touched") -> None:
        """Add what later events touched."""
        for slot, places in other.facts.items():
            self.facts.setdefault(slot, []).extend(places)
        self.last.update(other.last)


def differing(was: Mapping[str, Sight], now: Mapping[str, Sight]) -> list[str]:
    """Return the KPIs that differ and whose events have to be looked for; others' statuses explain the rest."""
    return [
        kpi
        for kpi, sight in now.items()
        if kpi not in was
        or (was[kpi].answer != sight.answer and not (sight.of_statuses and was[kpi].plan == sight.plan))
    ]


def touched(
    cells: Loaded, day: date, periods: Sequence[str], moves: Sequence[Move], kpis: Sequence[str] | None = None
) -> Touched:
    """Return what the moves, which are in order, touched of some KPIs (None: all) in some periods.

    What was recorded on a thing before the plan had it changed no fact then, nor does the plan that brings it.
    """
    walk = Walk(cells, day, kpis, periods)
    result = Touched({}, {})
    for time, each in groupby(moves, key=lambda move: move.time):
        events = list(each)
        step = walk.step(events)
        touching = {slot: list(places) for slot, places in step.touched.items()}
        for place, address in ((move.place, address) for move in events for address, _ in move.versions):
            if address.kind == "baseline":
                for period in periods:
                    touching.setdefault((address.key, period), []).append(place)
        for slot, places in touching.items():
            result.last[slot] = (time, max(places, key=lambda place: place.rank))
            if facts := [place for place in places if place not in step.framing]:
                result.facts.setdefault(slot, []).extend(facts)
    return result


def changes(
    was: Mapping[str, Sight], later: Mapping[str, Sight], now: Mapping[str, Sight], facts: Mapping[str, list[Place]]
) -> list[dict[str, Any]]:
    """Return the KPIs that differ between two moments, in the plan's order, with why and by which events.

    `was` is the first moment, `later` its positions seen from the second moment's day, `now` the second moment;
    `facts` the events in between that changed the facts of each KPI that is `differing`.
    """
    why = {kpi: _why(was.get(kpi), later.get(kpi), now.get(kpi), facts.get(kpi, ())) for kpi in {**now, **was}}
    events = {kpi: set(places) for kpi, places in facts.items()}
    for kpi, sight in now.items():
        if sight.of_statuses:
            moved = _moved(kpi, was, now)
            why[kpi] = set().union(*(why[each] for each in moved))
            events[kpi] = set().union(*(events.get(each, set()) for each in moved))
    return [
        {
            "id": kpi,
            "from": was[kpi].answer if kpi in was else None,
            "to": now[kpi].answer if kpi in now else None,
            "why": [reason for reason in WHY if reason in why[kpi]],
            "events": [place._asdict() for place in sorted(events.get(kpi, ()), key=lambda place: place.rank)],
        }
        for kpi in {**now, **was}
        if kpi not in was or kpi not in now or was[kpi].answer != now[kpi].answer
    ]


def causes(
    was: Mapping[str, Sight], now: Mapping[str, Sight], last: Mapping[Slot, tuple[Instant, Place]], window: Window
) -> dict[str, Place]:
    """Return the last event that touched each KPI of a window between two moments; none where only days passed.

    What touches a KPI's value in the period before touches its reference too; what touches a KPI whose status
    changed touches the KPIs that are made of statuses.
    """
    touching = {kpi: [last[kpi, window.id]] if (kpi, window.id) in last else [] for kpi in now}
    for kpi, sight in now.items():
        if window.previous is not None and _reference(was.get(kpi)) != sight.reference:
            touching[kpi] += [last[slot] for slot in [(kpi, window.previous)] if slot in last]
    for kpi, sight in now.items():
        if sight.of_statuses:
            touching[kpi] += [one for each in _moved(kpi, was, now) for one in touching.get(each, ())]
    return {kpi: max(each, key=lambda one: (one[0], one[1].rank))[1] for kpi, each in touching.items() if each}


def _moved(kpi: str, was: Mapping[str, Sight], now: Mapping[str, Sight]) -> list[str]:
    """Return the other KPIs whose status differs."""
    return [each for each in {**now, **was} if each != kpi and _status(was.get(each)) != _status(now.get(each))]


def _reference(sight: Sight | None) -> Reference | None:
    return None if sight is None else sight.reference


def _why(was: Sight | None, later: Sight | None, now: Sight | None, facts: Iterable[Place]) -> set[str]:
    reasons = {
        "facts": bool(list(facts)),
        "plan": was is None or now is None or was.plan != now.plan,
        "members": was is not None and now is not None and was.members != now.members,
        "reference": was is not None and now is not None and was.reference != now.reference,
        "time": was is not None and later is not None and was.answer != later.answer,
    }
    return {reason for reason, holds in reasons.items() if holds}


def _status(sight: Sight | None) -> str | None:
    return None if sight is None else sight.answer["status"]
