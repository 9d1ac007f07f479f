"""What marks say of a log: how far it is, and which log it is."""

import asyncio
from uuid import uuid4

import httpx
import pytest

from accounts import noted
from integration.kafka_log.conftest import Topic
from publishing import PATIENCE
from wco_cluster.part import free_port
from wco_common.kafka import KafkaSettings
from wco_common.log import Head
from wco_common.marks import Marks
from wco_common.problem import Unavailable
from wco_common.producer import Record


async def test_a_log_that_no_mark_speaks_of_is_at_0_and_closed_at_no_time(topic: Topic) -> None:
    await topic.publisher.publish(await topic.events(3))
    log = await topic.followed()
    assert await log.head() == Head(0, 0)
    assert list(await log.read(0, 10)) == []


async def test_a_log_is_closed_once_its_mark_says_so(topic: Topic) -> None:
    await topic.publisher.publish(await topic.events(3))
    log = await topic.followed()
    closing = asyncio.create_task(log.close())
    async with asyncio.timeout(PATIENCE):
        while not (head := await topic.recorded.head()).closed or head.sequence < 3:  # noqa: ASYNC110 -- bound
            await asyncio.sleep(0)
        assert not closing.done()
        head = await topic.mark()
        assert await closing == head
    assert len(await log.read(0, 10)) == 3


async def test_a_close_whose_mark_does_not_come_says_so_in_time(topic: Topic) -> None:
    log = await topic.followed(mark_timeout=0.1)
    with pytest.raises(Unavailable, match=r"no mark of operations-feed has come in 0\.1 s that closes it: its relay"):
        await log.close()


async def test_a_log_that_cannot_be_asked_is_not_closed_but_read(topic: Topic, nobody: httpx.AsyncClient) -> None:
    lines = await topic.events(3)
    await topic.publisher.publish(lines)
    head = await topic.mark()
    log = await topic.followed(client=nobody, mark_timeout=0.1)
    with pytest.raises(Unavailable, match="that closes it: operations-feed cannot be asked: nobody is there"):
        await log.close()
    assert (await log.head(), await log.read(0, 10)) == (head, lines)


async def test_a_log_that_cannot_be_asked_is_closed_by_what_its_relay_says(
    topic: Topic, nobody: httpx.AsyncClient
) -> None:
    await topic.mark()
    log = await topic.followed(client=nobody)
    before = await log.head()
    closing = asyncio.create_task(log.close())
    async with asyncio.timeout(PATIENCE):
        await asyncio.sleep(0)
        while not closing.done():
            await topic.mark()
        assert (await closing).closed > before.closed


async def test_another_log_than_the_one_that_is_folded_is_not_read(topic: Topic) -> None:
    lines = await topic.events(3)
    await topic.publisher.publish(lines)
    head = await topic.mark()
    log = await topic.followed()
    assert await log.head() == head
    waiting = asyncio.create_task(log.wait(head))
    its_id, topic.publisher.log_id = topic.publisher.log_id, uuid4()
    await topic.mark()
    async with asyncio.timeout(PATIENCE):
        for asking in (waiting, log.head(), log.read(0, 10), (await topic.followed()).head()):
            with pytest.raises(Unavailable, match=f"but folded is the log {its_id}: another has taken its place"):
                await asking
        topic.publisher.log_id = its_id
        head = await topic.mark()
        assert await (await topic.followed()).head() == head


async def test_where_nothing_is_folded_yet_the_log_may_become_another(topic: Topic) -> None:
    topic.kept.folds_nothing = True
    await topic.mark()
    log = await topic.followed()
    assert (await log.head()).sequence == 0
    topic.publisher.log_id = uuid4()
    await topic.publisher.publish(lines := await topic.events(2))
    head = await topic.mark()
    async with asyncio.timeout(PATIENCE):
        while await log.wait(Head(0, 0)) != head:  # noqa: ASYNC110 -- bound
            await asyncio.sleep(0)
    assert await log.read(0, 10) == lines


@pytest.mark.parametrize(
    "record",
    [Record(b"operations-feed", b"hello", []), Record(b"operations-feed", b"{}", []), Record(b"?", b"", [])],
)
async def test_a_record_that_is_no_mark_is_set_aside(topic: Topic, record: Record) -> None:
    await topic.publisher.write_mark(record)
    head = await topic.mark()
    assert await (await topic.followed()).head() == head
    (kept,) = topic.kept.quarantine
    assert (kept.topic, kept.offset, kept.value) == (f"{topic.kafka.topic_prefix}marks", 0, record.value)
    assert "is no mark" in kept.reason


async def test_a_mark_under_another_log_s_name_is_set_aside(topic: Topic) -> None:
    head = await topic.mark()
    await topic.publisher.write_mark(
        Record(
            b"survey-intake",
            b'{"log":"operations-feed","log_id":"00000000-0000-0000-0000-000000000007","offset":9,"sequence":9,"time":"2099-07-01T00:00:00.000001Z"}',
            [],
        )
    )
    log = await topic.followed()
    assert await log.head() == head
    assert topic.reasons() == ["does not have the log's name as its key"]


async def test_without_kafka_nothing_is_known_and_why_is_said(topic: Topic) -> None:
    nowhere = KafkaSettings(bootstrap_servers=f"127.0.0.1:{free_port()}", request_timeout=PATIENCE)
    async with Marks(nowhere, topic.kept, retry=0.05) as marks:
        with pytest.raises(Unavailable, match="the marks of the logs cannot be read: KafkaConnectionError"):
            await marks.last("operations-feed")


async def test_events_recorded_while_it_is_followed_are_read(topic: Topic) -> None:
    log = await topic.followed()
    head, read = await log.head(), 0
    for number in range(1, 4):
        await topic.recorded.appender.append([noted("n")] * number)
        lines = await topic.recorded.read(read, 100)
        await topic.publisher.publish(lines)
        await topic.mark()
        async with asyncio.timeout(PATIENCE):
            head = await log.wait(head)
        assert await log.read(read, 100) == lines
        read += len(lines)
