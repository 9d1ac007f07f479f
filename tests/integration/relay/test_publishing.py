"""A relay publishes every event of a log in order, and says by marks how far the topic is."""

import asyncio

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from accounts import LOG, noted
from integration.relay.conftest import PATIENCE, Relaying, Topics, hold, sequences, until
from publishing import publisher
from traces import TRACE
from wco_common.kafka import KafkaSettings, connection
from wco_common.mark import decode_mark
from wco_common.producer import PARTITION
from wco_common.sql_log import SqlLog
from wco_common.topic_end import consuming, offsets


async def test_every_event_is_published_once_in_order_and_no_mark_is_ahead_of_the_topic(
    log: SqlLog, relaying: Relaying, topics: Topics
) -> None:
    await log.appender.append([noted(f"s{number}") for number in range(1_000)])
    await log.appender.append([noted(f"s{number}") for number in range(500)])
    async with relaying() as relay:
        await topics.marked(1_500)
        await asyncio.gather(*(log.appender.append([noted(f"later{number}")]) for number in range(50)))
        await log.appender.append([noted("last")])
        await topics.marked(1_551)
        assert (relay.heartbeat.events, relay.heartbeat.sequence, relay.heartbeat.lag) == (1_551, 1_551, 0)

    assert sequences(await topics.events()) == list(range(1, 1_552))
    await hold(log, topics)


async def test_no_mark_is_ahead_of_the_topic_when_it_is_read(log: SqlLog, relaying: Relaying, topics: Topics) -> None:
    marks = TopicPartition(topics.of_marks.name, PARTITION)
    async with relaying(), consuming(topics.settings) as consumer:
        await topics.marked(0)
        consumer.assign([marks])
        consumer.seek(marks, 0)
        sequence = 0
        async with asyncio.timeout(4 * PATIENCE):  # a hundred commits, each with its mark
            while sequence < 200:
                await log.appender.append([noted("n"), noted("m")])
                mark = decode_mark((await consumer.getone(marks)).value)
                assert (await offsets(consumer, topics.of_events.name)).stop >= mark.offset >= mark.sequence
                assert mark.sequence >= sequence
                sequence = mark.sequence


async def test_a_record_is_a_structured_cloudevent_with_its_subject_as_key_and_its_trace_beside_it(
    log: SqlLog, relaying: Relaying, topics: Topics
) -> None:
    await log.appender.append([noted("traced")], trace=TRACE)
    await log.appender.append([noted("untraced")])
    async with relaying():
        await topics.marked(2)

    traced, untraced = await topics.events()
    lines = await log.read(0, 10)
    assert (traced.key, traced.value) == (b"traced", lines[0].body)
    assert traced.headers == (
        ("content-type", b"application/cloudevents+json"),
        ("traceparent", b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
        ("tracestate", b"rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"),
    )
    assert (untraced.key, untraced.value) == (b"untraced", lines[1].body)
    assert untraced.headers == (("content-type", b"application/cloudevents+json"),)


async def test_time_is_closed_and_marked_while_nobody_posts(log: SqlLog, relaying: Relaying, topics: Topics) -> None:
    async with relaying():
        first = await topics.marked(0)

        async def is_closed_further() -> bool:
            return (await topics.marks())[-1].closed > first.closed

        await until(is_closed_further)
    await hold(log, topics)


async def test_a_relay_that_is_started_again_goes_on_where_the_topic_ends(
    log: SqlLog, relaying: Relaying, topics: Topics
) -> None:
    for number in range(3):
        await log.appender.append([noted(f"s{number}")])
        async with relaying() as relay:
            await topics.marked(number + 1)
            assert relay.heartbeat.events == 1
    assert sequences(await topics.events()) == [1, 2, 3]
    await hold(log, topics)


async def test_events_are_read_and_sent_in_parts_of_any_size(log: SqlLog, relaying: Relaying, topics: Topics) -> None:
    await log.appender.append([noted(f"s{number}", owner="x" * 1_000) for number in range(500)])
    async with relaying(batch_events=300, batch_bytes=131_072) as relay:
        await topics.marked(500)
        assert relay.heartbeat.events == 500
    assert sequences(await topics.events()) == list(range(1, 501))


async def test_what_another_relay_that_was_held_up_repeats_does_no_harm(
    log: SqlLog, relaying: Relaying, topics: Topics, kafka_settings: KafkaSettings
) -> None:
    async with relaying() as relay, publisher(LOG, kafka_settings) as other:
        await log.appender.append([noted(f"s{number}") for number in range(20)])
        await topics.marked(20)
        await other.publish(await log.read(10, 5))
        await log.appender.append([noted("later")])
        await topics.marked(21)
        assert relay.heartbeat.failures.total() == 0
    await hold(log, topics)


async def test_a_topic_that_was_made_anew_gets_every_event_again(
    log: SqlLog, relaying: Relaying, topics: Topics, kafka_settings: KafkaSettings
) -> None:
    await log.appender.append([noted(f"s{number}") for number in range(20)])
    async with relaying():
        await topics.marked(20)
    admin = AIOKafkaAdminClient(**connection(kafka_settings))
    await admin.start()
    await admin.delete_topics([topics.of_events.name])
    await admin.close()
    async with relaying():
        await log.appender.append([noted("later")])
        await topics.marked(21)
    assert sequences(await topics.events()) == list(range(1, 22))
