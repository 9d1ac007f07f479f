"""The history of one KPI: an entry for each recorded time, and for some each day, at which it became another."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import groupby
from operator import attrgetter

from wco_common.instant import Instant, end_of_day, utc_day
from wco_events.measure import KpiStatuses
from wco_kpi.board import Board, Slot
from wco_kpi.figure import Figure
from wco_kpi.loaded import Loaded
from wco_kpi.measuring import NEVER
from wco_kpi.status import Status
from wco_kpi.walk import FRAME_KINDS, INDEX_KINDS, Move, Place, Step, Walk

RUN = 256
"""Moves that are passed over together, if none of them changes the figure."""
_FEW = 100
"""Parts that a figure is made of in no time."""

Shown = tuple[Fraction, Fraction] | None
"""A numerator and a denominator; None before there is one."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a KPI became at a time, and the last event of that time that touched it (None: the day passed)."""

    time: Instant
    figure: Figure
    value: Fraction | None
    status: Status
    cause: Place | None


class History:
    """A KPI's history in a period, from cells as of `since` on.

    `shown` is what the last entry came to, so that a history can be told in stretches.
    """

    def __init__(self, cells: Loaded, since: Instant, slot: Slot, shown: Shown, run: int = RUN) -> None:
        self._slot = slot
        self._run = run
        self._walk = Walk(cells, utc_day(since), [slot[0]], [slot[1]])
        self._followed: Board | None = None
        self._follow()
        self.shown = shown

    def _board(self) -> Board | None:
        """Return the board, where its plan has the KPI and the period."""
        board = self._walk.board
        kpi, period = self._slot
        return board if board is not None and kpi in board.plan.kpis and period in board.plan.windows else None

    @property
    def _of_statuses(self) -> bool:
        """Whether the plan in force makes the KPI of other KPIs' statuses; another plan may not."""
        board = self._board()
        return board is not None and isinstance(board.definition(self._slot[0]).measure, KpiStatuses)

    def _follow(self) -> None:
        """Follow what the plan in force makes the KPI of: one of statuses needs all others, and the period before."""
        board = self._board()
        if board is self._followed or board is None:
            return
        self._followed = board
        if self._of_statuses:
            previous = board.plan.window(self._slot[1]).previous
            self._walk.kpis = None
            self._walk.periods = [period for period in (self._slot[1], previous) if period is not None]
            self._walk.read()

    def _fraction(self) -> Shown:
        board = self._board()
        if board is None:
            return None
        figure = board.figure(*self._slot)
        return figure.numerator, figure.denominator

    def read_until(self, time: Instant) -> None:
        """Read what the history reads on the way to a time."""
        self._walk.read_until(utc_day(time))

    def entries(self, moves: Sequence[Move], until: Instant) -> Iterator[Entry]:
        """Yield the entries that the moves, in order, and the days that end by `until` make."""
        for run in _runs(moves, self._run):
            if self._stands_still(run):
                self._walk.pass_over(run)
                continue
            for time, events in groupby(run, key=_time):
                yield from self._days(utc_day(time))
                self._walk.see_from(utc_day(time))
                statuses, before = self._statuses(), self._fraction()
                step = self._walk.step(list(events))
                self._follow()
                board = self._board()
                if board is not None and self._fraction() != before:
                    yield self._entry(board, time, self._cause(step, statuses))
        yield from self._days(utc_day(until + 1))

    def _stands_still(self, moves: Iterable[Move]) -> bool:
        """Say whether no move changes numerator or denominator; False also where that takes long to find out.

        A figure may stand for years while what is provisional beside it moves with every report.
        """
        board = self._board()
        measure = None if board is None else board.measuring(*self._slot)
        if board is None or measure is None or measure.seen() != NEVER:
            return False
        parts = board.parts(*self._slot)
        if len(parts) > _FEW:
            return False
        parts, groups, stands = dict(parts), set(measure.groups()), measure.figure(parts)
        for move in moves:
            for address, cell in move.versions:
                if address.kind in FRAME_KINDS or address.kind in INDEX_KINDS:
                    return False
                if address[:2] in groups:
                    parts[address] = measure.part(address, cell)
            figure = measure.figure({address: part for address, part in parts.items() if part})
            if (figure.numerator, figure.denominator) != (stands.numerator, stands.denominator):
                return False
        return True

    def _days(self, day: date) -> Iterator[Entry]:
        """Yield an entry for each day before `day` at whose end a KPI of statuses is not what it last was."""
        while self._of_statuses and self._walk.day < day:
            board = self._board()
            if board is not None and self._fraction() != self.shown:
                yield self._entry(board, end_of_day(self._walk.day), None)
            self._walk.see_from(self._walk.day + timedelta(days=1))

    def _entry(self, board: Board, time: Instant, cause: Place | None) -> Entry:
        self.shown = self._fraction()
        return Entry(time, board.figure(*self._slot), board.value(*self._slot), board.status(*self._slot), cause)

    def _statuses(self) -> Mapping[str, Status]:
        """Return the statuses that a KPI of statuses is made of."""
        board = self._board()
        return board.statuses(self._slot[1]) if board is not None and self._of_statuses else {}

    def _cause(self, step: Step, before: Mapping[str, Status]) -> Place:
        """Return the last event of a step that touches the KPI; of one of statuses, a KPI whose status changed."""
        changed = {kpi for kpi, status in self._statuses().items() if before.get(kpi) != status}
        places = [
            place
            for slot, touching in step.touched.items()
            if slot == self._slot or slot[0] in changed
            for place in touching
        ]
        return max(
            [*places, *(step.framing if self._of_statuses else ())], default=step.last, key=lambda each: each.rank
        )


_time: Callable[[Move], Instant] = attrgetter("time")


def _runs(moves: Iterable[Move], least: int) -> Iterator[list[Move]]:
    """Yield moves in runs of so many, and those of one recorded time in one run."""
    run: list[Move] = []
    for move in moves:
        if len(run) >= least and move.time != run[-1].time:
            yield run
            run = []
        run.append(move)
    if run:
        yield run
