"""Spans of real services, taken by the SDK's own exporter that keeps them, and what can be reached from a trace."""

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from wco_common.span_export import SpanExport


class Exported(SpanExport):
    """Keeps the spans that have ended."""

    def __init__(self) -> None:
        self._kept = InMemorySpanExporter()
        super().__init__(SimpleSpanProcessor(self._kept))

    @property
    def spans(self) -> list[ReadableSpan]:
        """All of them, in the order in which they ended."""
        return list(self._kept.get_finished_spans())

    def named(self, name: str) -> list[ReadableSpan]:
        """Those of one name."""
        return [span for span in self.spans if span.name == name]

    def of_trace(self, trace: str) -> list[ReadableSpan]:
        """The spans of a trace, and those that lead back to it by links and parents: what a person finds by its id."""
        found: dict[int, ReadableSpan] = {}
        while True:
            more = {
                span.context.span_id: span
                for span in self.spans
                if span.context.span_id not in found
                and (
                    f"{span.context.trace_id:032x}" == trace
                    or any(f"{link.context.trace_id:032x}" == trace for link in span.links)
                    or any(link.context.span_id in found for link in span.links)
                    or (span.parent is not None and span.parent.span_id in found)
                )
            }
            if not more:
                return list(found.values())
            found |= more


def said(span: ReadableSpan, name: str) -> object:
    """What a span says under one of our names."""
    return (span.attributes or {}).get(f"wco_kpi.{name}")


def service(span: ReadableSpan) -> object:
    """Whose span it is."""
    return span.resource.attributes["service.name"]
