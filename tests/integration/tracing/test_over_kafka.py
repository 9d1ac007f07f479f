"""Over a real Kafka, from the trace of a POST one comes to its publishing, to the fold and to the answer it is in."""

from pathlib import Path

from opentelemetry.trace import SpanKind

from exported import Exported, said, service
from histories import history
from logs_on_kafka import logs_on_kafka, projecting, relayed
from traces import TRACE
from wco_common.kafka import KafkaSettings
from wco_common.trace_context import text_of
from wco_events.event_type import LOG_NAMES

TRACE_ID = "0af7651916cd43dd8448eb211c80319c"


async def test_one_trace_leads_from_a_post_over_the_topic_to_the_answer(
    tmp_path: Path, kafka_settings: KafkaSettings, postgres_database: str
) -> None:
    exported, folder = Exported(), tmp_path / "logs"
    recorded = history(31, 40)
    async with (
        logs_on_kafka(folder, kafka_settings, recorded, exported) as logs,
        relayed(folder, kafka_settings, spans=exported),
        projecting(postgres_database, kafka_settings, logs.clients(), exported) as projector,
    ):
        await projector.folded({log: len(recorded[log]) for log in LOG_NAMES})
        assert not exported.named("fold operations-feed")  # what came without a trace makes no span
        sent = {name: value for name, value in TRACE._asdict().items() if value is not None}
        traced = await logs.launch("traced", **sent)
        await projector.get("v1/scorecard", period="2022-23", after=f"operations-feed:{traced}")
        untraced = await logs.launch("untraced")
        await projector.get("v1/scorecard", period="2022-23", after=f"operations-feed:{untraced}")
    post, own = exported.named("POST /v1/events")
    for sequence, trace in ((traced, TRACE_ID), (untraced, f"{own.context.trace_id:032x}")):
        found = exported.of_trace(trace)
        names = [span.name for span in found]
        assert {"commit operations-feed", "publish operations-feed", "fold operations-feed", "evaluate"} <= set(names)
        [publish] = [span for span in found if span.name == "publish operations-feed"]
        [fold] = [span for span in found if span.name == "fold operations-feed"]
        assert (publish.kind, fold.kind) == (SpanKind.PRODUCER, SpanKind.CONSUMER)
        assert [service(span) for span in (publish, fold)] == ["relay-operations-feed", "kpi-projector"]
        first, last = said(fold, "first"), said(fold, "last")
        assert isinstance(first, int)
        assert isinstance(last, int)
        assert first <= sequence <= last
    async with logs_on_kafka(folder, kafka_settings) as again:
        lines = await again.services["operations-feed"].log.read(traced - 1, 2)
    assert [line.trace for line in lines] == [TRACE, text_of(own.context)]
    assert f"{post.context.trace_id:032x}" == TRACE_ID
