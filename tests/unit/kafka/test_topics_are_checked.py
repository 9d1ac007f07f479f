"""Which topics of somebody else's events are trusted to."""

from dataclasses import replace

import pytest

from wco_common.kafka import KafkaSettings
from wco_common.settings import WrongSettings
from wco_common.topics import Topic, events_topic, faults, marks_topic

SETTINGS = KafkaSettings(
    bootstrap_servers="kafka:9092", replication=3, min_insync_replicas=2, max_message_bytes=2_000_000
)
WANTED = events_topic("survey-intake", SETTINGS)


def found(**configs: str) -> Topic:
    """Return a topic as it is wanted but for some settings."""
    return replace(
        WANTED, configs={**WANTED.configs, **{name.replace("_", "."): value for name, value in configs.items()}}
    )


def test_a_topic_as_it_is_wanted_has_no_faults() -> None:
    assert faults(WANTED, WANTED) == []


def test_a_topic_that_is_safer_than_wanted_has_no_faults() -> None:
    assert faults(WANTED, replace(found(min_insync_replicas="3", max_message_bytes="9000000"), replication=5)) == []


def test_a_topic_with_fewer_copies_than_wanted_may_lose_events() -> None:
    assert faults(WANTED, replace(WANTED, replication=1)) == [
        "The topic wco-kpi.survey-intake has replication.factor=1, and at least 3 is wanted: "
        "it may lose records when a broker fails."
    ]


def test_a_topic_that_counts_a_record_as_written_too_soon_may_lose_events() -> None:
    assert faults(WANTED, found(min_insync_replicas="1")) == [
        "The topic wco-kpi.survey-intake has min.insync.replicas=1, and at least 2 is wanted: "
        "it may lose records when a broker fails."
    ]


def test_a_number_is_not_compared_as_text() -> None:
    assert faults(WANTED, found(max_message_bytes="10000000")) == []
    assert len(faults(WANTED, found(max_message_bytes="999999"))) == 1


def test_every_fault_has_a_sentence() -> None:
    said = faults(WANTED, replace(found(retention_ms="1", retention_bytes="1"), partitions=2))
    assert [sentence.split("=")[0].split()[-1] for sentence in said] == [
        "partitions",
        "retention.ms",
        "retention.bytes",
    ]


def test_a_broker_that_does_not_tell_a_setting_is_not_trusted() -> None:
    silent = Topic(WANTED.name, 1, 3)
    assert len(faults(WANTED, silent)) == len(WANTED.configs)


def test_topics_of_another_prefix_are_other_topics() -> None:
    other = SETTINGS.model_copy(update={"topic_prefix": "elsewhere-"})
    assert events_topic("plan-registry", other).name == "elsewhere-plan-registry"
    assert marks_topic(other).name == "elsewhere-marks"


def test_more_copies_are_never_demanded_of_a_record_than_there_are() -> None:
    with pytest.raises(WrongSettings, match="min_insync_replicas is at most replication"):
        KafkaSettings(bootstrap_servers="kafka:9092", replication=1, min_insync_replicas=2)


def test_a_prefix_has_the_characters_of_a_topic_s_name() -> None:
    with pytest.raises(WrongSettings, match="WCO_KPI_KAFKA_TOPIC_PREFIX is 'wco/kpi'"):
        KafkaSettings(bootstrap_servers="kafka:9092", topic_prefix="wco/kpi")
