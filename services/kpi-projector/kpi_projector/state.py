"""The second of the two seams, on SQL: the fold's state, kept with every version of every cell."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from kpi_projector import reading, writing
from kpi_projector.cell_rows import bucket_of
from kpi_projector.known_cells import KnownCells
from kpi_projector.known_groups import KnownGroups
from kpi_projector.moment import Positions
from kpi_projector.piece import Overtaken, Piece, work_out
from kpi_projector.reading import Standing
from wco_common.engine import DatabaseSettings
from wco_common.event import RecordedEvent
from wco_common.instant import Instant
from wco_common.reader import reader
from wco_common.writer import Writer, writer
from wco_events.event_type import LOG_NAMES, LogName
from wco_kpi.group import Group, GroupId
from wco_kpi.walk import Move, Place

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class _Writing:
    """What writes over one connection, one transaction at a time."""

    writer: Writer
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(frozen=True, eq=False)
class _Ahead:
    """What is worked out of a log, and not yet written; and what is known with it."""

    known: KnownCells
    pieces: list[Piece] = field(default_factory=list)


class SqlState:
    """The fold's state on any database that SQLAlchemy reaches."""

    def __init__(
        self,
        engine: AsyncEngine,
        database: DatabaseSettings,
        *,
        cells_remembered: int = 16_384,
        totals_known: int = 65_536,
    ) -> None:
        """`cells_remembered` is for questions, `totals_known` for the fold of each log."""
        self._reader = reader(engine, database)
        self._patience = database.statement_timeout
        # On PostgreSQL each log is folded over a connection of its own: while the server takes the rows of one, those
        # of another are worked out. A file of SQLite's takes one writer.
        writings = [
            _Writing(writer(engine, database)) for _ in range(1 if engine.dialect.name == "sqlite" else len(LOG_NAMES))
        ]
        self._writings = dict(zip(LOG_NAMES, cycle(writings), strict=False))
        self._totals_known = totals_known
        self._ahead: dict[LogName, _Ahead] = {}
        self._groups = KnownGroups(cells_remembered)

    async def aclose(self) -> None:
        """Close what it reads and writes over."""
        await self._reader.aclose()
        for each in set(self._writings.values()):
            await each.writer.aclose()

    async def positions(self) -> dict[LogName, int]:
        """Return where the fold stands in each log."""
        return await self._reader.ask(reading.positions)

    async def standing(self, log: LogName) -> Standing:
        """Return where the fold stands in a log, and whether it can go on from there."""
        return await self._reader.ask(partial(reading.standing, log=log))

    async def stop(self, log: LogName, after: int, reason: str) -> None:
        """Note for all instances why the event after a position cannot be folded; who folds it takes the note back."""
        await self._transact(log, partial(writing.stop, log=log, after=after, reason=reason))

    async def begin_anew_after_another_fold(self) -> bool:
        """Empty the state where another version of the fold has made it, and say whether that was so.

        What two versions have made of the events must not be added up; the logs have all that it takes to fold them
        again.
        """
        for log in LOG_NAMES:
            self.forget(log)
        return await self._transact(LOG_NAMES[0], writing.begin_anew_after_another_fold)

    async def begin_anew(self, log: LogName, after: int) -> None:
        """Empty the state of a log that was folded up to a position. Raises Overtaken when it stands elsewhere by now.

        Nobody may have been answered by it in this process: what is kept of answers is not forgotten.
        """
        self.forget(log)
        await self._transact(log, partial(writing.begin_anew, log=log, after=after))

    def forget(self, log: LogName) -> None:
        """Have the next fold of a log read what it needs, whatever this process has worked out or written before."""
        self._ahead.pop(log, None)

    async def fold(self, log: LogName, after: int, events: Sequence[RecordedEvent]) -> None:
        """Fold the events that follow a position, and move the position, in one transaction.

        Raises Overtaken when the fold stands elsewhere by now, Unfoldable when an event cannot be read. A crash
        before the commit leaves everything as it was, one after it everything done.
        """
        await self.work_out(log, after, events)
        await self.write(self.take(log))

    async def work_out(self, log: LogName, after: int, events: Sequence[RecordedEvent]) -> None:
        """Work out what the events come to that follow those that were worked out before, which may be being written.

        Raises Overtaken when the fold stands elsewhere, Unfoldable when an event cannot be read; then all is as before.
        """
        ahead = self._ahead.setdefault(log, _Ahead(KnownCells(self._totals_known)))
        ahead.pieces.append(await work_out(self._reader.ask, log, after, events, ahead.known))

    def take(self, log: LogName) -> Piece:
        """Return all that is worked out of a log, which is to be written now; what was taken before is written.

        Raises Overtaken when it is forgotten, as what it follows could not be written.
        """
        ahead = self._ahead.get(log)
        if ahead is None or not ahead.pieces:
            raise Overtaken(log)
        piece, *following = ahead.pieces
        ahead.pieces.clear()
        ahead.known.are_being_written()
        for each in following:
            piece.add(each)
        return piece

    async def write(self, piece: Piece) -> None:
        """Write what was worked out, and move the position, in one transaction.

        Raises Overtaken when the fold stands elsewhere by now. Where it could not be written, what was worked out of
        what follows is forgotten.
        """
        try:
            await self._transact(piece.log, partial(writing.write, piece=piece))
        except BaseException:
            self.forget(piece.log)
            raise

    async def _transact(self, log: LogName, work: Callable[[Connection], T]) -> T:
        over = self._writings[log]
        async with over.lock:
            return await over.writer.transact(work, self._patience)

    async def groups(self, groups: Collection[GroupId], at: Positions) -> dict[GroupId, Group]:
        """Return whole groups as of a position in each log; they are not to be changed."""
        contents: dict[str, dict[str, str]] = {bucket_of(group): {} for group in groups}
        rows = await self._reader.ask(partial(reading.last_versions, buckets=list(contents), at=at))
        for bucket, key, _, content in rows:
            if content is not None:
                contents[bucket][key] = content
        return {group: self._groups.of(group, found) for group, found in zip(groups, contents.values(), strict=True)}

    async def moves(self, groups: Collection[GroupId], after: Positions, until: Positions) -> list[Move]:
        """Return what the events after some positions and up to others made of groups of cells, in no order."""
        buckets = [bucket_of(group) for group in groups]
        rows = await self._reader.ask(partial(reading.moves, buckets=buckets, after=after, until=until))
        # On a thread: there may be many.
        return await asyncio.to_thread(reading.moves_of, rows)

    async def cut(self, time: Instant) -> tuple[dict[LogName, int], Instant]:
        """Return the last sequence of each log recorded up to and including a time, and the newest time of these."""
        return await self._reader.ask(partial(reading.cut, time=time))

    async def cuts(self, times: Collection[Instant]) -> dict[Instant, dict[LogName, int]]:
        """Return, for each of some times, the last sequence of each log recorded up to and including it."""
        return await self._reader.ask(partial(reading.cuts, times=list(times))) if times else {}

    async def recorded_at(self, log: LogName, sequence: int) -> Instant | None:
        """Return when a folded event was recorded; None where there is none at that sequence."""
        return await self._reader.ask(partial(reading.recorded_at, log=log, sequence=sequence))

    async def described(self, places: Collection[Place]) -> dict[Place, tuple[str, str, str]]:
        """Return (source, id, subject) of folded events."""
        return await self._reader.ask(partial(reading.described, places=places)) if places else {}
