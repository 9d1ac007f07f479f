"""Listings: what is read in pages, worked out once for all pages that are as of one moment."""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from kpi_projector.answers import Answers
from kpi_projector.cursor import Cursor, first
from kpi_projector.moment import Moment
from kpi_projector.state import SqlState
from wco_common.shared import Kept, Shared
from wco_events.event_type import LOG_NAMES
from wco_kpi.board import Board, Slot
from wco_kpi.history import Entry, History, Shown
from wco_kpi.loaded import Loaded
from wco_kpi.measuring import Contribution
from wco_kpi.walk import Move


class _Told(NamedTuple):
    """What follows a place in a history: its entries as far as they are told, and what the last one came to."""

    entries: Sequence[Entry]
    until: Moment
    shown: Shown


class Listings:
    """Histories and evidence. The last ones are kept, `kept` of each at most."""

    def __init__(self, answers: Answers, state: SqlState, *, kept: int, first_stretch: int) -> None:
        """Look at `first_stretch` events of a log first: a page of a long history comes of few."""
        self._answers = answers
        self._state = state
        self._first_stretch = first_stretch
        self._histories: Kept[Cursor, _Told] = Kept(kept)
        self._evidence: Shared[Cursor, list[Contribution]] = Shared(kept)

    async def stop(self) -> None:
        """End the work that is under way."""
        await self._evidence.stop()

    async def history(self, slot: Slot, place: Cursor, limit: int) -> tuple[Sequence[Entry], Cursor | None]:
        """Return the `limit` entries of a KPI's history that follow a place in it, and the place after them.

        That is None where nothing follows. What was told beyond the place is kept for whoever asks on from there.
        """
        told = self._histories.get(place) or _Told([], await self._since(place), place.figure)
        until = place.moment
        entries, end, shown = list(told.entries), told.until, told.shown
        if len(entries) <= limit and end.time < until.time:
            async for stretch in self._answers.stretches(end, until, self._first_stretch):
                more, shown = await self._tell(slot, stretch, shown)
                entries += more
                end = stretch[1]
                if len(entries) > limit:
                    break
        if len(entries) <= limit:
            return entries, None
        last = entries[limit - 1]
        ended = (str(last.figure.numerator), str(last.figure.denominator))
        following = first(until, place.of, since=last.time, shown=ended)
        self._histories.keep(following, _Told(entries[limit:], end, shown))
        return entries[:limit], following

    async def _since(self, place: Cursor) -> Moment:
        positions, _ = await self._state.cut(place.since)
        return Moment(place.since, positions, fixed=True)

    async def _tell(self, slot: Slot, stretch: tuple[Moment, Moment], shown: Shown) -> tuple[list[Entry], Shown]:
        """Return the entries of a stretch, and what the last one came to."""
        start, end = stretch

        def tell(cells: Loaded, moves: list[Move]) -> tuple[list[Entry], Shown]:
            history = History(cells, start.time, slot, shown)
            return list(history.entries(moves, end.time)), history.shown

        def read(cells: Loaded) -> None:
            History(cells, start.time, slot, shown).read_until(end.time)

        return await self._answers.over(start, end, tell, read)

    async def evidence(self, slot: Slot, moment: Moment) -> list[Contribution]:
        """Return what each event adds to a KPI as of a moment, by log and sequence."""
        return await self._evidence.get(first(moment, "/".join(slot)), partial(self._work_out, slot, moment))

    async def _work_out(self, slot: Slot, moment: Moment) -> list[Contribution]:
        def question(board: Board) -> list[Contribution]:
            measure = board.measuring(*slot)
            return [] if measure is None else sorted(measure.evidence(), key=rank)

        return await self._answers.ask_apart(moment, question)


def rank(row: Contribution) -> tuple[int, int]:
    """Return what evidence is sorted by: the log's order, then the sequence."""
    return LOG_NAMES.index(row.log), row.sequence
