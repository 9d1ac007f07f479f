"""A program sends its spans by OTLP to where the standard variable says, the last ones when it is told to end."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from system import served
from traces import TRACE
from wco_cluster.part import free_port

PATIENCE = 60.0


class Collector:
    """Takes spans as a collector of OpenTelemetry does: by service, their names and traces."""

    def __init__(self) -> None:
        self.app = Starlette(routes=[Route("/v1/traces", self._take, methods=["POST"])])
        self.spans: list[tuple[str, str, str]] = []

    async def _take(self, request: Request) -> Response:
        taken = ExportTraceServiceRequest.FromString(await request.body())
        for resource in taken.resource_spans:
            names = {each.key: each.value.string_value for each in resource.resource.attributes}
            for scope in resource.scope_spans:
                self.spans += [(names["service.name"], span.name, span.trace_id.hex()) for span in scope.spans]
        return Response(media_type="application/x-protobuf")


@pytest.fixture
async def collector() -> AsyncIterator[tuple[Collector, str]]:
    collector = Collector()
    async with served(collector.app) as address:
        yield collector, address


async def test_a_program_that_is_told_to_end_sends_the_spans_that_it_still_has(
    tmp_path: Path, collector: tuple[Collector, str]
) -> None:
    taking, address = collector
    port = free_port()
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "uvicorn", "--factory", "survey_intake.app:app", "--port", str(port)),
        env=os.environ
        | {
            "WCO_KPI_DATABASE_URL": f"sqlite:///{tmp_path / 'log.sqlite'}",
            "OTEL_EXPORTER_OTLP_ENDPOINT": address,
            "WCO_KPI_SPANS_TIMEOUT": f"{PATIENCE}",
            "OTEL_EXPORTER_OTLP_TIMEOUT": f"{PATIENCE:.0f}",
            "OTEL_BSP_SCHEDULE_DELAY": "600000",  # nothing is sent by time
        },
    )
    try:
        async with (
            asyncio.timeout(PATIENCE),
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE) as client,
        ):
            while True:
                try:
                    await client.get("/livez")
                    break
                except httpx.ConnectError:
                    await asyncio.sleep(0.05)
            answer = await client.post(
                "/v1/events",
                content=json.dumps([]),
                headers={"content-type": "application/cloudevents-batch+json", "traceparent": TRACE.traceparent or ""},
            )
        assert answer.status_code == 200
        assert not taking.spans
        program.send_signal(signal.SIGTERM)
        await asyncio.wait_for(program.wait(), PATIENCE)
    finally:
        if program.returncode is None:
            program.kill()
            await program.wait()
    assert ("survey-intake", "POST /v1/events", "0af7651916cd43dd8448eb211c80319c") in taking.spans
