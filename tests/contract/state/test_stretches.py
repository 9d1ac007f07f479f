"""A long way between two moments is gone in stretches, which lie between them and leave nothing out."""

from itertools import pairwise
from random import Random

import pytest

from folding import Events, positions_at, times
from kpi_projector.answers import Answers
from kpi_projector.moment import Moment, Positions
from kpi_projector.state import SqlState
from wco_common.instant import parse_instant
from wco_events.event_type import LOG_NAMES

WAYS = 12
"""Pairs of moments that are drawn."""


def as_of_positions(events: Events, positions: Positions) -> Moment:
    """A moment that is positions, which need not be a cut in time."""
    recorded = [parse_instant(events[log][at - 1].recordedtime) for log, at in positions.items() if at]
    return Moment(max(recorded), positions, fixed=True)


@pytest.mark.parametrize(("first", "stretch"), [(None, 1), (None, 3), (None, 10_000), (1, 10_000), (2, 3)])
@pytest.mark.parametrize("as_positions", [False, True], ids=["times", "positions"])
async def test_stretches_lie_between_the_ends_and_leave_nothing_out(
    state: SqlState, events: Events, first: int | None, stretch: int, as_positions: bool
) -> None:
    random = Random(2)
    for _ in range(WAYS):
        if as_positions:
            drawn = {log: sorted(random.choices(range(1, len(events[log]) + 1), k=2)) for log in LOG_NAMES}
            since, until = (as_of_positions(events, {log: at[end] for log, at in drawn.items()}) for end in (0, 1))
        else:
            ends = sorted(random.choices(times(events), k=2))
            since, until = (Moment(time, positions_at(events, time), fixed=True) for time in ends)
        gone = [each async for each in Answers(state, stretch, boards=1).stretches(since, until, first)]
        assert (gone[0][0], gone[-1][1]) == (since, until)
        assert all(one[1] == next_one[0] for one, next_one in pairwise(gone))
        for start, end in gone:
            for log in LOG_NAMES:
                assert since.positions[log] <= start.positions[log] <= end.positions[log] <= until.positions[log]
            # Positions may lack what was recorded before the newest event in them: then a stretch goes back for it.
            assert end.time <= until.time
            assert as_positions or start.time <= end.time
