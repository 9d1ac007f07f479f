"""What statuses are made of is wanted whole, and nothing beside it, before any of them is worked out."""

from collections.abc import Callable
from functools import partial

import pytest

from folding import Events, example, in_memory, positions_at, times
from wco_common.instant import utc_day
from wco_kpi.board import Board
from wco_kpi.group import GroupId
from wco_kpi.loaded import Loaded
from wco_kpi.scorecard import kpi_answers
from wco_kpi.wanting import want


def read_by(ask: Callable[[Board], object], events: Events, time: int) -> set[GroupId]:
    """Return what groups are loaded when a board is asked until nothing is missing."""
    memory, cells = in_memory(events, positions_at(events, time)), Loaded()
    while cells.wanted:
        cells.load({group: memory.group(*group) for group in set(cells.wanted)})
        ask(Board(cells, utc_day(time)))
    return set(cells.groups)


def wanted_for_a_scorecard(board: Board, period: str) -> None:
    want(board, board.plan.kpis, period)


@pytest.mark.parametrize("name", ["edges", "a"])
@pytest.mark.parametrize("part", [0.4, 1.0])
def test_what_a_scorecard_reads_is_what_was_wanted_for_it(name: str, part: float) -> None:
    events = example(name)
    time = times(events)[int(part * (len(times(events)) - 1))]
    periods = list(Board(in_memory(events, positions_at(events, time)), utc_day(time)).plan.windows)
    for period in periods:
        wanted = read_by(partial(wanted_for_a_scorecard, period=period), events, time)
        read = read_by(partial(kpi_answers, period=period), events, time)
        assert (period, wanted) == (period, read)


def test_what_a_kpi_of_statuses_reads_is_what_was_wanted_for_it() -> None:
    events = example("edges")
    time = times(events)[-1]
    wanted = read_by(lambda board: want(board, ["RES.completion"], "sp-2022-2025"), events, time)
    read = read_by(lambda board: board.status("RES.completion", "sp-2022-2025"), events, time)
    # Of one without data nothing is read that it would be compared with.
    assert wanted >= read
    assert any(kind == "submission" for kind, _ in read)


def test_nothing_is_wanted_in_a_period_that_the_plan_does_not_have() -> None:
    events = example("edges")
    time = times(events)[-1]
    assert read_by(partial(wanted_for_a_scorecard, period="1999"), events, time) == set(Loaded().wanted)
