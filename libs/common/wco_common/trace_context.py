"""W3C Trace Context: the two headers that say which trace a request belongs to, as they are kept beside events."""

import re
from typing import NamedTuple

from opentelemetry import trace
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceState
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from starlette.types import Scope

_TRACE = rb"(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}"
_TRACEPARENT = re.compile(rb"00-%b|(?!00|ff)[0-9a-f]{2}-%b(?:-[!-~]{0,200})?" % (_TRACE, _TRACE))
_LONGEST = 512
"""Bytes of a tracestate, which is what everybody passes on (section 3.3.1.5)."""

_PROPAGATOR = TraceContextTextMapPropagator()


class TraceContext(NamedTuple):
    """The headers of those names; both are None where there is no trace."""

    traceparent: str | None = None
    tracestate: str | None = None


NO_TRACE = TraceContext()


def sent_with(request: Scope) -> TraceContext:
    """Return the trace that a request came with: what is no traceparent is left aside, and a tracestate with it."""
    headers = request["headers"]
    sent = [value for name, value in headers if name == b"traceparent"]
    if len(sent) != 1 or not _TRACEPARENT.fullmatch(sent[0]):
        return NO_TRACE
    states = [value.decode("latin-1") for name, value in headers if name == b"tracestate"]
    state = TraceState.from_header(states).to_header() if states else ""
    return TraceContext(sent[0].decode(), state if 0 < len(state) <= _LONGEST else None)


def context_of(kept: TraceContext) -> SpanContext | None:
    """Return the context of the span that a traceparent names, None where it names none."""
    if kept.traceparent is None:
        return None
    carrier = {name: value for name, value in kept._asdict().items() if value is not None}
    context = trace.get_current_span(_PROPAGATOR.extract(carrier)).get_span_context()
    return context if context.is_valid else None


def text_of(context: SpanContext) -> TraceContext:
    """Return the headers that name a span."""
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier, trace.set_span_in_context(NonRecordingSpan(context)))
    return TraceContext(**carrier)
