"""What is measured of requests: how many were answered, and how long until an answer began.

Plain numbers of one event loop: a counter and a histogram of the client library, which lock for threads that are not
there, cost a post three times as much.
"""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

_BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
"""Of the histogram's buckets, in seconds. A request may wait for 10 by itself."""

_LABELS = [*(f"{bound:g}" for bound in _BOUNDS), "+Inf"]


class _Times:
    def __init__(self) -> None:
        self.counts = [0] * len(_LABELS)
        self.sum = 0.0


class RequestMetrics(Collector):
    """Counts requests by method, route and status, and by method and route the time until their answers began."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._requests: dict[tuple[str, str, int], int] = {}
        self._times: dict[tuple[str, str], _Times] = {}
        registry.register(self)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Note a request. Its status is 0 if whoever sent it was gone before an answer began."""
        counted = (method, route, status)
        self._requests[counted] = self._requests.get(counted, 0) + 1
        if not status:
            return
        times = self._times.get((method, route))
        if times is None:
            times = self._times[method, route] = _Times()
        times.counts[bisect_left(_BOUNDS, seconds)] += 1
        times.sum += seconds

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics as they are now."""
        requests = CounterMetricFamily(
            "wco_kpi_http_requests", "Requests answered.", labels=["method", "route", "status"]
        )
        for (method, route, status), count in self._requests.items():
            requests.add_metric([method, route, str(status)], count)
        yield requests
        seconds = HistogramMetricFamily(
            "wco_kpi_http_answer_seconds", "From a request to the beginning of its answer.", labels=["method", "route"]
        )
        for (method, route), times in self._times.items():
            buckets = [(label, float(count)) for label, count in zip(_LABELS, accumulate(times.counts), strict=True)]
            seconds.add_metric([method, route], buckets, times.sum)
        yield seconds
