"""What a relay measures of itself, from its heartbeat."""

import time
from collections.abc import Iterator, Mapping

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from wco_common.heartbeat import Heartbeat
from wco_events.event_type import LogName


class RelayMetrics(Collector):
    """Reads a heartbeat whenever it is asked. How far the topic lags only who publishes knows, and so says."""

    def __init__(self, log: LogName, heartbeat: Heartbeat, registry: CollectorRegistry) -> None:
        self._log = log
        self._heartbeat = heartbeat
        registry.register(self)

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics as they are now."""
        at = self._heartbeat
        now = time.monotonic()
        yield self._counter("events_published", "Events that a broker has answered for.", {"": at.events})
        yield self._counter("marks_published", "Marks that a broker has answered for.", {"": at.marks})
        yield self._counter("failures", "How often it began anew, by kind of error.", at.failures, "error")
        yield self._gauge("active", "Whether this relay publishes (1) or stands by (0).", at.is_active)
        yield self._gauge("heartbeat_age_seconds", "How long ago it had nothing left to do.", now - at.beat_at)
        yield self._gauge("log_seen_age_seconds", "How long ago the log's database answered.", now - at.looked_at)
        yield self._gauge("log_read_only", "Whether the log is read-only.", at.read_only is not None)
        if at.is_active:
            yield self._gauge("lag_events", "Events of the log that the topic does not have.", at.lag)
        if at.is_active and at.closed:
            lag = time.time() - at.closed / 1_000_000
            yield self._gauge("lag_seconds", "How long ago the last mark closed the topic.", lag)
        if at.lease is not None and at.lease.is_held:
            yield self._gauge("lease_age_seconds", "For how long its holder has had the lease.", at.lease.age)
            holder = GaugeMetricFamily("wco_kpi_relay_lease_holder", "Who has the lease.", labels=["log", "holder"])
            holder.add_metric([self._log, at.lease.holder], 1)
            yield holder

    def _counter(self, name: str, what: str, counts: Mapping[str, int], *label: str) -> Metric:
        family = CounterMetricFamily(f"wco_kpi_relay_{name}", what, labels=["log", *label])
        for kind, count in counts.items():
            family.add_metric([self._log, *([kind] * len(label))], count)
        return family

    def _gauge(self, name: str, what: str, value: float) -> Metric:
        family = GaugeMetricFamily(f"wco_kpi_relay_{name}", what, labels=["log"])
        family.add_metric([self._log], value)
        return family
