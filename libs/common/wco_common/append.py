"""Appending to a log: requests that wait share one transaction, and are answered when it is committed."""

import asyncio
import time
from collections.abc import Callable, Sequence
from functools import partial
from types import TracebackType
from typing import Self

import structlog
from pydantic import Field
from pydantic_settings import SettingsConfigDict

from wco_common.commit import Group, LogTransactions, Settled
from wco_common.event import Event, Receipt
from wco_common.instant import Instant
from wco_common.latest import Latest
from wco_common.log import Head
from wco_common.problem import CommitUnknown, TooManyRequests, Unavailable
from wco_common.sequencing import Request
from wco_common.settings import PREFIX, Settings
from wco_common.trace_context import NO_TRACE, TraceContext
from wco_common.tracing import UNTRACED, Tracing
from wco_common.waiting import Closing, Waiting, WaitingRequest
from wco_common.writer import CommitInDoubt, NotCommitted, Writer

_log = structlog.get_logger(__name__)


class AppendSettings(Settings):
    """Limits of appending. Times in seconds."""

    model_config = SettingsConfigDict(env_prefix=f"{PREFIX}APPEND_")

    events_a_commit: int = Field(1_000, ge=1, description="Events that share a commit; a larger batch has its own.")
    events_waiting: int = Field(4_096, ge=1, description="Events that wait for a commit before others are refused.")
    retry_after: int = Field(1, ge=1, description="When a request that was refused for that may come again.")
    patience: float = Field(30, gt=0, description="How long the database may take to answer (PostgreSQL).")
    settle_for: float = Field(20, gt=0, description="How long a commit in doubt is looked up before it is given up.")
    settle_pause: float = Field(0.05, gt=0, description="After the first look; each later pause is twice as long.")


class Appender:
    """Appends events to one log and closes its time. Belongs to one event loop.

    Entered, it sequences what comes; left, it refuses what comes from then on and records what waits. Several
    processes may append to one log, each with an appender of its own.
    """

    def __init__(
        self,
        transactions: LogTransactions,
        writer: Writer,
        settings: AppendSettings,
        latest: Latest,
        observe: Callable[[int, float], None] = lambda events, seconds: None,
        tracing: Tracing = UNTRACED,
    ) -> None:
        """`observe` is told, of each commit, how many events it recorded and how many seconds it took."""
        self._transactions = transactions
        self._writer = writer
        self._settings = settings
        self._latest = latest
        self._observe = observe
        self._tracing = tracing

        # Callers add to these; the sequencer takes from them.
        self._waiting = Waiting(settings.events_waiting, settings.events_a_commit)
        self._closing = Closing()
        self._wanted = asyncio.Event()
        self._stopped = False

        # The sequencer's own. It remembers nothing from one commit to the next: all it needs is in the database.
        self._sequencer: asyncio.Task[None] | None = None

    @property
    def events_waiting(self) -> int:
        """How many events wait for a commit."""
        return self._waiting.events

    async def append(
        self,
        events: Sequence[Event],
        *,
        batch: bool | None = None,
        if_match: int | None = None,
        dry_run: bool = False,
        trace: TraceContext = NO_TRACE,
    ) -> list[Receipt]:
        """Record events, all or none of them, and return their receipts once they are durable.

        `if_match` is the version that the one event's subject must be at. With `dry_run` all is checked and answered
        alike, and nothing recorded. `batch` says that faults carry the event's index; those of several always do.

        Raises IdReused, Invalid (dated later than tomorrow), VersionMismatch, Conflict; TooManyRequests when too
        many wait; Unavailable when nothing was recorded; CommitUnknown when that could not be found out. To cancel
        a call leaves open whether its events are recorded.
        """
        if self._stopped:
            raise Unavailable(_STOPPED)
        if not events:
            return []
        if not self._waiting.has_room_for(len(events)):
            raise TooManyRequests(
                f"{self._waiting.events} events wait to be recorded, {self._settings.events_waiting} are the most",
                headers={"Retry-After": str(self._settings.retry_after)},
            )
        carries_index = len(events) > 1 if batch is None else batch
        request = Request.of(events, self._transactions.decider, carries_index, if_match, dry_run=dry_run, trace=trace)
        answer = self._waiting.add(request, self._tracing.current())
        self._wanted.set()
        return await answer

    async def close(self, least: Instant = 0) -> Head:
        """Raise the closed time to the clock, or to `least` where that is later, and return the head after it.

        It is durable before anybody is told. A clock that is behind the closed time, or has leapt ahead, leaves it
        as it is, and so does a log that is read-only. Raises Unavailable when the database is.
        """
        if self._stopped:
            raise Unavailable(_STOPPED)
        answer = self._closing.add(least)
        self._wanted.set()
        return await answer

    async def __aenter__(self) -> Self:
        self._sequencer = asyncio.create_task(self._sequence(), name=f"append to {self._transactions.log}")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped = True
        self._wanted.set()
        if self._sequencer is not None:
            await self._sequencer
        await self._writer.aclose()

    async def _sequence(self) -> None:
        """Take what waits, commit it, answer, and begin again."""
        while self._waiting.events or self._closing.wanted or not self._stopped:
            await self._wanted.wait()
            group = self._waiting.take()
            closing, self._closing = self._closing, Closing()
            if not self._waiting.events and not self._stopped:
                self._wanted.clear()
            if not group and not closing.wanted:
                continue
            try:
                await self._commit(group, closing)
            except Exception:
                # A defect, but not one to take the log away from everybody else.
                _log.exception("a commit failed in a way that nobody expected", log=self._transactions.log)
                _refuse_all(group, closing, "nothing was recorded: an error that nobody expected")

    async def _commit(self, group: Sequence[WaitingRequest], closing: Closing) -> None:
        """Have one transaction record what it can of the requests, and answer them."""
        began = time.perf_counter()
        append = partial(
            self._transactions.append,
            requests=[waiting.request for waiting in group],
            close=closing.least if closing.wanted else None,
        )
        try:
            with self._tracing.work(
                f"commit {self._transactions.log}", (waiting.span for waiting in group), requests=len(group)
            ):
                done = await self._writer.transact(append, self._settings.patience)
                self._tracing.describe(log=self._transactions.log, events=len(done.added), last=done.head.sequence)
            head = done.head
        except NotCommitted as error:
            _log.warning("a commit failed", log=self._transactions.log, reason=str(error), cause=str(error.__cause__))
            _refuse_all(group, closing, f"nothing was recorded, the database cannot do it now: {error}")
            return
        except CommitInDoubt as doubt:
            done = doubt.result
            settled = await self._settle(done, doubt)
            if settled is None:
                _refuse(group, CommitUnknown, "it may have been recorded or not: send the same event again")
                # Whoever closes has sent nothing: to ask again is all that there is to do.
                closing.tell(Unavailable("the database has not said in time whether the log is closed"))
                return
            if not settled.recorded:
                _refuse_all(group, closing, "nothing was recorded: the database lost the transaction")
                return
            head = settled.head
        # A crash here loses answers to events that are recorded: sent again, they are duplicates with the same receipt.
        self._latest.move(head)
        self._observe(len(done.added), time.perf_counter() - began)
        for waiting, outcome in zip(group, done.outcomes, strict=True):
            waiting.tell(outcome)
        closing.tell(head)

    async def _settle(self, group: Group, doubt: CommitInDoubt) -> Settled | None:
        """Look a commit in doubt up, again and again if need be; None when it cannot be found out in time."""
        _log.warning("a commit is in doubt and is looked up", log=self._transactions.log, reason=str(doubt))
        until = time.monotonic() + self._settings.settle_for
        pause = self._settings.settle_pause
        settle = partial(self._transactions.settle, group=group)
        while True:
            try:
                # Over another connection: the one that COMMIT went over is gone.
                settled = await self._writer.transact(settle, self._settings.patience)
            except (NotCommitted, CommitInDoubt) as error:
                if time.monotonic() + pause > until:
                    _log.error("a commit stays in doubt", log=self._transactions.log, reason=str(error))
                    return None
                await asyncio.sleep(pause)
                pause = min(2 * pause, 1)
            else:
                _log.warning("a commit is settled", log=self._transactions.log, recorded=settled.recorded)
                return settled


def _refuse(group: Sequence[WaitingRequest], problem: type[Unavailable | CommitUnknown], detail: str) -> None:
    for waiting in group:
        waiting.tell(problem(detail))


def _refuse_all(group: Sequence[WaitingRequest], closing: Closing, detail: str) -> None:
    _refuse(group, Unavailable, detail)
    closing.tell(Unavailable(detail))


_STOPPED = "the service is about to stop"
