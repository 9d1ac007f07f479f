"""Topics on a real broker: made as they have to be, refused as they must not be."""

import asyncio
import re

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError

from wco_cluster.part import free_port
from wco_common.bundle_check import LONGEST_LINE
from wco_common.kafka import KafkaSettings, connection
from wco_common.topics import Topic, TopicRefused, ensure_topics, events_topic, marks_topic


async def settings_of(topic: str, settings: KafkaSettings) -> dict[str, str]:
    """Return what the broker says that a topic's settings are, whoever made them."""
    admin = AIOKafkaAdminClient(**connection(settings))
    await admin.start()
    try:
        (described,) = await admin.describe_topics([topic])
        (answer,) = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])
    finally:
        await admin.close()
    ((_, _, _, _, entries),) = answer.resources
    copies = {len(partition["replicas"]) for partition in described["partitions"]}
    return {
        "partitions": str(len(described["partitions"])),
        "replication.factor": ",".join(map(str, copies)),
        **{entry[0]: entry[1] for entry in entries},
    }


async def somebody_makes(topic: Topic, settings: KafkaSettings) -> None:
    admin = AIOKafkaAdminClient(**connection(settings))
    await admin.start()
    try:
        answer = await admin.create_topics(
            [NewTopic(topic.name, topic.partitions, topic.replication, topic_configs=topic.configs)]
        )
    finally:
        await admin.close()
    ((_, code, message),) = answer.topic_errors
    assert code == 0, message


async def test_a_log_s_topic_is_made_to_keep_every_event(kafka_settings: KafkaSettings) -> None:
    await ensure_topics([events_topic("survey-intake", kafka_settings)], kafka_settings)

    made = await settings_of(f"{kafka_settings.topic_prefix}survey-intake", kafka_settings)
    assert {
        "partitions": "1",
        "replication.factor": "1",
        "cleanup.policy": "delete",
        "retention.ms": "-1",
        "retention.bytes": "-1",
        "unclean.leader.election.enable": "false",
        "min.insync.replicas": "1",
        "max.message.bytes": "1048588",
    }.items() <= made.items()


async def test_the_topic_of_marks_is_made_to_keep_each_log_s_last(kafka_settings: KafkaSettings) -> None:
    await ensure_topics([marks_topic(kafka_settings)], kafka_settings)

    made = await settings_of(f"{kafka_settings.topic_prefix}marks", kafka_settings)
    assert {"partitions": "1", "cleanup.policy": "compact", "retention.ms": "-1"}.items() <= made.items()


async def test_topics_that_are_there_are_as_good_as_new_ones(kafka_settings: KafkaSettings) -> None:
    wanted = [events_topic("survey-intake", kafka_settings), marks_topic(kafka_settings)]
    await ensure_topics(wanted[:1], kafka_settings)
    await ensure_topics(wanted, kafka_settings)
    await ensure_topics(wanted, kafka_settings)


async def test_several_programs_may_make_the_same_topics_at_once(kafka_settings: KafkaSettings) -> None:
    wanted = [events_topic("survey-intake", kafka_settings), marks_topic(kafka_settings)]
    await asyncio.gather(*(ensure_topics(wanted, kafka_settings) for _ in range(5)))


async def test_a_log_s_topic_takes_the_longest_event(kafka_settings: KafkaSettings) -> None:
    topic = events_topic("operations-feed", kafka_settings)
    await ensure_topics([topic], kafka_settings)

    async with AIOKafkaProducer(**connection(kafka_settings), enable_idempotence=True) as producer:
        written = await producer.send_and_wait(topic.name, b"e" * LONGEST_LINE, key=b"s" * 1_000)
    assert written.offset == 0


@pytest.mark.parametrize(
    ("setting", "found", "wanted"),
    [
        ("retention.ms", "604800000", "-1"),
        ("retention.bytes", "1073741824", "-1"),
        ("cleanup.policy", "compact", "delete"),
        ("cleanup.policy", "compact,delete", "delete"),
        ("unclean.leader.election.enable", "true", "false"),
        ("max.message.bytes", "65000", "at least 1048588"),
    ],
)
async def test_a_topic_that_would_forget_or_lose_events_is_refused_and_left_as_it_is(
    kafka_settings: KafkaSettings, setting: str, found: str, wanted: str
) -> None:
    topic = events_topic("survey-intake", kafka_settings)
    await somebody_makes(Topic(topic.name, 1, 1, {**topic.configs, setting: found}), kafka_settings)

    with pytest.raises(TopicRefused) as refused:
        await ensure_topics([topic], kafka_settings)
    assert str(refused.value).startswith(f"The topic {topic.name} has {setting}={found}, and {wanted} is wanted: ")
    assert (await settings_of(topic.name, kafka_settings))[setting] == found


async def test_a_topic_that_has_its_retention_from_the_broker_is_refused_too(kafka_settings: KafkaSettings) -> None:
    topic = events_topic("survey-intake", kafka_settings)
    await somebody_makes(Topic(topic.name, 1, 1), kafka_settings)

    with pytest.raises(TopicRefused, match=r"retention\.ms=604800000, and -1 is wanted: it would forget what is old"):
        await ensure_topics([topic], kafka_settings)


async def test_a_topic_in_more_parts_than_wanted_is_refused(kafka_settings: KafkaSettings) -> None:
    topic = events_topic("survey-intake", kafka_settings)
    await somebody_makes(Topic(topic.name, 3, 1, topic.configs), kafka_settings)

    with pytest.raises(TopicRefused, match=f"{re.escape(topic.name)} has partitions=3, and 1 is wanted: "):
        await ensure_topics([topic], kafka_settings)


async def test_a_topic_of_marks_that_would_keep_them_all_is_refused(kafka_settings: KafkaSettings) -> None:
    topic = marks_topic(kafka_settings)
    await somebody_makes(Topic(topic.name, 1, 1, {**topic.configs, "cleanup.policy": "delete"}), kafka_settings)

    with pytest.raises(TopicRefused, match=r"cleanup\.policy=delete, and compact is wanted: "):
        await ensure_topics([topic], kafka_settings)


async def test_more_copies_than_there_are_brokers_cannot_be_made(kafka_settings: KafkaSettings) -> None:
    demanding = kafka_settings.model_copy(update={"replication": 100})
    topic = events_topic("survey-intake", demanding)

    with pytest.raises(KafkaError, match=f"the topic {re.escape(topic.name)} cannot be made: "):
        await ensure_topics([topic], demanding)


async def test_where_no_kafka_is_nothing_is_made() -> None:
    nowhere = KafkaSettings(bootstrap_servers=f"127.0.0.1:{free_port()}")
    with pytest.raises(KafkaError):
        await ensure_topics([marks_topic(nowhere)], nowhere)
