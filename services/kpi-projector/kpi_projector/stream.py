"""The stream: KPIs as they change, as server-sent events (WHATWG HTML, section 9.2).

It keeps nothing of its listeners. An answer is a function of positions and a day, so what to send is what differs
between two moments; an event's id says which two, and how far in what differs it stands. Listeners who stand at
the same moment, which is nearly all of them, are served by one evaluation.
"""

import asyncio
import base64
import binascii
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from kpi_projector.answers import Answers
from kpi_projector.cursor import Cursor, first
from kpi_projector.moment import Moment
from kpi_projector.moments import Moments
from kpi_projector.settings import ProjectorSettings
from wco_common.problem import Invalid, NotReached, PlanNotAdopted, TooManyRequests
from wco_common.query import read_query
from wco_events.fault import Fault
from wco_kpi.changes import changes
from wco_kpi.scorecard import heading

_encode = msgspec.json.Encoder(decimal_format="number").encode

COMMENT = b": nothing new\n\n"
_KEPT = 16
"""Differences kept for other listeners at the same moment."""


class _Id(msgspec.Struct, frozen=True):
    """An event's id: the two moments that it lies between, and its place, from 0, in what differs."""

    since: Cursor
    until: Cursor
    place: int

    def text(self) -> str:
        return base64.urlsafe_b64encode(msgspec.json.encode(self)).decode().rstrip("=")


class Stream:
    """Looks now and then whether the settled moment has moved on, while somebody listens."""

    def __init__(self, moments: Moments, answers: Answers, settings: ProjectorSettings) -> None:
        self._moments = moments
        self._answers = answers
        self._settings = settings
        self._listeners = 0
        self._latest: Moment | None = None
        self._moved = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None
        self._differences: dict[tuple[str, str], asyncio.Task[list[dict[str, Any]]]] = {}

    async def listen(self, request: Request) -> Response:
        """Open a stream of a period, or of all; with Last-Event-ID, from there on."""
        period = read_query(request, {"period": str}).get("period")
        if self._listeners >= self._settings.listeners:
            detail = f"{self._settings.listeners} streams are open, which is the limit"
            raise TooManyRequests(detail, headers={"Retry-After": "5"})
        last = _last_event_id(request)
        now = await self._moments.current()
        await self._answers.ask(now, lambda board: board.plan.window(period or board.plan.id))
        if last is not None:
            await self._known(last)
        return StreamingResponse(
            self._send(period, last, now),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    async def stop(self) -> None:
        """Stop looking."""
        if self._looking is not None:
            self._looking.cancel()
            with suppress(asyncio.CancelledError):
                await self._looking

    async def _known(self, last: _Id) -> None:
        """Raise Invalid where an id speaks of what the logs do not have."""
        try:
            for cursor in (last.since, last.until):
                if any(cursor.positions):
                    await self._moments.at(dict(cursor.moment.positions), "Last-Event-ID")
        except Invalid:
            raise _no_id() from None

    async def _send(self, period: str | None, last: _Id | None, now: Moment) -> AsyncIterator[bytes]:
        self._listeners += 1
        try:
            if self._looking is None or self._looking.done():
                self._looking = asyncio.create_task(self._look())
            yield COMMENT
            here = now
            if last is not None:
                here = last.until.moment
                for event in await self._events(period, last.since.moment, here, last.place):
                    yield event
                for event in await self._events(period, here, now):
                    yield event
                here = now
            while True:
                there = await self._next(here)
                if there is None:
                    yield COMMENT
                    continue
                for event in await self._events(period, here, there):
                    yield event
                here = there
        finally:
            self._listeners -= 1

    async def _next(self, here: Moment) -> Moment | None:
        """Return the newest moment once it is another; None where nothing happens until a comment is due."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._settings.comment_every):
                while True:
                    moved = self._moved
                    if self._latest is not None and self._latest.time > here.time:
                        return self._latest
                    await moved.wait()
        return None

    async def _look(self) -> None:
        while self._listeners:
            with suppress(NotReached):
                latest = await self._moments.current()
                if self._latest is None or latest.time != self._latest.time:
                    self._latest = latest
                    self._moved.set()
                    self._moved = asyncio.Event()
            await asyncio.sleep(self._settings.stream_every)

    async def _events(self, period: str | None, here: Moment, there: Moment, after: int = -1) -> list[bytes]:
        """Return what differs between two moments, from a place on, as server-sent events."""
        since, until = first(here), first(there)
        return [
            b"event: kpi\nid: %s\ndata: %s\n\n" % (_Id(since, until, place).text().encode(), _encode(difference))
            for place, difference in enumerate(await self._between(here, there))
            if place > after and period in (None, difference["period"])
        ]

    async def _between(self, here: Moment, there: Moment) -> list[dict[str, Any]]:
        key = (first(here).text(), first(there).text())
        if key not in self._differences:
            while len(self._differences) >= _KEPT:
                self._differences.pop(next(iter(self._differences)))
            self._differences[key] = asyncio.create_task(self._differ(here, there))
        # A listener that leaves must not take the evaluation from the others.
        return await asyncio.shield(self._differences[key])

    async def _differ(self, here: Moment, there: Moment) -> list[dict[str, Any]]:
        """Return what differs between two moments, in all periods, each with the last event that touched it."""
        periods = await self._answers.ask(there, lambda board: tuple(board.plan.windows))
        result = []
        for period in periods:
            head = await self._answers.ask(there, lambda board, period=period: heading(board, period))  # type: ignore[misc]
            try:
                was, later, now = await self._answers.seen(here, there, period)
            except PlanNotAdopted:
                was, later, now = {}, {}, await self._answers.sights(there, period)
            facts, framing = await self._answers.touched(here, there, period)
            for change in changes(was, later, now, facts):
                places = change["events"] or ([] if change["why"] == ["time"] else [each._asdict() for each in framing])
                cause = places[-1] if places else "time"
                result.append(head | {"as_of": there.answer(), "kpi": change["to"], "cause": cause})
        return result


def _last_event_id(request: Request) -> _Id | None:
    text = request.headers.get("last-event-id")
    if not text:
        return None
    try:
        return msgspec.json.decode(
            base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True), type=_Id
        )
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        raise _no_id() from None


def _no_id() -> Invalid:
    detail = "is no id of this stream; without one, the stream begins with what changes from now on"
    return Invalid(f"Last-Event-ID {detail}", [Fault("Last-Event-ID", detail)])
