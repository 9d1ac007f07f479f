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
from opentelemetry import trace
from starlette.types import Scope

from wco_common.trace_context import sent_with, text_of

LogLevel = Literal["debug", "info", "warning", "error"]

current_request: ContextVar[Scope | None] = ContextVar("current_request", default=None)
"""The request that is being answered, for the lines written meanwhile."""

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._~-]{1,128}")


def configure_logging(level: LogLevel = "info", form: Literal["json", "console"] = "json") -> None:
    """Send all log lines to stderr in one form. For the program's start; libraries never call it."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _of_request,
        _of_trace,
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
    # It writes what it cannot take of a tracestate.
    logging.getLogger("opentelemetry.trace.span").disabled = True


def request_id(scope: Scope) -> str:
    """Return the id of a request: its X-Request-Id where that is a plain token, else one of its own."""
    known: str | None = scope.get("wco_kpi.request_id")
    if known is None:
        sent = [value for name, value in scope["headers"] if name == b"x-request-id"]
        known = sent[0].decode() if len(sent) == 1 and _REQUEST_ID.fullmatch(sent[0]) else uuid4().hex
        scope["wco_kpi.request_id"] = known
    return known


def _of_request(logger: Any, method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if (scope := current_request.get()) is not None:
        line["request_id"] = request_id(scope)
    return line


def _of_trace(logger: Any, method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    own, scope = trace.get_current_span().get_span_context(), current_request.get()
    if own.is_valid:
        line["traceparent"] = text_of(own).traceparent
    elif scope is not None and (sent := sent_with(scope).traceparent) is not None:
        line["traceparent"] = sent
    return line
