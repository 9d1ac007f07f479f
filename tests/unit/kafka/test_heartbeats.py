"""A relay says what hinders it, and measures itself by what the log has and not by what it has done."""

from types import SimpleNamespace
from uuid import UUID

import pytest
from prometheus_client import CollectorRegistry

from wco_common import heartbeat as heartbeats
from wco_common import relay_metrics
from wco_common.heartbeat import Heartbeat, LogHead
from wco_common.lease import Standing
from wco_common.relay_metrics import RelayMetrics

SILENCE = 5.0
NOW = 1_700_000_000_000_000


@pytest.fixture(autouse=True)
def _no_time_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long a test takes."""
    stopped = SimpleNamespace(monotonic=lambda: 1_000.0, time=lambda: NOW / 1_000_000)
    for module in (heartbeats, relay_metrics):
        monkeypatch.setattr(module, "time", stopped)


def beating() -> Heartbeat:
    """The heartbeat of a relay that works: it has published 7 of 10 events, and marked them a second ago."""
    heartbeat = Heartbeat(is_active=True)
    heartbeat.saw(LogHead(UUID(int=1), 10, NOW, None), Standing("one", NOW - 60_000_000, NOW + 3_000_000, NOW))
    heartbeat.wrote(7, 7)
    heartbeat.marked(NOW - 1_000_000)
    heartbeat.beat()
    return heartbeat


def test_nothing_hinders_a_relay_that_works() -> None:
    assert beating().hindrance(SILENCE) is None


def test_a_failure_hinders_until_the_next_beat_and_is_news_once() -> None:
    heartbeat = beating()
    assert heartbeat.failed(TimeoutError("no answer\nfrom anybody"))
    assert heartbeat.hindrance(SILENCE) == "publishes nothing: TimeoutError: no answer"
    assert not heartbeat.failed(TimeoutError("no answer\nfrom anybody"))
    heartbeat.beat()
    assert heartbeat.hindrance(SILENCE) is None
    assert heartbeat.failed(TimeoutError("no answer"))
    assert heartbeat.failures == {"TimeoutError": 3}


def test_silence_hinders_though_nothing_has_failed() -> None:
    heartbeat = beating()
    heartbeat.beat_at -= SILENCE + 2
    assert heartbeat.hindrance(SILENCE) == "has not been through with 3 events for 7 s"
    heartbeat.looked_at -= SILENCE + 4
    assert heartbeat.hindrance(SILENCE) == "cannot read the log's database for 9 s"


def test_a_log_that_is_read_only_hinders_its_relay() -> None:
    heartbeat = beating()
    heartbeat.saw(LogHead(UUID(int=1), 10, NOW, "it has lost events"), None)
    assert heartbeat.hindrance(SILENCE) == "publishes nothing of a log that is read-only: it has lost events"


def metrics(heartbeat: Heartbeat) -> dict[str, float]:
    registry = CollectorRegistry()
    RelayMetrics("survey-intake", heartbeat, registry)
    return {
        sample.name + "".join(value for value in sample.labels.values() if value != "survey-intake"): sample.value
        for family in registry.collect()
        for sample in family.samples
        if not sample.name.endswith("_created")
    }


def test_a_relay_that_works_measures_how_far_the_topic_lags_and_who_has_the_lease() -> None:
    heartbeat = beating()
    heartbeat.failed(TimeoutError())
    measured = metrics(heartbeat)
    assert measured.pop("wco_kpi_relay_lag_seconds") == pytest.approx(1)
    assert measured.pop("wco_kpi_relay_heartbeat_age_seconds") == 0
    assert measured.pop("wco_kpi_relay_log_seen_age_seconds") == 0
    assert measured == {
        "wco_kpi_relay_active": 1,
        "wco_kpi_relay_events_published_total": 7,
        "wco_kpi_relay_marks_published_total": 1,
        "wco_kpi_relay_failures_totalTimeoutError": 1,
        "wco_kpi_relay_lag_events": 3,
        "wco_kpi_relay_lease_age_seconds": 60,
        "wco_kpi_relay_lease_holderone": 1,
        "wco_kpi_relay_log_read_only": 0,
    }


def test_the_lag_grows_with_the_log_while_nothing_is_published() -> None:
    heartbeat = beating()
    heartbeat.saw(LogHead(UUID(int=1), 1_000, NOW, None), heartbeat.lease)
    assert metrics(heartbeat)["wco_kpi_relay_lag_events"] == 993


def test_a_relay_that_stands_by_tells_of_no_lag_and_a_lease_that_ran_out_of_no_holder() -> None:
    heartbeat = beating()
    heartbeat.is_active = False
    heartbeat.lease = Standing("one", NOW - 60_000_000, NOW, NOW)
    told = metrics(heartbeat)
    assert told["wco_kpi_relay_active"] == 0
    assert not [name for name in told if "lag" in name or "lease" in name]
