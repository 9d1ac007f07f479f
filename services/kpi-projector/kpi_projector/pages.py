"""The routes that answer in pages: a KPI's history, and the evidence that it rests on."""

from bisect import bisect_right
from collections.abc import Sequence
from functools import partial
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from kpi_projector.answers import Answers
from kpi_projector.cursor import Cursor, first
from kpi_projector.exchange import AFTER, AS_OF, Readers, any_text, invalid, kpi_heading, read, response, unchanged
from kpi_projector.listings import Listings, rank
from kpi_projector.moment import Moment, Positions
from kpi_projector.moments import Moments
from kpi_projector.state import SqlState
from wco_common.instant import format_instant
from wco_common.opaque import opaque, read_cursor
from wco_common.query import page_limit
from wco_events.event_type import LOG_NAMES
from wco_kpi.history import Entry
from wco_kpi.measuring import Contribution
from wco_kpi.printing import decimal_string
from wco_kpi.scorecard import printed
from wco_kpi.walk import Place

DEFAULT_LIMIT = 100

_PAGE: Readers = {"limit": page_limit, "cursor": partial(read_cursor, kind=Cursor), "period": any_text}


class Pages:
    """What the projector is asked over HTTP and answers in pages, all as of the first one's moment."""

    def __init__(self, moments: Moments, answers: Answers, listings: Listings, state: SqlState) -> None:
        self._moments = moments
        self._answers = answers
        self._listings = listings
        self._state = state

    async def history(self, request: Request) -> Response:
        """Answer with a page of a KPI's history."""
        query = read(request, AFTER | _PAGE, "period")
        kpi, period, limit = request.path_params["id"], query["period"], query.get("limit", DEFAULT_LIMIT)
        cursor = _cursor(query, pages := f"history {kpi} {period}")
        moment = await self._moment(query, cursor)
        head = await self._answers.ask(moment, lambda board: kpi_heading(board, kpi, period))
        if (same := unchanged(request, moment)) is not None:
            return same
        place = first(moment, pages) if cursor is None else cursor
        entries, following = await self._listings.history((kpi, period), place, limit)
        cuts = await self._state.cuts([entry.time for entry in entries])
        rows = [_entry(entry, cuts[entry.time]) for entry in entries]
        body = head | {"as_of": moment.answer(), "entries": rows}
        return _page(moment, body, {"period": period, "limit": limit}, following)

    async def evidence(self, request: Request) -> Response:
        """Answer with a page of the events that a KPI rests on."""
        query = read(request, AS_OF | _PAGE, "period")
        kpi, period, limit = request.path_params["id"], query["period"], query.get("limit", DEFAULT_LIMIT)
        cursor = _cursor(query, pages := f"evidence {kpi} {period}")
        moment = await self._moment(query, cursor)
        head = await self._answers.ask(moment, lambda board: kpi_heading(board, kpi, period))
        if (same := unchanged(request, moment)) is not None:
            return same
        rows = await self._listings.evidence((kpi, period), moment)
        begin = 0 if cursor is None else bisect_right(rows, (cursor.log, cursor.after), key=rank)
        page = rows[begin : begin + limit]
        body = head | {"as_of": moment.answer(), "evidence": await self._evidence(page)}
        following = None
        if len(rows) > begin + limit:
            following = first(moment, pages, log=LOG_NAMES.index(page[-1].log), after=page[-1].sequence)
        return _page(moment, body, {"period": period, "limit": limit}, following)

    async def _moment(self, query: dict[str, Any], cursor: Cursor | None) -> Moment:
        """Return the moment that the pages are as of: that of the first one, which the cursor names.

        Raises Invalid where another moment is asked for beside it, NotReached.
        """
        by = self._moments.deadline()
        if cursor is None:
            return await self._moments.asked(query, by)
        for name in AS_OF:
            if name in query:
                raise invalid(name, "cannot stand together with cursor, which names the moment of all pages")
        return await self._moments.again(cursor.moment, by, "cursor")

    async def _evidence(self, rows: Sequence[Contribution]) -> list[dict[str, Any]]:
        described = await self._state.described([Place(row.log, row.sequence) for row in rows])
        return [
            Place(row.log, row.sequence)._asdict()
            | dict(zip(("source", "id", "subject"), described[Place(row.log, row.sequence)], strict=True))
            | {
                "numerator": decimal_string(row.numerator),
                "denominator": None if row.denominator is None else decimal_string(row.denominator),
            }
            for row in rows
        ]


def _entry(entry: Entry, positions: Positions) -> dict[str, Any]:
    return {
        "time": format_instant(entry.time),
        "positions": positions,
        "value": printed(entry.value),
        "numerator": decimal_string(entry.figure.numerator),
        "denominator": decimal_string(entry.figure.denominator),
        "status": str(entry.status),
        "cause": entry.cause and entry.cause._asdict(),
    }


def _cursor(query: dict[str, Any], pages: str) -> Cursor | None:
    """Return the cursor that was sent, which must be one of these pages."""
    cursor: Cursor | None = query.get("cursor")
    if cursor is not None and cursor.of != pages:
        raise invalid("cursor", f"is one of other pages: {cursor.of}")
    return cursor


def _page(moment: Moment, body: dict[str, Any], query: dict[str, Any], following: Cursor | None) -> Response:
    """Answer with a page, and where the next one is: a reference relative to this one's address (RFC 3986)."""
    link = {}
    if following is not None:
        link["Link"] = f'<?{urlencode(query | {"cursor": opaque(following)})}>; rel="next"'
    return response(moment, body, link)
