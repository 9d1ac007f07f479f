"""The topics of a log: made by code as they have to be, and refused as they must not be.

A topic keeps its events for ever, and loses none to an election. One that somebody has made otherwise is left as it
is: what it has forgotten already, no setting brings back.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import NoError, TopicAlreadyExistsError, UnknownTopicOrPartitionError, for_code

from wco_common.kafka import KafkaSettings, connection, started_whole
from wco_events.event_type import LogName

_LOOK_AGAIN = 0.1
"""Seconds until a topic is looked for again that was made, and that not every broker knows yet."""

_MARKS_SEGMENT = 4 * 1024 * 1024
"""Bytes. Only what is before the newest segment is compacted, and who starts reads all that is not."""

_AT_LEAST = ("replication.factor", "min.insync.replicas", "max.message.bytes")
"""Settings of which more is as good; of all others nothing but the same is."""

_OTHERWISE = {
    "partitions": "records would not be where they are looked for",
    "replication.factor": "it may lose records when a broker fails",
    "cleanup.policy": "it would forget what has to stay, or keep what may go",
    "retention.ms": "it would forget what is old",
    "retention.bytes": "it would forget what is old as it grows",
    "unclean.leader.election.enable": "it may lose records when a broker fails",
    "min.insync.replicas": "it may lose records when a broker fails",
    "max.message.bytes": "it would not take all that is to be written",
}
"""The settings that are checked, and what would come of another value."""


class TopicRefused(Exception):
    """Topics are there already that events cannot be trusted to. The message has a sentence for each fault."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as it is wanted, or as it was found; `configs` are its settings by their names in Kafka."""

    name: str
    partitions: int
    replication: int
    configs: Mapping[str, str] = field(default_factory=dict)

    @property
    def settings(self) -> dict[str, str]:
        """All that is said of the topic, by names as Kafka has them."""
        return {
            "partitions": str(self.partitions),
            "replication.factor": str(self.replication),
            **self.configs,
        }


def events_topic(log: LogName, settings: KafkaSettings) -> Topic:
    """Return the topic that carries the events of a log. It forgets none: nothing is ever old enough to be deleted."""
    return Topic(
        name=f"{settings.topic_prefix}{log}",
        partitions=1,  # a log's order is one order
        replication=settings.replication,
        configs={"cleanup.policy": "delete", **_kept(settings)},
    )


def marks_topic(settings: KafkaSettings) -> Topic:
    """Return the topic of the marks of all logs, whose key is the log's name: the last of each log stays."""
    return Topic(
        name=f"{settings.topic_prefix}marks",
        partitions=1,
        replication=settings.replication,
        configs={"cleanup.policy": "compact", "segment.bytes": str(_MARKS_SEGMENT), **_kept(settings)},
    )


def _kept(settings: KafkaSettings) -> dict[str, str]:
    return {
        "retention.ms": "-1",
        "retention.bytes": "-1",
        "unclean.leader.election.enable": "false",
        "min.insync.replicas": str(settings.min_insync_replicas),
        "max.message.bytes": str(settings.max_message_bytes),
    }


def faults(wanted: Topic, found: Topic) -> list[str]:
    """Return why a topic that was found cannot be used as the one that is wanted: a sentence for each setting."""
    return [
        f"The topic {found.name} has {setting}={has}, and {'at least ' * (setting in _AT_LEAST)}{needs} is wanted: "
        f"{otherwise}."
        for setting, otherwise in _OTHERWISE.items()
        for has, needs in [(found.settings.get(setting, ""), wanted.settings[setting])]
        if has != needs and not (setting in _AT_LEAST and has and int(has) >= int(needs))
    ]


async def ensure_topics(wanted: Sequence[Topic], settings: KafkaSettings) -> None:
    """Make those of some topics that are missing, and check all of them, also what another has made meanwhile.

    No topic that is there is changed. Raises TopicRefused; KafkaError or TimeoutError when Kafka cannot be asked or
    does not make them.
    """
    names = [topic.name for topic in wanted]
    admin = AIOKafkaAdminClient(**connection(settings))
    try:
        await started_whole(admin.start(), settings)
        found = await _found(admin, names)
        await _make(admin, [topic for topic in wanted if topic.name not in found])
        async with asyncio.timeout(settings.request_timeout):
            while len(found := await _found(admin, names)) < len(names):  # noqa: ASYNC110 - no broker tells us
                await asyncio.sleep(_LOOK_AGAIN)
    finally:
        await admin.close()
    if refused := [fault for topic in wanted for fault in faults(topic, found[topic.name])]:
        raise TopicRefused(" ".join(refused))


async def _found(admin: AIOKafkaAdminClient, names: Collection[str]) -> dict[str, Topic]:
    """Return those of some topics that there are. All are listed: to ask for one by its name may make it."""
    listed = {topic["topic"]: topic["partitions"] for topic in await admin.describe_topics()}
    configs: dict[str, dict[str, str]] = {}
    there = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names if name in listed]
    for answer in await admin.describe_configs(there) if there else ():
        for code, message, _, name, entries in answer.resources:
            if code == UnknownTopicOrPartitionError.errno:
                continue
            if code != NoError.errno:
                raise for_code(code)(f"the settings of the topic {name} cannot be read: {message}")
            configs[name] = {entry[0]: entry[1] for entry in entries}
    return {
        name: Topic(
            name,
            partitions=len(listed[name]),
            replication=min(len(partition["replicas"]) for partition in listed[name]),
            configs=said,
        )
        for name, said in configs.items()
    }


async def _make(admin: AIOKafkaAdminClient, topics: Sequence[Topic]) -> None:
    if not topics:
        return
    new = [NewTopic(topic.name, topic.partitions, topic.replication, topic_configs=topic.configs) for topic in topics]
    answer = await admin.create_topics(new)
    for name, code, message in answer.topic_errors:
        if code not in (NoError.errno, TopicAlreadyExistsError.errno):
            raise for_code(code)(f"the topic {name} cannot be made: {message}")
