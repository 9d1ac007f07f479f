"""The walk: a board that goes from one recorded time to the next, and says what each event touched."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from wco_common.instant import Instant, utc_day
from wco_events.event_type import LOG_NAMES, LogName
from wco_kpi.board import Board, Slot
from wco_kpi.cell import Address, Cell
from wco_kpi.figure import Figure
from wco_kpi.frame import NoPlan
from wco_kpi.group import GroupId
from wco_kpi.loaded import FRAME, Loaded

FRAME_KINDS = frozenset(kind for kind, _ in FRAME)
INDEX_KINDS = frozenset({"surveys", "survey"})
"""Kinds of cells that say which other groups a measure reads."""
_MONTHLY_KINDS = frozenset({"ratings", "seizures"})
"""Kinds of totals between whose months an event moves a survey or an operation, which gives its facts no content."""


class Place(NamedTuple):
    """A place in a log."""

    log: LogName
    sequence: int

    @property
    def rank(self) -> tuple[int, int]:
        """What places are sorted by: the log's order, then the sequence."""
        return LOG_NAMES.index(self.log), self.sequence


class Version(NamedTuple):
    """A cell's new content, from the event that its sequence names."""

    address: Address
    cell: Cell


class Move(NamedTuple):
    """What one event made of the cells that are followed."""

    time: Instant
    place: Place
    versions: Sequence[Version]


@dataclass
class Step:
    """What one recorded time did: the events that touched each KPI, in order.

    `framing` are the events of the plan, the Members' lists and the baselines: what they touch is no fact.
    """

    last: Place
    touched: dict[Slot, list[Place]] = field(default_factory=dict)
    framing: set[Place] = field(default_factory=set)


def in_order(moves: Iterable[Move]) -> list[Move]:
    """Return moves by time, then by log, then by sequence."""
    return sorted(moves, key=lambda move: (move.time, move.place.rank))


class Walk:
    """KPIs followed over cells that change; `board` is None before a plan is adopted.

    `kpis` None: all that the plan in force has.
    """

    def __init__(self, cells: Loaded, day: date, kpis: Sequence[str] | None, periods: Sequence[str]) -> None:
        self.cells = cells
        self.day = day
        self.kpis = kpis
        self.periods = periods
        self.board: Board | None = None
        self._reset()
        self.read()

    def read(self) -> dict[Slot, Figure]:
        """Return the figures as they stand. What they are made of is loaded then, and its moves are looked for."""
        return self._figures(self.slots())

    def _reset(self, changed: Set[Address] = frozenset()) -> None:
        try:
            self.board = Board(self.cells, self.day) if self.board is None else self.board.framed_anew(changed)
        except NoPlan:
            self.board = None

    def slots(self) -> list[Slot]:
        """Return the (KPI, period) pairs that are followed and that the plan in force has."""
        if self.board is None:
            return []
        plan = self.board.plan
        kpis = plan.kpis if self.kpis is None else [kpi for kpi in self.kpis if kpi in plan.kpis]
        return [(kpi, period) for period in self.periods if period in plan.windows for kpi in kpis]

    def see_from(self, day: date) -> None:
        """See the same cells from another day."""
        self.day = day
        if self.board is not None:
            for slot in self.board.see_from(day):
                self.board.parts(*slot)

    def read_until(self, day: date) -> None:
        """See the cells from each month up to a day, so that all that is read on the way there is wanted at once."""
        if self.board is not None:
            # The plan may have been adopted before it began.
            seen = max(self.day, min(window.first for window in self.board.plan.windows.values()) - timedelta(days=366))
            while seen < day:
                self.see_from(seen)
                seen = (seen.replace(day=1) + timedelta(days=32)).replace(day=1)
        self.see_from(day)

    def step(self, moves: Sequence[Move]) -> Step:
        """Go over the moves of one recorded time."""
        self.see_from(utc_day(moves[0].time))
        step = Step(moves[-1].place)
        for move in moves:
            if any(version.address.kind in FRAME_KINDS for version in move.versions):
                step.framing.add(move.place)
            for slot in self._take(move.versions):
                step.touched.setdefault(slot, []).append(move.place)
        return step

    def pass_over(self, moves: Iterable[Move]) -> None:
        """Come to where some moves lead, without a word of what each of them touched."""
        self._take(list({version.address: version for move in moves for version in move.versions}.values()))

    def _take(self, versions: Sequence[Version]) -> set[Slot]:
        """Take an event's versions, and return what they touched."""
        touched: set[Slot] = set()
        renewed: set[Slot] = set()
        moving = len({address.group for address, _ in versions if address.kind in _MONTHLY_KINDS}) > 1
        renewing = INDEX_KINDS | _MONTHLY_KINDS if moving else INDEX_KINDS
        figures = self._figures_of(address[:2] for address, _ in versions if address.kind in renewing)
        framing = {address for address, _ in versions if address.kind in FRAME_KINDS}
        reads = self._reads() if framing else {}
        for address, cell in versions:
            self.cells.put(address, cell)
            if self.board is None or address in framing:
                continue
            changed = self.board.change(address, cell, forget=address.kind in INDEX_KINDS)
            if address.kind in renewing:
                renewed |= changed
            else:
                touched |= changed
        if framing:
            self._reset(framing)
            touched |= {slot for slot, read in self._reads().items() if reads.get(slot) != read}
            self._find_parts()
        # Read at once, so that the next event finds the parts that it changes, be it of the same commit.
        now = self._figures(renewed)
        touched |= {slot for slot in renewed if figures.get(slot) != now.get(slot)}
        return {slot for slot in touched if self._follows(*slot)}

    def _find_parts(self) -> None:
        """Find the parts of all that is followed."""
        if self.board is not None:
            for slot in self.slots():
                self.board.parts(*slot)

    def _figures_of(self, groups: Iterable[GroupId]) -> dict[Slot, Figure]:
        """Return the figures, as they stand, of the KPIs that have parts of some groups' cells."""
        board = self.board
        return {} if board is None else self._figures(slot for group in groups for slot in board.readers(group))

    def _figures(self, slots: Iterable[Slot]) -> dict[Slot, Figure]:
        return {} if self.board is None else {slot: self.board.figure(*slot) for slot in slots if self._follows(*slot)}

    def _follows(self, kpi: str, period: str) -> bool:
        """Say whether a KPI of the plan in force is followed in a period."""
        plan = None if self.board is None else self.board.plan
        return (
            plan is not None
            and period in self.periods
            and (self.kpis is None or kpi in self.kpis)
            and kpi in plan.kpis
            and period in plan.windows
        )

    def _reads(self) -> dict[Slot, object]:
        return {slot: self.board.reads(*slot) for slot in self.slots()} if self.board is not None else {}
