"""The stream: KPIs as they change, as server-sent events (WHATWG HTML, section 9.2).

It keeps nothing of its listeners. An answer is a function of positions and a day, so what to send is what differs
between two moments; an event's id says which two, and how far in what differs it stands. Listeners who stand at
the same moment, which is nearly all of them, are served by one evaluation of each period that they listen to.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack
from functools import partial
from typing import Any

import msgspec
import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from kpi_projector.answers import Answers
from kpi_projector.cursor import Cursor, Whole, first
from kpi_projector.moment import Moment
from kpi_projector.moments import Moments
from kpi_projector.settings import ProjectorSettings
from kpi_projector.spans import Spans
from wco_common.ending import end
from wco_common.opaque import opaque, read_opaque
from wco_common.problem import Invalid, NotFound, NotReached, PlanNotAdopted, Problem, TooManyRequests
from wco_common.query import read_query
from wco_common.shared import Shared
from wco_events.fault import Fault
from wco_kpi.changes import Sight, causes, changes, differing
from wco_kpi.scorecard import heading
from wco_kpi.walk import Place

_log = structlog.get_logger(__name__)
_encode = msgspec.json.Encoder(decimal_format="number").encode

COMMENT = b": nothing new\n\n"
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
_KEPT = 32
"""Sights and differences kept: those of all periods at some moments before the newest, for listeners behind."""


class _Id(msgspec.Struct, frozen=True):
    """An event's id: the two moments that it lies between, and its place, from 0, in what differs in a period."""

    since: Cursor
    until: Cursor
    period: str
    place: Whole


class _Listening(StreamingResponse):
    """An open stream, which gives its place back at the end, whether any of it was sent or not."""

    def __init__(self, events: AsyncIterator[bytes], leaving: ExitStack) -> None:
        super().__init__(events, headers=_HEADERS, media_type="text/event-stream")
        self._leaving = leaving

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send events until the listener or the service goes."""
        with self._leaving:
            await super().__call__(scope, receive, send)


class Stream:
    """Looks now and then whether the settled moment has moved on, while somebody listens."""

    def __init__(
        self, moments: Moments, answers: Answers, settings: ProjectorSettings, spans: Spans | None = None
    ) -> None:
        self._moments = moments
        self._answers = answers
        self._spans = spans or Spans()
        self._settings = settings
        self._listeners = 0
        self._latest: Moment | None = None
        self._moved = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None
        self._stopped = False
        self._sights: Shared[tuple[Cursor, str], dict[str, Sight]] = Shared(_KEPT)
        self._differences: Shared[tuple[Cursor, Cursor, str], list[dict[str, Any]]] = Shared(_KEPT)

    async def listen(self, request: Request) -> Response:
        """Open a stream of a period, or of all; with Last-Event-ID, from there on."""
        period = read_query(request, {"period": str}).get("period")
        if self._listeners >= self._settings.listeners:
            detail = f"{self._settings.listeners} streams are open, which is the limit"
            raise TooManyRequests(detail, headers={"Retry-After": "5"})
        # Counted before anything is waited for: many may come before the first of them is answered.
        self._listeners += 1
        with ExitStack() as leaving:
            leaving.callback(self._leave)
            by = self._moments.deadline()
            last = await self._last(request.headers.get("last-event-id"), by)
            now = await self._moments.current(by)
            await self._periods(now, period)
            if request.method == "HEAD":
                return Response(headers=_HEADERS, media_type="text/event-stream")
            return _Listening(self._send(period, last, now), leaving.pop_all())

    def _leave(self) -> None:
        self._listeners -= 1

    async def stop(self) -> None:
        """End every open stream, and stop looking."""
        self._stopped = True
        self._moved.set()
        if self._looking is not None:
            await end(self._looking)
        await self._differences.stop()
        await self._sights.stop()

    async def _last(self, text: str | None, by: float) -> _Id | None:
        """Read a Last-Event-ID. Raises Invalid where it is none of this stream, on whichever instance."""
        if not text:
            return None
        try:
            last = read_opaque(text, _Id)
            for cursor in (last.since, last.until):
                await self._periods(await self._moments.again(cursor.moment, by, "Last-Event-ID"), None)
        except (ValueError, Invalid, PlanNotAdopted):
            detail = "is no id of this stream; without one, the stream begins with what changes from now on"
            raise Invalid(f"Last-Event-ID {detail}", [Fault("Last-Event-ID", detail)]) from None
        except NotReached as late:
            raise NotReached(late.detail, [Fault("Last-Event-ID", late.detail)]) from None
        return last

    async def _periods(self, moment: Moment, period: str | None) -> list[str]:
        """Return the periods to tell of: one, or all that the plan has. Raises PlanNotAdopted or NotFound."""
        windows = await self._answers.ask(moment, lambda board: list(board.plan.windows))
        if period is None:
            return windows
        if period not in windows:
            detail = f"{period!r} is not a period; there are {', '.join(windows)}"
            raise NotFound(detail, [Fault("/period", detail)])
        return [period]

    async def _send(self, period: str | None, last: _Id | None, now: Moment) -> AsyncIterator[bytes]:
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        yield COMMENT
        here = now
        if last is not None:
            here = last.until.moment
            for event in await self._events(period, last.since.moment, here, last):
                yield event
        due = self._due()
        there: Moment | None = now
        while not self._stopped:
            if there is None:
                yield COMMENT
                due = self._due()
            elif there.time > here.time:
                for event in await self._events(period, here, there):
                    yield event
                here = there
            there = await self._next(here, due)

    def _due(self) -> float:
        return asyncio.get_running_loop().time() + self._settings.comment_every

    async def _next(self, here: Moment, due: float) -> Moment | None:
        """Return the newest moment once it is another, or the stream is stopped; None when a comment is due."""
        try:
            async with asyncio.timeout_at(due):
                while not self._stopped:
                    moved = self._moved
                    if self._latest is not None and self._latest.time > here.time:
                        return self._latest
                    await moved.wait()
        except TimeoutError:
            return None
        return here

    async def _look(self) -> None:
        while self._listeners:
            try:
                latest = await self._moments.current(self._moments.deadline())
            except (SQLAlchemyError, OSError, Problem) as error:
                # The listeners wait until it can be said again what the KPIs are.
                _log.warning("the stream cannot look", error=type(error).__name__)
            except Exception:
                # A defect, but not one to keep from all listeners what changes from now on.
                _log.exception("the stream cannot look, for a reason that nobody expected")
            else:
                if self._latest is None or latest.time > self._latest.time:
                    self._latest = latest
                    self._moved.set()
                    self._moved = asyncio.Event()
            await asyncio.sleep(self._settings.stream_every)

    async def _events(self, period: str | None, here: Moment, there: Moment, last: _Id | None = None) -> list[bytes]:
        """Return what differs between two moments, after the last event if there is one, as server-sent events."""
        events = []
        since, until = first(here), first(there)
        periods = await self._periods(there, period)
        begin = (periods.index(last.period), last.place) if last is not None and last.period in periods else (-1, 0)
        for rank, each in enumerate(periods):
            differences = await self._differences.get((since, until, each), partial(self._differ, here, there, each))
            events += [
                b"event: kpi\nid: %s\ndata: %s\n\n"
                % (opaque(_Id(since, until, each, place)).encode(), _encode(difference))
                for place, difference in enumerate(differences)
                if (rank, place) > begin
            ]
        return events

    async def _differ(self, here: Moment, there: Moment, period: str) -> list[dict[str, Any]]:
        """Return what differs between two moments in a period, each with the last event that touched it."""
        with self._spans.difference(here, there, period):
            differences = await self._differing(here, there, period)
            self._spans.told([difference["kpi"]["id"] for difference in differences])
            return differences

    async def _differing(self, here: Moment, there: Moment, period: str) -> list[dict[str, Any]]:
        was, now = await self._seen(here, period), await self._seen(there, period)
        if _answers_of(was) == _answers_of(now):
            return []
        later = was if here.day == there.day else await self._seen(here.seen_from(there), period)
        window, head = await self._answers.ask(there, lambda board: (board.plan.window(period), heading(board, period)))
        periods = [each for each in (period, window.previous) if each is not None]
        touched = await self._answers.touched(here, there, differing(was, now), periods)
        cause = causes(was, now, touched.last, window)
        facts = {kpi: places for (kpi, of), places in touched.facts.items() if of == period}
        return [
            head | {"as_of": there.answer(), "kpi": change["to"]} | {"cause": _cause(cause.get(change["id"]))}
            for change in changes(was, later, now, facts)
        ]

    async def _seen(self, moment: Moment, period: str) -> dict[str, Sight]:
        return await self._sights.get((first(moment), period), partial(self._answers.sights, moment, period))


def _answers_of(sights: dict[str, Sight]) -> dict[str, Any]:
    return {kpi: sight.answer for kpi, sight in sights.items()}


def _cause(place: Place | None) -> dict[str, Any] | str:
    return "time" if place is None else place._asdict()
