"""What statuses are made of, wanted of a store before anything is worked out of what is missing yet."""

from collections.abc import Iterable

from wco_kpi.board import Board, Slot


def want(board: Board, kpis: Iterable[str], period: str) -> None:
    """Want the cells that the statuses of some KPIs in a period are made of.

    Nothing is wanted in a period that the plan does not have. Raises UnknownKpi.
    """
    if period in board.plan.windows:
        wanted: set[Slot] = set()
        for kpi in kpis:
            _want(board, kpi, period, wanted)


def _want(board: Board, kpi: str, period: str, wanted: set[Slot]) -> None:
    for window in (period, board.compared_with(kpi, period)):
        if window is None or (kpi, window) in wanted:
            continue
        wanted.add((kpi, window))
        if (measure := board.measuring(kpi, window)) is None:
            for other in board.plan.measured:
                _want(board, other.id, window, wanted)
        else:
            for group in measure.groups():
                board.cells.group(*group)
