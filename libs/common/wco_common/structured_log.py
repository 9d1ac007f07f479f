"""Logs for operators: structured lines on stderr, of this code and of its libraries alike.

Nothing of what clients send goes into them: no event, no query, no address, only routes, counts and ids.
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from contextvars import ContextVar
from typing import Any, Literal
from uuid import uuid4

import structlog
from starlette.types import Scope

LogLevel = Literal["debug", "info", "warning", "error"]

current_request: ContextVar[Scope | None] = ContextVar("current_request", default=None)
"""The request that is being answered, for the lines written meanwhile."""

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._~-]{1,128}")
_TRACE = rb"(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}"
_TRACEPARENT = re.compile(rb"00-%b|(?!00|ff)[0-9a-f]{2}-%b(?:-[!-~]{0,200})?" % (_TRACE, _TRACE))


def configure_logging(level: LogLevel = "info", form: Literal["json", "console"] = "json") -> None:
    """Send all log lines to stderr in one form. For the program's start; libraries never call it."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _of_request,
    ]
    # A traceback as text: frames' variables would carry the events.
    last: list[structlog.typing.Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if form == "json"
        else [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    # It writes clients' addresses; the service's own request lines take its place.
    logging.getLogger("uvicorn.access").disabled = True


def request_id(scope: Scope) -> str:
    """Return the id of a request: its X-Request-Id where that is a plain token, else one of its own."""
    known: str | None = scope.get("wco_kpi.request_id")
    if known is None:
        sent = [value for name, value in scope["headers"] if name == b"x-request-id"]
        known = sent[0].decode() if len(sent) == 1 and _REQUEST_ID.fullmatch(sent[0]) else uuid4().hex
        scope["wco_kpi.request_id"] = known
    return known


def traceparent(scope: Scope) -> str | None:
    """Return a request's traceparent header if it is one (W3C Trace Context, section 3.2), else None."""
    sent = [value for name, value in scope["headers"] if name == b"traceparent"]
    return sent[0].decode() if len(sent) == 1 and _TRACEPARENT.fullmatch(sent[0]) else None


def _of_request(logger: Any, method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    scope = current_request.get()
    if scope is not None:
        line["request_id"] = request_id(scope)
        if trace := traceparent(scope):
            line["traceparent"] = trace
    return line
