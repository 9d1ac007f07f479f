"""What is measured of logs that are read from Kafka."""

from prometheus_client import CollectorRegistry, Counter

from wco_events.event_type import LOG_NAMES


class KafkaLogMetrics:
    """Counts what should not be in a topic, or should and is not, by log; from 0 on, so that a first one is seen."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.repeated = Counter(
            "wco_kpi_topic_events_repeated", "Events that the topic had again.", ["log"], registry=registry
        )
        self.missing = Counter(
            "wco_kpi_topic_events_missing",
            "Events that the topic lacked and the log was asked for.",
            ["log"],
            registry=registry,
        )
        self.foreign = Counter(
            "wco_kpi_topic_records_foreign",
            "Records of the topic that are no events of the log.",
            ["log"],
            registry=registry,
        )
        for log in LOG_NAMES:
            for counter in (self.repeated, self.missing, self.foreign):
                counter.labels(log)
