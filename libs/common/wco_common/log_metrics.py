"""What a log measures of itself."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class LogMetrics:
    """The metrics of one log."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.recorded = Counter("wco_kpi_events_recorded", "Events recorded.", registry=registry)
        self.duplicates = Counter(
            "wco_kpi_events_duplicate", "Events that had been recorded before.", registry=registry
        )
        self._commit_events = Histogram(
            "wco_kpi_commit_events",
            "Events that one commit recorded.",
            buckets=(0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000),
            registry=registry,
        )
        self._commit_seconds = Histogram(
            "wco_kpi_commit_seconds",
            "How long one commit took, from its lock to its end.",
            buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5),
            registry=registry,
        )
        self._queue = Gauge("wco_kpi_append_queue_length", "Events waiting to be recorded.", registry=registry)
        self._age = Gauge("wco_kpi_closed_time_age_seconds", "How long ago the log was closed.", registry=registry)

    def committed(self, events: int, seconds: float) -> None:
        """Note a commit that recorded so many events."""
        self._commit_events.observe(events)
        self._commit_seconds.observe(seconds)

    def watch(self, queue_length: Callable[[], float], closed_age: Callable[[], float]) -> None:
        """Ask these for the length of the queue, and for the age of the closed time in seconds, when asked."""
        self._queue.set_function(queue_length)
        self._age.set_function(closed_age)
