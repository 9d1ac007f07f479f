"""What is measured of logs that are read from Kafka."""

from prometheus_client import CollectorRegistry, Counter


class KafkaLogMetrics:
    """Counts what should not be in a topic, or should and is not, by log."""

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
