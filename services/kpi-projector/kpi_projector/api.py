"""The routes: section 5 of the outside contract."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from kpi_projector.answers import BEGINNING, Answers
from kpi_projector.cursor import Cursor, first, opaque, read_cursor
from kpi_projector.moment import Moment, read_as_of, read_place
from kpi_projector.moments import Moments
from kpi_projector.openapi import ANSWERS, PARAMETERS
from kpi_projector.state import SqlState
from wco_common.instant import format_instant
from wco_common.problem import Invalid, NotReached, PlanNotAdopted
from wco_common.problem import NotFound as NoSuchThing
from wco_common.query import page_limit, query_and_faults
from wco_common.service_app import ServiceApp
from wco_events.event_type import LOG_NAMES
from wco_events.fault import Fault, pointer
from wco_kpi.board import Board
from wco_kpi.printing import decimal_string
from wco_kpi.scorecard import group_answers, heading, kpi_answer, kpi_answers, plan_answer, printed
from wco_kpi.walk import Place

DEFAULT_LIMIT = 100

_encode = msgspec.json.Encoder(decimal_format="number").encode

Readers = dict[str, Callable[[str], Any]]
_AS_OF: Readers = {"as_of": read_as_of, "after": read_place}
_PAGE: Readers = {"limit": page_limit, "cursor": read_cursor}


def _any(text: str) -> str:
    return text


class Api:
    """What the projector is asked over HTTP."""

    def __init__(self, moments: Moments, answers: Answers, state: SqlState) -> None:
        self._moments = moments
        self._answers = answers
        self._state = state

    def add_to(self, app: ServiceApp) -> None:
        """Add the routes to an app."""
        for path, endpoint, summary in (
            ("/v1/scorecard", self.scorecard, "Every KPI of a period"),
            ("/v1/plan", self.plan, "The plan in force"),
            ("/v1/changes", self.changes, "What differs between two moments, why, and by which events"),
            ("/v1/kpis/{id}", self.kpi, "One KPI of a period"),
            ("/v1/kpis/{id}/history", self.history, "What a KPI was, and since when"),
            ("/v1/kpis/{id}/evidence", self.evidence, "The events that a KPI rests on"),
        ):
            app.add_read(
                path,
                endpoint,
                summary,
                ANSWERS[path],
                NoSuchThing,
                PlanNotAdopted,
                NotReached,
                parameters=PARAMETERS[path],
            )

    async def scorecard(self, request: Request) -> Response:
        """Answer with every KPI of a period."""
        query = _read(request, _AS_OF | {"period": _any}, "period")
        period = query["period"]

        def question(board: Board) -> dict[str, Any]:
            return _window(board, period) | {"as_of": moment.answer(), "kpis": kpi_answers(board, period)}

        moment = await self._moment(query)
        return await self._answer(request, moment, lambda board: _window(board, period), question)

    async def kpi(self, request: Request) -> Response:
        """Answer with one KPI of a period, also by a dimension."""
        query = _read(request, _AS_OF | {"period": _any, "by": _any}, "period")
        kpi, period, dimension = request.path_params["id"], query["period"], query.get("by")

        def head(board: Board) -> dict[str, Any]:
            heading = _checked(board, kpi, period)
            dimensions = board.definition(kpi).measure.dimensions
            if dimension not in (None, *dimensions):
                raise _invalid("by", f"must be one of {', '.join(dimensions)}")
            return heading

        def question(board: Board) -> dict[str, Any]:
            answer = head(board) | {"as_of": moment.answer(), "kpi": kpi_answer(board, kpi, period)}
            if dimension is not None:
                answer["groups"] = group_answers(board, kpi, period, dimension)
            return answer

        moment = await self._moment(query)
        return await self._answer(request, moment, head, question)

    async def plan(self, request: Request) -> Response:
        """Answer with the plan in force."""
        moment = await self._moment(_read(request, _AS_OF))
        return await self._answer(
            request, moment, heading, lambda board: plan_answer(board) | {"as_of": moment.answer()}
        )

    async def history(self, request: Request) -> Response:
        """Answer with a page of a KPI's history."""
        query = _read(request, _PAGE | {"period": _any}, "period")
        kpi, period, limit = request.path_params["id"], query["period"], query.get("limit", DEFAULT_LIMIT)
        cursor = _cursor(query, pages := f"history {kpi} {period}")
        moment = await self._moments.current() if cursor is None else await self._moments.again(cursor.moment, "cursor")
        head = await self._answers.ask(moment, lambda board: _checked(board, kpi, period))
        if (unchanged := _unchanged(request, moment)) is not None:
            return unchanged
        since = BEGINNING
        if cursor is not None:
            positions, _ = await self._state.cut(cursor.since)
            since = Moment(cursor.since, positions, fixed=True)
        shown = None if cursor is None else cursor.figure
        entries = await self._answers.history((kpi, period), since, shown, moment, limit=limit)
        rows = []
        for entry in entries[:limit]:
            positions, _ = await self._state.cut(entry.time)
            rows.append(
                {
                    "time": format_instant(entry.time),
                    "positions": positions,
                    "value": printed(entry.value),
                    "numerator": decimal_string(entry.figure.numerator),
                    "denominator": decimal_string(entry.figure.denominator),
                    "status": str(entry.status),
                    "cause": entry.cause and entry.cause._asdict(),
                }
            )
        following = None
        if len(entries) > limit:
            last = entries[limit - 1]
            ended = (str(last.figure.numerator), str(last.figure.denominator))
            following = first(moment, pages, since=last.time, shown=ended)
        body = head | {"as_of": moment.answer(), "entries": rows}
        return _page(moment, body, {"period": period, "limit": limit}, following)

    async def evidence(self, request: Request) -> Response:
        """Answer with a page of the events that a KPI rests on."""
        query = _read(request, _AS_OF | _PAGE | {"period": _any}, "period")
        kpi, period, limit = request.path_params["id"], query["period"], query.get("limit", DEFAULT_LIMIT)
        cursor = _cursor(query, pages := f"evidence {kpi} {period}")
        moment = await (self._moment(query) if cursor is None else self._moments.again(cursor.moment, "cursor"))
        head = await self._answers.ask(moment, lambda board: _checked(board, kpi, period))
        if (unchanged := _unchanged(request, moment)) is not None:
            return unchanged
        begin = (-1, 0) if cursor is None else (cursor.log, cursor.after)
        rows = [
            row
            for row in await self._answers.evidence(kpi, period, moment)
            if (LOG_NAMES.index(row.log), row.sequence) > begin
        ]
        page = rows[:limit]
        described = await self._state.described([Place(row.log, row.sequence) for row in page])
        body = head | {
            "as_of": moment.answer(),
            "evidence": [
                Place(row.log, row.sequence)._asdict()
                | dict(zip(("source", "id", "subject"), described[Place(row.log, row.sequence)], strict=True))
                | {
                    "numerator": decimal_string(row.numerator),
                    "denominator": None if row.denominator is None else decimal_string(row.denominator),
                }
                for row in page
            ],
        }
        following = None
        if len(rows) > limit:
            following = first(moment, pages, log=LOG_NAMES.index(page[-1].log), after=page[-1].sequence)
        return _page(moment, body, {"period": period, "limit": limit}, following)

    async def changes(self, request: Request) -> Response:
        """Answer with the KPIs that differ between two moments."""
        query = _read(request, {"period": _any, "from": read_as_of, "to": read_as_of}, "period", "from", "to")
        since, until = await self._moments.at(query["from"], "from"), await self._moments.at(query["to"], "to")
        if since.time > until.time or any(since.positions[log] > until.positions[log] for log in LOG_NAMES):
            raise _invalid("from", f"is after to: {format_instant(since.time)} > {format_instant(until.time)}")
        await self._answers.ask(since, heading)
        head = await self._answers.ask(until, lambda board: _window(board, query["period"]))
        if (unchanged := _unchanged(request, until)) is not None:
            return unchanged
        kpis = await self._answers.changes(since, until, query["period"])
        body = head | {"from": since.answer(), "to": until.answer(), "kpis": kpis}
        return _response(until, body)

    async def _moment(self, query: dict[str, Any]) -> Moment:
        if "as_of" in query:
            if "after" in query:
                raise _invalid("after", "cannot stand together with as_of")
            return await self._moments.at(query["as_of"])
        return await (self._moments.after(*query["after"]) if "after" in query else self._moments.current())

    async def _answer(
        self,
        request: Request,
        moment: Moment,
        head: Callable[[Board], dict[str, Any]],
        question: Callable[[Board], dict[str, Any]],
    ) -> Response:
        """Answer a question, or 304; `head` raises what the question would, and costs less."""
        if (unchanged := _unchanged(request, moment)) is not None:
            await self._answers.ask(moment, head)
            return unchanged
        return _response(moment, await self._answers.ask(moment, question))


def _read(request: Request, readers: Readers, *required: str) -> dict[str, Any]:
    """Return the request's parameters. Raises Invalid with every fault, those that are missing too."""
    query, faults = query_and_faults(request, readers)
    faults += [Fault(pointer(name), "is required") for name in required if name not in query]
    if faults:
        raise Invalid("; ".join(f"{fault.pointer[1:]} {fault.detail}" for fault in faults), faults)
    return query


def _invalid(name: str, detail: str) -> Invalid:
    return Invalid(f"{name} {detail}", [Fault(pointer(name), detail)])


def _checked(board: Board, kpi: str, period: str) -> dict[str, Any]:
    """Return the heading of an answer on a KPI and a period, which the plan must have."""
    board.definition(kpi)
    return _window(board, period)


def _window(board: Board, period: str) -> dict[str, Any]:
    board.plan.window(period)
    return heading(board, period)


def _headers(moment: Moment) -> dict[str, str]:
    caching = "public, max-age=31536000, immutable" if moment.fixed else "no-cache"
    return {"ETag": moment.etag(), "Cache-Control": caching}


def _cursor(query: dict[str, Any], pages: str) -> Cursor | None:
    """Return the cursor that was sent, which must be one of these pages."""
    cursor: Cursor | None = query.get("cursor")
    if cursor is not None and cursor.of != pages:
        raise _invalid("cursor", f"is one of other pages: {cursor.of}")
    return cursor


def _unchanged(request: Request, moment: Moment) -> Response | None:
    """Return 304 where the client has this moment's answer (RFC 9110, 13.1.2: weak comparison)."""
    sent = request.headers.getlist("if-none-match")
    tags = [tag.strip().removeprefix("W/") for header in sent for tag in header.split(",")]
    return None if {"*", moment.etag()}.isdisjoint(tags) else Response(None, 304, _headers(moment))


def _response(moment: Moment, body: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    return Response(_encode(body), 200, _headers(moment) | (headers or {}), media_type="application/json")


def _page(moment: Moment, body: dict[str, Any], query: dict[str, Any], following: Cursor | None) -> Response:
    """Answer with a page, and where the next one is: a reference relative to this one's address (RFC 3986)."""
    link = {}
    if following is not None:
        link["Link"] = f'<?{urlencode(query | {"cursor": opaque(following)})}>; rel="next"'
    return _response(moment, body, link)
