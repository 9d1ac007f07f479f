"""What changed between two moments: which KPIs, why, and by which events."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from wco_events.measure import KpiStatuses
from wco_kpi.board import Board, Reference
from wco_kpi.loaded import Loaded
from wco_kpi.scorecard import kpi_answer
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
    """Events that touched KPIs: those that changed a KPI's facts, and those of plan, Members and baselines."""

    facts: dict[str, list[Place]]
    framing: list[Place]


def touched(cells: Loaded, day: date, period: str, moves: Sequence[Move]) -> Touched:
    """Return the events among the moves, which are in order, that touched a period's KPIs.

    What was recorded on a thing before the plan had it changed no fact then, nor does the plan that brings it.
    """
    walk = Walk(cells, day, None, [period])
    result = Touched({}, [])
    for _, each in groupby(moves, key=lambda move: move.time):
        step = walk.step(list(each))
        result.framing.extend(sorted(step.framing, key=lambda place: place.rank))
        for (kpi, _), places in step.touched.items():
            result.facts.setdefault(kpi, []).extend(place for place in places if place not in step.framing)
    return result


def changes(
    was: Mapping[str, Sight], later: Mapping[str, Sight], now: Mapping[str, Sight], facts: Mapping[str, list[Place]]
) -> list[dict[str, Any]]:
    """Return the KPIs that differ between two moments, in the plan's order, with why and by which events.

    `was` is the first moment, `later` its positions seen from the second moment's day, `now` the second moment;
    `facts` the events in between that changed each KPI's facts.
    """
    why = {kpi: _why(was.get(kpi), later.get(kpi), now.get(kpi), facts.get(kpi, ())) for kpi in {**now, **was}}
    events = {kpi: set(places) for kpi, places in facts.items()}
    for kpi, sight in now.items():
        if sight.of_statuses:
            moved = [each for each in why if each != kpi and _status(was.get(each)) != _status(now.get(each))]
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
