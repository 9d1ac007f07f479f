"""What a service measures of the requests that it answers."""

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from wco_common.request_metrics import RequestMetrics

POST = {"method": "POST", "route": "/v1/events"}


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def requests(registry: CollectorRegistry) -> RequestMetrics:
    return RequestMetrics(registry)


def test_requests_are_counted_by_method_route_and_status(registry: CollectorRegistry, requests: RequestMetrics) -> None:
    for status in (201, 201, 409):
        requests.answered("POST", "/v1/events", status, 0.001)
    name = "wco_kpi_http_requests_total"
    assert registry.get_sample_value(name, POST | {"status": "201"}) == 2
    assert registry.get_sample_value(name, POST | {"status": "409"}) == 1


@pytest.mark.parametrize(
    ("seconds", "first"), [(0.0, "0.001"), (0.001, "0.001"), (0.0011, "0.0025"), (30.0, "30"), (31.0, "+Inf")]
)
def test_a_time_is_in_every_bucket_that_it_does_not_exceed(
    registry: CollectorRegistry, requests: RequestMetrics, seconds: float, first: str
) -> None:
    requests.answered("POST", "/v1/events", 201, seconds)
    [family] = [
        family
        for family in text_string_to_metric_families(generate_latest(registry).decode())
        if family.name == "wco_kpi_http_answer_seconds"
    ]
    within = [sample.labels["le"] for sample in family.samples if sample.name.endswith("_bucket") and sample.value == 1]
    assert within[0] == first
    assert within[-1] == "+Inf"
    assert registry.get_sample_value("wco_kpi_http_answer_seconds_count", POST) == 1
    assert registry.get_sample_value("wco_kpi_http_answer_seconds_sum", POST) == seconds


def test_a_request_whose_sender_was_gone_is_counted_and_has_no_time(
    registry: CollectorRegistry, requests: RequestMetrics
) -> None:
    requests.answered("POST", "/v1/events", 0, 4.0)
    assert registry.get_sample_value("wco_kpi_http_requests_total", POST | {"status": "0"}) == 1
    assert registry.get_sample_value("wco_kpi_http_answer_seconds_count", POST) is None
