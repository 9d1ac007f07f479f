"""What the parts of cells depend on: `seen` says so, and boards and walks take parts over where it is the same."""

from datetime import date, timedelta
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from folding import Everything, Versions, decoded, in_memory, last_day, moves_of, positions_at, times
from histories import History, histories, history
from wco_common.instant import start_of_day
from wco_kpi.board import Board
from wco_kpi.cell import Address
from wco_kpi.changes import touched
from wco_kpi.walk import Walk

FEW = settings(max_examples=15, deadline=None)
DAYS = st.lists(st.dates(date(2022, 6, 1), date(2025, 12, 31)), min_size=2, max_size=2)


@FEW
@given(histories(60), DAYS)
def test_where_a_measure_sees_the_same_every_cell_has_the_same_part(lines: History, days: list[date]) -> None:
    events = decoded(lines)
    cells = in_memory(events, positions_at(events, times(events)[-1]))
    boards = [Board(cells, day) for day in days]
    for kpi in boards[0].plan.kpis:
        measures = [board.measuring(kpi, period) for board in boards for period in board.plan.windows]
        for one, other in combinations([each for each in measures if each is not None], 2):
            if one.seen() == other.seen():
                for kind, group in {*one.groups(), *other.groups()}:
                    for key, cell in cells.group(kind, group).items():
                        address = Address(kind, group, key)
                        assert (one.part(address, cell) or None) == (other.part(address, cell) or None), (kpi, address)


@FEW
@given(histories(60))
def test_what_touches_each_period_is_the_same_alone_and_beside_the_others(lines: History) -> None:
    events, versions = decoded(lines), Versions()
    for log, each in events.items():
        versions.fold(log, each)
    moves = moves_of(events, versions)
    periods = list(Board(in_memory(events, positions_at(events, times(events)[-1])), last_day(events)).plan.windows)
    together = touched(Everything(), date(2022, 6, 1), periods, moves)
    alone = [touched(Everything(), date(2022, 6, 1), [period], moves) for period in periods]
    assert together.facts == {slot: places for each in alone for slot, places in each.facts.items()}
    assert together.last == {slot: last for each in alone for slot, last in each.last.items()}


def test_a_walk_over_years_keeps_nothing_of_the_days_that_are_past() -> None:
    events, versions = decoded(history(seed=2, events=80)), Versions()
    for log, each in events.items():
        versions.fold(log, each)
    walk = Walk(Everything(), date(2022, 6, 1), None, ["sp-2022-2025"])
    for move in moves_of(events, versions):
        if move.time < start_of_day(date(2024, 1, 10)):
            walk.step([move])
    assert walk.board is not None
    sizes = []
    for _ in range(90):
        walk.see_from(walk.day + timedelta(days=1))
        sizes.append(sum(len(group._taken) for group in walk.cells.groups.values()))
    assert max(sizes) < sizes[0] + 12
