"""What changed between two moments: which KPIs, why, and by which events."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from wco_events.measure import KpiStatuses
from wco_kpi.board import Board
from wco_kpi.loaded import Loaded
from wco_kpi.scorecard import kpi_answer
from wco_kpi.walk import Move, Place, Walk

Events = dict[str, list[Place]]
"""By KPI: the events that changed its facts, by log and sequence."""


def facts_changed(cells: Loaded, day: date, period: str, moves: Sequence[Move]) -> Events:
    """Return the events among the moves, in order, that changed a KPI's facts.

    An event of the plan or of a Members' list changes what a KPI reads, and no fact.
    """
    walk = Walk(cells, day, None, [period])
    events: Events = {}
    for _, each in groupby(moves, key=lambda move: move.time):
        step = walk.step(list(each))
        for (kpi, _), places in step.touched.items():
            events.setdefault(kpi, []).extend(place for place in places if place not in step.framing)
    return events


def changes(
    before: Loaded, days: tuple[date, date], after: Loaded, period: str, moves: Sequence[Move]
) -> list[dict[str, Any]]:
    """Return the KPIs that differ between two moments, in the plan's order, with why and by which events.

    `before` and `after` are the cells of the two moments, `days` the days that they are seen from, and `moves`
    what happened in between.
    """
    start, end = Board(before, days[0]), Board(after, days[1])
    later = Board(before, days[1])
    events = facts_changed(before.copy(), days[0], period, moves)
    told: dict[str, dict[str, Any]] = {}
    for kpi in dict.fromkeys([*end.plan.kpis, *start.plan.kpis]):
        was, now = _answer(start, kpi, period), _answer(end, kpi, period)
        why = []
        if events.get(kpi):
            why.append("facts")
        if was is not None and now is not None:
            reads, read = start.reads(kpi, period), end.reads(kpi, period)
            why += ["plan"] if reads[0] != read[0] else []
            why += ["members"] if reads[1] != read[1] else []
            why += ["reference"] if start.reference(kpi, period) != end.reference(kpi, period) else []
            why += ["time"] if _answer(later, kpi, period) != was else []
        else:
            why.append("plan")
        told[kpi] = {"id": kpi, "from": was, "to": now, "why": why, "events": events.get(kpi, [])}
    for kpi, change in told.items():
        if kpi in end.plan.kpis and isinstance(end.definition(kpi).measure, KpiStatuses):
            moved = [
                each for each in told.values() if _status(each["from"]) != _status(each["to"]) and each["id"] != kpi
            ]
            change["why"] = [why for why in _WHY if any(why in each["why"] for each in moved)]
            change["events"] = sorted(
                {place for each in moved for place in each["events"]}, key=lambda place: place.rank
            )
    return [
        change | {"events": [place._asdict() for place in sorted(set(change["events"]), key=lambda place: place.rank)]}
        for change in told.values()
        if change["from"] != change["to"]
    ]


_WHY = ("facts", "plan", "members", "reference", "time")


def _status(answer: dict[str, Any] | None) -> str | None:
    return None if answer is None else answer["status"]


def _answer(board: Board, kpi: str, period: str) -> dict[str, Any] | None:
    if kpi not in board.plan.kpis or period not in board.plan.windows:
        return None
    return kpi_answer(board, kpi, period)
