"""A broker of one's own: what it has is there again, and it has its folder for itself."""

import os
import signal
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from parts import SETTINGS, processes_of
from wco_cluster.kafka import kafka
from wco_cluster.part import PartFailed, Running, started
from wco_common.kafka import KafkaSettings, connection
from wco_common.topics import ensure_topics, events_topic

pytestmark = pytest.mark.timeout(300)


def settings_of(running: Running) -> KafkaSettings:
    return KafkaSettings(bootstrap_servers=running.part.address)


async def write(running: Running, topic: str, *records: bytes) -> None:
    async with AIOKafkaProducer(**connection(settings_of(running)), acks="all") as producer:
        for record in records:
            await producer.send_and_wait(topic, record)


async def read(running: Running, topic: str) -> list[bytes]:
    async with AIOKafkaConsumer(**connection(settings_of(running)), auto_offset_reset="earliest") as consumer:
        partition = TopicPartition(topic, 0)
        consumer.assign([partition])
        end = (await consumer.end_offsets([partition]))[partition]
        records: list[bytes] = []
        while len(records) < end:
            records.append((await consumer.getone()).value)
        return records


async def test_a_broker_that_was_killed_has_its_records_when_it_is_started_again(tmp_path: Path) -> None:
    first = await started(kafka(tmp_path, SETTINGS), SETTINGS)
    topic = events_topic("survey-intake", settings_of(first))
    await ensure_topics([topic], settings_of(first))
    await write(first, topic.name, b"one", b"two")

    os.kill(first.pid, signal.SIGKILL)
    await first.ended()
    second = await started(kafka(tmp_path, SETTINGS), SETTINGS)

    assert second.part.address != first.part.address, "free ports are others each time"
    assert await read(second, topic.name) == [b"one", b"two"]
    await ensure_topics([topic], settings_of(second))
    await write(second, topic.name, b"three")

    await second.stop(SETTINGS.stop_timeout)
    assert processes_of(tmp_path) == []


async def test_a_second_broker_on_the_same_folder_is_refused_and_the_first_goes_on(tmp_path: Path) -> None:
    first = await started(kafka(tmp_path, SETTINGS), SETTINGS)
    at_once = SETTINGS.model_copy(update={"lock_timeout": 0})
    with pytest.raises(PartFailed, match=r"another process has .*/kafka\.lock: this one was not started"):
        await started(kafka(tmp_path, at_once), at_once)

    assert await first.part.answers()
    await first.stop(SETTINGS.stop_timeout)


def test_storage_that_cannot_be_formatted_leaves_none_and_says_why(tmp_path: Path) -> None:
    with pytest.raises(
        PartFailed, match=r"(?s)kafka could not be prepared: status 1; .*Invalid (initial|maximum) heap size"
    ):
        kafka(tmp_path, SETTINGS.model_copy(update={"kafka_java_options": "-Xmxlarge"}))
    assert not (tmp_path / "data").exists()
