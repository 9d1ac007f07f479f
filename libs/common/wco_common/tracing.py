"""Spans: how one trace leads from a POST to the answers that its events are in (OpenTelemetry).

What makes spans is given a `Tracing`. Without an exporter that is `UNTRACED`, by which nothing is made or looked at.
"""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from fastapi.telemetry import TelemetryConfig
from opentelemetry import trace
from opentelemetry.trace import INVALID_SPAN, Link, NonRecordingSpan, Span, SpanContext, SpanKind, TracerProvider
from starlette.types import Scope

from wco_common.trace_context import TraceContext, sent_with, text_of

MOST_LINKS = 128
"""Of one span, where nothing else is set: OpenTelemetry's own default. None is without a limit."""

NO_SPAN: AbstractContextManager[Span] = nullcontext(INVALID_SPAN)


class Tracing:
    """The spans of one service. A span is made for work on events of which one at least is of a sampled trace."""

    def __init__(self, provider: TracerProvider | None = None, most_links: int | None = MOST_LINKS) -> None:
        self._provider = provider
        self._tracer = None if provider is None else provider.get_tracer("wco-kpi")
        self._most_links = most_links

    @property
    def is_wanted(self) -> bool:
        """Whether there are any spans."""
        return self._tracer is not None

    @property
    def of_requests(self) -> TelemetryConfig:
        """What FastAPI is to make of requests: a span of each that asks for anything but how the service is."""
        made: TelemetryConfig = {"metrics": False, "logs": False, "operation_spans": False, "auto_configure": False}
        if self._provider is None:
            return made | {"tracing": False}
        return made | {"tracing": True, "tracer_provider": self._provider, "exclude": _asks_how_it_is}

    def kept(self, request: Scope) -> TraceContext:
        """Return what is to be kept beside the events of a request: the trace that it came with, else its own here."""
        sent = sent_with(request)
        if sent.traceparent is not None or (own := self.current()) is None:
            return sent
        return text_of(own)

    def current(self) -> SpanContext | None:
        """Return the context of the span that is under way, None where there is none that is sampled."""
        if self._tracer is None:
            return None
        span = trace.get_current_span()
        return span.get_span_context() if span.is_recording() else None

    def describe(self, **attributes: Any) -> None:
        """Say something of the span that is under way."""
        if self._tracer is not None:
            trace.get_current_span().set_attributes(_named(attributes))

    def work(
        self,
        name: str,
        of: Iterable[SpanContext | None],
        *,
        kind: SpanKind = SpanKind.INTERNAL,
        **attributes: Any,
    ) -> AbstractContextManager[Span]:
        """Make a span of work for several traces at once: it is in the first of them, and linked to the others.

        None is made where none is sampled: who sampled them has decided for all that becomes of them.
        """
        return NO_SPAN if self._tracer is None else self._work(name, of, kind, attributes)

    def step(self, name: str, links: Iterable[SpanContext], **attributes: Any) -> AbstractContextManager[Span]:
        """Make a span within the one that is under way, linked to others; none where there is none under way."""
        if self.current() is None:
            return NO_SPAN
        return self._span(name, [Link(context) for context in links], SpanKind.INTERNAL, attributes)

    @contextmanager
    def _work(
        self, name: str, of: Iterable[SpanContext | None], kind: SpanKind, attributes: dict[str, Any]
    ) -> Iterator[Span]:
        contexts = {
            (context.trace_id, context.span_id): context
            for context in of
            if context is not None and context.trace_flags.sampled
        }
        if not contexts:
            yield INVALID_SPAN
            return
        first, *others = contexts.values()
        links = [Link(context) for context in others[: self._most_links]]
        with self._span(name, links, kind, attributes | {"traces": len(contexts)}, first) as span:
            yield span

    def _span(
        self,
        name: str,
        links: list[Link],
        kind: SpanKind,
        attributes: dict[str, Any],
        within: SpanContext | None = None,
    ) -> AbstractContextManager[Span]:
        assert self._tracer is not None
        return self._tracer.start_as_current_span(
            name,
            None if within is None else trace.set_span_in_context(NonRecordingSpan(within)),
            kind,
            _named(attributes),
            links,
        )


UNTRACED = Tracing()
"""Of a service whose spans nobody wants."""


def name_request(scope: Scope, path: str) -> None:
    """Name the span of a request after the path of its route, as FastAPI's router does."""
    route = scope.get("root_path", "") + path
    span = trace.get_current_span()
    span.update_name(f"{scope['method']} {route}")
    span.set_attribute("http.route", route)


def _named(attributes: dict[str, Any]) -> dict[str, Any]:
    return {f"wco_kpi.{name}": value for name, value in attributes.items()}


def _asks_how_it_is(scope: Scope) -> bool:
    # What is asked every second, by whoever watches and by the services of each other, would bury everything else.
    return "/v1/" not in scope["path"]
