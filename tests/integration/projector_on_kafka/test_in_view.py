"""What does not belong into the topics, is missing from them, or cannot be folded is in view; answers stay right."""

import asyncio
import json
from pathlib import Path
from typing import Any
from uuid import uuid4

from integration.projector_on_kafka.conftest import Recorded
from kpi_projector.progress import within
from logs_on_kafka import NOWHERE, PATIENCE, LogsOnKafka, Projector, all_answers, all_replayed, projecting
from publishing import publisher
from wco_common.canonical import canonical
from wco_common.event_record import event_record
from wco_common.kafka import KafkaSettings
from wco_common.log import Head, Line
from wco_common.producer import Record
from wco_common.trace_context import NO_TRACE
from wco_events.event_type import LOG_NAMES, LogName

LOG: LogName = "operations-feed"
CLOSED = 1_800_000_000_000_000
"""A time that is later than all that is recorded."""


def lines_of(recorded: Recorded, log: LogName) -> list[Line]:
    return [Line(sequence, body) for sequence, body in enumerate(recorded.lines[log], 1)]


async def publish_others(kafka: KafkaSettings, recorded: Recorded) -> None:
    """Carry the other logs into their topics."""
    for log in LOG_NAMES:
        if log != LOG:
            async with publisher(log, kafka) as writing:
                await writing.publish(lines_of(recorded, log))
                await writing.mark(Head(len(recorded.lines[log]), CLOSED))


async def stopped(projector: Projector, why: str) -> None:
    """Return once the fold of the log stands still for some reason, which is in view."""
    progress = projector.it.progress
    assert await progress.until(lambda: why in progress.stopped.get(LOG, ""), within(PATIENCE)), progress.stopped
    assert why in (await projector.get("readyz", 503))["detail"]


async def test_foreign_records_are_listed_and_shown_and_counted_and_no_answer_is_another(
    kafka_settings: KafkaSettings, postgres_database: str, recorded: Recorded
) -> None:
    await publish_others(kafka_settings, recorded)
    lines = lines_of(recorded, LOG)
    async with publisher(LOG, kafka_settings) as writing:
        await writing.publish(lines[:5])
        await writing.write(
            [Record(b"key", b"hello", [("from", b"\xff"), ("to", b"you")]), Record(b"\xfe", b"\xff", [])]
        )
        await writing.publish(lines[5:])
        await writing.mark(Head(len(lines), CLOSED))
    for _ in range(2):
        # What the second one reads again is kept once.
        async with projecting(postgres_database, kafka_settings, NOWHERE) as projector:
            await projector.folded(recorded.positions)
            assert await all_answers(projector, recorded.board, recorded.as_of) == all_replayed(
                recorded.board, recorded.moment
            )
            listing = await projector.get("v1/quarantine")
            assert listing["size"] == 2
            first, second = listing["records"]
            assert (first["topic"], first["partition"], first["offset"]) == (
                f"{kafka_settings.topic_prefix}{LOG}",
                0,
                5,
            )
            assert first["reason"].startswith("is no recorded event")
            shown = await projector.get(f"v1/quarantine/{first['id']}")
            assert shown == first | {
                "key": {"text": "key"},
                "value": {"text": "hello"},
                "headers": [
                    {"name": "from", "value": {"base64": "/w=="}},
                    {"name": "to", "value": {"text": "you"}},
                ],
            }
            assert (await projector.get(f"v1/quarantine/{second['id']}"))["value"] == {"base64": "/w=="}
            page = await projector.get("v1/quarantine", after=str(first["id"]), limit="1")
            assert page["records"] == [second]
            for nowhere in ("v1/quarantine/0", "v1/quarantine/x", f"v1/quarantine/{'9' * 30}"):
                problem = await projector.get(nowhere, 404)
                assert problem["type"] == "urn:wco-kpi:problem:not-found"
            await projector.get("v1/quarantine", 422, after="x")
            async with asyncio.timeout(PATIENCE):
                # It is counted from time to time, and nobody is told.
                while await projector.metric("wco_kpi_quarantine_records") != 2:  # noqa: ASYNC110 -- as above
                    await asyncio.sleep(0.05)


async def test_a_hole_is_named_while_the_log_cannot_be_asked_and_filled_once_it_can(
    kafka_settings: KafkaSettings, postgres_database: str, recorded: Recorded, logs: LogsOnKafka, tmp_path: Path
) -> None:
    holes = kafka_settings.model_copy(update={"topic_prefix": f"{kafka_settings.topic_prefix}holes."})
    await publish_others(holes, recorded)
    lines = lines_of(recorded, LOG)
    async with publisher(LOG, holes) as writing:
        await writing.publish([*lines[:9], *lines[12:]])
        await writing.mark(Head(len(lines), CLOSED))
    async with projecting(postgres_database, holes, NOWHERE) as projector:
        await stopped(projector, "event 10 is missing from the topic of operations-feed")
        assert projector.it.progress.positions[LOG] == 9
        assert await projector.metric("wco_kpi_fold_position", log=LOG) == 9
    async with projecting(postgres_database, holes, logs.clients()) as projector:
        await projector.folded(recorded.positions)
        assert await projector.metric("wco_kpi_topic_events_missing_total", log=LOG) == 3
        assert await all_answers(projector, recorded.board, recorded.as_of) == all_replayed(
            recorded.board, recorded.moment
        )


async def test_another_log_than_the_one_that_was_folded_stops_in_view_also_after_a_restart(
    kafka_settings: KafkaSettings, postgres_database: str, recorded: Recorded
) -> None:
    await publish_others(kafka_settings, recorded)
    lines = lines_of(recorded, LOG)
    async with publisher(LOG, kafka_settings) as writing:
        await writing.publish(lines)
        await writing.mark(Head(len(lines), CLOSED))
        async with projecting(postgres_database, kafka_settings, NOWHERE) as projector:
            await projector.folded(recorded.positions)
            its_id, writing.log_id = writing.log_id, uuid4()
            await writing.mark(Head(len(lines), CLOSED + 1))
            await stopped(projector, f"but folded is the log {its_id}: another has taken its place")
            assert await all_answers(projector, recorded.board, recorded.as_of) == all_replayed(
                recorded.board, recorded.moment
            )
        async with projecting(postgres_database, kafka_settings, NOWHERE) as projector:
            await stopped(projector, "another has taken its place")


def unfoldable(line: Line) -> Record:
    """An event that its log would not have recorded: its data lack everything."""
    event: dict[str, Any] = json.loads(line.body)
    return event_record(event["subject"], canonical(event | {"data": {}}), NO_TRACE)


async def test_an_event_that_cannot_be_folded_is_named_by_all_instances(
    kafka_settings: KafkaSettings, postgres_database: str, recorded: Recorded
) -> None:
    await publish_others(kafka_settings, recorded)
    lines = lines_of(recorded, LOG)
    async with publisher(LOG, kafka_settings) as writing:
        await writing.publish(lines[:20])
        await writing.write([unfoldable(lines[20])])
        await writing.publish(lines[21:])
        await writing.mark(Head(len(lines), CLOSED))
    async with (
        projecting(postgres_database, kafka_settings, NOWHERE) as first,
        projecting(postgres_database, kafka_settings, NOWHERE) as second,
    ):
        for projector in (first, second):
            await stopped(projector, "event 21 (")
            assert projector.it.progress.positions[LOG] == 20
            assert await projector.metric("wco_kpi_fold_lag_events", log=LOG) == 0  # nobody says how far the log is


async def test_how_far_the_fold_is_behind_is_told_by_what_the_log_says_and_not_by_what_is_heard_of_it(
    kafka_settings: KafkaSettings, postgres_database: str, recorded: Recorded, logs: LogsOnKafka, tmp_path: Path
) -> None:
    # The topics of another prefix have no marks: nothing at all is heard of the logs.
    silent = kafka_settings.model_copy(update={"topic_prefix": f"{kafka_settings.topic_prefix}silent."})
    async with projecting(postgres_database, silent, logs.clients(), stale_after=5) as projector:
        progress = projector.it.progress
        for log in LOG_NAMES:
            while not await projector.metric("wco_kpi_fold_lag_events", log=log):
                await progress.until(lambda: False, within(0.05))
            assert await projector.metric("wco_kpi_fold_lag_events", log=log) == recorded.positions[log]
            assert await projector.metric("wco_kpi_fold_lag_seconds", log=log) > 1_000_000
        detail = (await projector.get("readyz", 503))["detail"]
        assert f"operations-feed by {recorded.positions[LOG]} events" in detail
