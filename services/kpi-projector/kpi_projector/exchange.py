"""What every exchange has in common: parameters that are read, entity tags that are compared, answers that are sent."""

from collections.abc import Callable
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from kpi_projector.moment import Moment, read_as_of, read_place
from wco_common.problem import Invalid
from wco_common.query import query_and_faults
from wco_events.fault import Fault, pointer
from wco_kpi.board import Board
from wco_kpi.scorecard import heading

_encode = msgspec.json.Encoder(decimal_format="number").encode

Readers = dict[str, Callable[[str], Any]]
AFTER: Readers = {"after": read_place}
AS_OF: Readers = {"as_of": read_as_of} | AFTER


def any_text(text: str) -> str:
    """Read a parameter of which only the plan knows what would be right."""
    return text


def read(request: Request, readers: Readers, *required: str) -> dict[str, Any]:
    """Return the request's parameters. Raises Invalid with every fault, those that are missing too."""
    query, faults = query_and_faults(request, readers)
    faults += [Fault(pointer(name), "is required") for name in required if name not in query]
    if faults:
        raise Invalid("; ".join(f"{fault.pointer[1:]} {fault.detail}" for fault in faults), faults)
    return query


def invalid(name: str, detail: str) -> Invalid:
    """Return the refusal of a parameter."""
    return Invalid(f"{name} {detail}", [Fault(pointer(name), detail)])


def window_heading(board: Board, period: str) -> dict[str, Any]:
    """Return the heading of an answer on a period, which the plan must have."""
    board.plan.window(period)
    return heading(board, period)


def kpi_heading(board: Board, kpi: str, period: str) -> dict[str, Any]:
    """Return the heading of an answer on a KPI and a period, both of which the plan must have."""
    board.definition(kpi)
    return window_heading(board, period)


def unchanged(request: Request, moment: Moment) -> Response | None:
    """Return 304 where the client has this moment's answer (RFC 9110, 13.1.2: weak comparison)."""
    sent = request.headers.getlist("if-none-match")
    tags = [tag.strip().removeprefix("W/") for header in sent for tag in header.split(",")]
    return None if {"*", moment.etag()}.isdisjoint(tags) else Response(None, 304, _headers(moment))


def response(moment: Moment, body: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    """Return an answer as of a moment."""
    return Response(_encode(body), 200, _headers(moment) | (headers or {}), media_type="application/json")


def _headers(moment: Moment) -> dict[str, str]:
    caching = "public, max-age=31536000, immutable" if moment.fixed else "no-cache"
    return {"ETag": moment.etag(), "Cache-Control": caching}
