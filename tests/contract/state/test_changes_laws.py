"""Changes between moments, told over the state on SQL: from a to b and from b to c they compose to a to c."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from courses import Projectors
from folding import Events, Everything, Versions, decoded, in_memory, moves_of, positions_at, times
from histories import History, histories
from kpi_projector.answers import Answers
from kpi_projector.moment import Moment, Positions
from wco_common.instant import parse_instant
from wco_events.event_type import LOG_NAMES, LogName
from wco_kpi.board import Board
from wco_kpi.changes import changes, sights, touched
from wco_kpi.walk import Place

Opening = Callable[[], AbstractAsyncContextManager[Projectors]]
PERIODS = ["2022-23", "2023-24", "2024-25", "sp-2022-2025"]
WHOLE = 10_000
"""Events in a stretch that no history here has as many of."""

Facts = Mapping[str, set[Place]]
Changes = list[dict[str, Any]]


def at_time(events: Events, random: Random) -> list[Moment]:
    """Three moments that are times."""
    return [Moment(time, positions_at(events, time), fixed=True) for time in sorted(random.choices(times(events), k=3))]


def at_positions(events: Events, random: Random, plan: int | None = None) -> list[Moment]:
    """Three moments that are positions, no cuts in time; of the plan's log as drawn too, or all at `plan`."""
    drawn = {log: sorted(random.randint(0, len(events[log])) for _ in range(3)) for log in LOG_NAMES}
    drawn["plan-registry"] = [max(at, 1) for at in drawn["plan-registry"]] if plan is None else [plan] * 3
    return [moment_of(events, {log: drawn[log][number] for log in LOG_NAMES}) for number in range(3)]


def moment_of(events: Events, positions: Positions) -> Moment:
    recorded = [parse_instant(events[log][at - 1].recordedtime) for log, at in positions.items() if at]
    return Moment(max(recorded), positions, fixed=True)


def ends(told: Changes) -> dict[str, tuple[Any, Any]]:
    return {change["id"]: (change["from"], change["to"]) for change in told}


def composed(first: Changes, second: Changes) -> dict[str, tuple[Any, Any]]:
    """What differs over two ways, one after the other."""
    one, two = ends(first), ends(second)
    together = {kpi: ((one.get(kpi) or two[kpi])[0], (two.get(kpi) or one[kpi])[1]) for kpi in {**one, **two}}
    return {kpi: (was, now) for kpi, (was, now) in together.items() if was != now}


async def facts(answers: Answers, since: Moment, until: Moment, period: str) -> Facts:
    """The events that changed each KPI's facts, whether the KPI differs at the end or not."""
    kpis = [*{**await answers.sights(since, period), **await answers.sights(until, period)}]
    found = await answers.touched(since, until, kpis, [period])
    return {kpi: set(places) for (kpi, _), places in found.facts.items()}


def in_memory_changes(events: Events, since: Moment, until: Moment, period: str) -> Changes:
    """What a replay tells of changes: every event's versions gone over in memory."""
    versions = Versions()
    for log in LOG_NAMES:
        versions.fold(log, events[log])
    moves = moves_of(events, versions)
    cells = Everything()
    for move in moves:
        if move.place.sequence <= since.positions[move.place.log]:
            for address, cell in move.versions:
                cells.put(address, cell)

    def is_between(log: LogName, sequence: int) -> bool:
        return since.positions[log] < sequence <= until.positions[log]

    between = [move for move in moves if is_between(*move.place)]
    found = touched(cells, since.day, [period], between).facts
    was, later, now = (
        sights(Board(in_memory(events, moment.positions), day), period)
        for moment, day in ((since, since.day), (since, until.day), (until, until.day))
    )
    return changes(was, later, now, {kpi: places for (kpi, _), places in found.items()})


@settings(max_examples=14)
@given(
    lines=histories(40),
    seed=st.integers(0, 2**32 - 1),
    way=st.sampled_from(["times", "positions", "positions of one plan"]),
    stretch=st.sampled_from([1, 3, 7]),
    period=st.sampled_from(PERIODS),
)
async def test_changes_compose_in_whatever_stretches_they_are_told(
    on_sqlite: Opening, lines: History, seed: int, way: str, stretch: int, period: str
) -> None:
    events, random = decoded(lines), Random(seed)
    plan = random.randint(1, len(events["plan-registry"])) if way == "positions of one plan" else None
    a, b, c = at_time(events, random) if way == "times" else at_positions(events, random, plan)
    async with on_sqlite() as both:
        await both.finish(events)
        whole, short = Answers(both[0], WHOLE, boards=3), Answers(both[0], stretch, boards=1)
        told = []
        for since, until in (ways := [(a, b), (b, c), (a, c)]):
            told.append(await whole.changes(since, until, period))
            assert await short.changes(since, until, period) == told[-1], "stretches tell something else"
            assert told[-1] == in_memory_changes(events, since, until, period), "a replay tells something else"
        assert ends(told[2]) == composed(told[0], told[1])
        # What an event changes depends on the plan and the Members' list that it comes upon. So its events compose
        # where these come in the same order on the way from a to c as on the ways by b: always, if moments are times.
        if way != "positions":
            first, second, all_the_way = [await facts(whole, since, until, period) for since, until in ways]
            assert all_the_way == {kpi: first.get(kpi, set()) | second.get(kpi, set()) for kpi in {**first, **second}}
