"""Where a process's spans go: nowhere, or to what the standard variables of OpenTelemetry name."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Literal

from fastapi import FastAPI
from pydantic import Field
from pydantic_settings import SettingsConfigDict

from wco_common.settings import ServiceSettings, Settings
from wco_common.tracing import UNTRACED, Tracing

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor

_NAMESPACE = "wco-kpi"


class OtelSettings(Settings):
    """Of the specification's variables those that decide whether there are spans; the SDK reads all others itself."""

    model_config = SettingsConfigDict(env_prefix="OTEL_")

    exporter_otlp_endpoint: str = Field("", description="Whither spans are sent, as http://localhost:4318.")
    exporter_otlp_traces_endpoint: str = Field("", description="The same, with the path of spans: …/v1/traces.")
    exporter_otlp_protocol: Literal["http/protobuf"] = Field("http/protobuf", description="How they are sent.")
    traces_exporter: Literal["", "otlp", "console", "none"] = Field(
        "", description="otlp where one of these addresses is set; console writes spans to stdout."
    )
    service_name: str = Field("", description="In place of a service's own name.")
    sdk_disabled: bool = Field(False, description="Makes no spans, whatever else is set.")

    @property
    def exporter(self) -> Literal["otlp", "console"] | None:
        """What spans are exported by, None where nobody wants them."""
        if self.sdk_disabled or self.traces_exporter == "none":
            return None
        if not self.traces_exporter and (self.exporter_otlp_endpoint or self.exporter_otlp_traces_endpoint):
            return "otlp"
        return self.traces_exporter or None


class SpanExport:
    """What takes the spans of a process's services. Left, it sends those that it has, for so many seconds at most."""

    def __init__(self, processor: "SpanProcessor | None" = None, name: str = "", patience: float = 3) -> None:
        """Have a processor of the SDK take the spans; without one there are none. `name` is each service's, if any."""
        self._processor = processor
        self._name = name
        self._patience = patience

    def of(self, service: str) -> Tracing:
        """Return what makes the spans of a service."""
        if self._processor is None:
            return UNTRACED
        # Who wants no spans does not load what makes them.
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import SpanLimits, TracerProvider

        limits = SpanLimits()
        resource = Resource.create({"service.name": self._name or service, "service.namespace": _NAMESPACE})
        provider = TracerProvider(resource=resource, span_limits=limits, shutdown_on_exit=False)
        provider.add_span_processor(self._processor)
        return Tracing(provider, limits.max_links)

    async def aclose(self) -> None:
        """Send what is left, and take nothing more. What the other side does not take in time is lost."""
        if self._processor is None:
            return
        # A thread that the end of the process does not wait for: the SDK's own has 30 s, and cannot be told otherwise.
        sending = threading.Thread(target=self._processor.shutdown, name="send the last spans", daemon=True)
        sending.start()
        await asyncio.to_thread(sending.join, self._patience)


NOT_EXPORTED = SpanExport()


def span_export(settings: OtelSettings, patience: float) -> SpanExport:
    """Return where the spans of this process go by its environment."""
    if settings.exporter is None:
        return NOT_EXPORTED
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter

    exporter = OTLPSpanExporter() if settings.exporter == "otlp" else ConsoleSpanExporter()
    return SpanExport(BatchSpanProcessor(exporter), settings.service_name, patience)


def exporting(put_together: Callable[[SpanExport], FastAPI]) -> Callable[[], FastAPI]:
    """Return what puts an app together whose spans go where the environment says, the last ones at its end."""

    def with_export() -> FastAPI:
        export = span_export(OtelSettings(), ServiceSettings().spans_timeout)
        app = put_together(export)
        lifespan = app.router.lifespan_context

        @asynccontextmanager
        async def exported(app: Any) -> AsyncIterator[Any]:
            try:
                async with lifespan(app) as state:
                    yield state
            finally:
                await export.aclose()

        app.router.lifespan_context = exported
        return app

    return with_export
