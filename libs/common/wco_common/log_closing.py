"""Closing a log over HTTP, for the services beside it: not part of the outside contract, and not in OpenAPI."""

from collections.abc import Callable

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from wco_common.clock import wall_time
from wco_common.instant import Instant, format_instant, parse_instant
from wco_common.problem import Invalid
from wco_common.query import read_query
from wco_common.service_app import ServiceApp
from wco_common.sql_log import SqlLog
from wco_events.event_type import LogName
from wco_events.fault import Fault


def add_closing(app: ServiceApp, name: LogName, log: Callable[[], SqlLog], ahead: float) -> None:
    """Add `POST /internal/close?least=…`: `GET /v1/head` that reaches a time which another log has closed already.

    That time could never be taken back: one that the log has not closed yet, and that is more than `ahead` seconds past
    the machine's clock, is refused (422), as that of a clock that has leapt.
    """

    async def close(request: Request) -> Response:
        least: Instant = read_query(request, {"least": parse_instant}).get("least", 0)
        now = wall_time()
        # Not past the closed time, or one request after the other would take it further ahead.
        if least > max(log().latest.head.closed, now + ahead * 1_000_000):
            detail = f"is more than {ahead:g} s ahead of {format_instant(now)}"
            raise Invalid(f"least {detail}", [Fault("/least", detail)])
        head = await log().close(least)
        body = {"log": name, "sequence": head.sequence, "closed_time": format_instant(head.closed)}
        return Response(msgspec.json.encode(body), media_type="application/json")

    app.add_api_route("/internal/close", close, methods=["POST"], include_in_schema=False, response_class=Response)
