"""Each alert fires in time when what it tells goes wrong, alone, and is over when that is: by Prometheus itself."""

from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from prometheus import OBSERVABILITY, promtool

RULES = [str(OBSERVABILITY / name) for name in ("recording.yml", "alerts.yml")]
ALERTS: dict[str, dict[str, Any]] = {
    rule["alert"]: rule
    for name in RULES
    for group in yaml.safe_load(Path(name).read_text())["groups"]
    for rule in group["rules"]
    if "alert" in rule
}
A_MINUTE = 4
"""Samples, as every 15 s one is taken."""
WELL, BROKEN, AFTERWARDS = 30, 30, 90
"""Minutes of each."""


class Series(NamedTuple):
    """A series, and what its samples are while all is well and while something is broken; counters by their gain."""

    name: str
    well: float
    broken: float
    counts: bool = False
    saws: bool = False
    """Whether it is back at 0 with every second sample while something is broken."""

    def samples(self) -> str:
        minutes = ((self.well, WELL), (self.broken, BROKEN), (self.well, AFTERWARDS))
        if self.saws:
            saw = ["0", f"{self.broken:g}"] * (BROKEN * A_MINUTE // 2)
            return " ".join(
                [f"{self.well:g}x{WELL * A_MINUTE - 1}", *saw, f"{self.well:g}x{AFTERWARDS * A_MINUTE - 1}"]
            )
        if not self.counts:
            return " ".join(f"{value:g}x{length * A_MINUTE - 1}" for value, length in minutes)
        parts, total = [], 0.0
        for gain, length in minutes:
            parts.append(f"{total:g}+{gain:g}x{length * A_MINUTE - 1}")
            total += gain * length * A_MINUTE
        return " ".join(parts)


class Case(NamedTuple):
    """What goes wrong, and within how many minutes the alert fires."""

    minutes: float
    series: list[Series]


def gauge(name: str, well: float, broken: float) -> Series:
    return Series(name, well, broken)


def counter(name: str, well: float, broken: float) -> Series:
    return Series(name, well, broken, counts=True)


LOG = 'log="survey-intake"'
ONE = f'job="projector", service="kpi-projector", instance="a", {LOG}'
TWO = f'job="projector", service="kpi-projector", instance="b", {LOG}'
RELAY = f'job="relays", service="relay-survey-intake", {LOG}'
SERVICE = 'job="logs", service="survey-intake", log="survey-intake"'
POST = f'wco_kpi_http_answer_seconds_bucket{{{SERVICE}, method="POST", route="/v1/events"'
GET = 'wco_kpi_http_answer_seconds_bucket{job="projector", method="GET", route="/v1/scorecard"'

CASES = {
    "ServiceDown": Case(2, [gauge(f"up{{{SERVICE}}}", 1, 0)]),
    "LogReadOnly": Case(0.5, [gauge(f"wco_kpi_relay_log_read_only{{{RELAY}}}", 0, 1)]),
    "EventsRefused": Case(
        7,
        [
            counter(f'wco_kpi_http_requests_total{{{SERVICE}, route="/v1/events", status="201"}}', 100, 97),
            counter(f'wco_kpi_http_requests_total{{{SERVICE}, route="/v1/events", status="503"}}', 0, 3),
            # That it is not ready is no failure of what clients ask, however often it is asked.
            counter(f'wco_kpi_http_requests_total{{{SERVICE}, route="/readyz", status="503"}}', 100, 100),
        ],
    ),
    "CommitsUnknown": Case(1, [counter(f'wco_kpi_refusals_total{{{SERVICE}, slug="commit-unknown"}}', 0, 1)]),
    "TooManyRequests": Case(6, [counter(f'wco_kpi_refusals_total{{{SERVICE}, slug="too-many-requests"}}', 0, 1)]),
    "PostsSlow": Case(
        15,
        [
            counter(f'{POST}, le="1"}}', 100, 90),
            counter(f'{POST}, le="5"}}', 100, 100),
            counter(f'{POST}, le="+Inf"}}', 100, 100),
        ],
    ),
    "AnswersSlow": Case(
        15,
        [
            counter(f'{GET}, le="5"}}', 100, 90),
            counter(f'{GET}, le="10"}}', 100, 100),
            counter(f'{GET}, le="+Inf"}}', 100, 100),
        ],
    ),
    "NobodyPublishes": Case(
        1,
        [gauge(f'wco_kpi_relay_active{{{RELAY}, instance="{each}"}}', well, 0) for each, well in (("a", 1), ("b", 0))],
    ),
    "RelayLags": Case(1.5, [gauge(f"wco_kpi_relay_lag_seconds{{{RELAY}}}", 0.1, 31)]),
    "RelayStuck": Case(1.5, [gauge(f"wco_kpi_relay_heartbeat_age_seconds{{{RELAY}}}", 0.1, 31)]),
    "RelayCannotReadLog": Case(1.5, [gauge(f"wco_kpi_relay_log_seen_age_seconds{{{RELAY}}}", 0.1, 31)]),
    "RelayBeginsAnew": Case(3, [counter(f'wco_kpi_relay_failures_total{{{RELAY}, error="KafkaError"}}', 0, 1)]),
    "RelaysTakeTurns": Case(3, [Series(f"wco_kpi_relay_lease_age_seconds{{{RELAY}}}", 100, 20, saws=True)]),
    "FoldLags": Case(
        1.5,
        [
            gauge(f"wco_kpi_fold_lag_seconds{{{ONE}}}", 0.1, 31),
            # A state that is built beside may lag.
            gauge(f"wco_kpi_fold_lag_seconds{{{TWO}}}", 1000, 1000),
            gauge('wco_kpi_state_serves{instance="a"}', 1, 1),
            gauge('wco_kpi_state_serves{instance="b"}', 0, 0),
        ],
    ),
    "NobodyFolds": Case(1.5, [gauge(f"wco_kpi_fold_turn{{{ONE}}}", 1, 0), gauge(f"wco_kpi_fold_turn{{{TWO}}}", 0, 0)]),
    "LogSilent": Case(1.5, [gauge(f"wco_kpi_log_silence_seconds{{{ONE}}}", 0.5, 31)]),
    "ListsStopped": Case(1.5, [gauge('wco_kpi_lists_stopped{service="survey-intake"}', 0, 1)]),
    "RecordsForeign": Case(0.5, [gauge('wco_kpi_quarantine_records{instance="a"}', 3, 4)]),
    "EventsMissingFromTopic": Case(1, [counter(f"wco_kpi_topic_events_missing_total{{{ONE}}}", 0, 1)]),
    "NoStateServes": Case(
        1.5, [gauge('wco_kpi_state_serves{instance="a"}', 1, 0), gauge('wco_kpi_state_serves{instance="b"}', 0, 0)]
    ),
    "StateNotBuilt": Case(21, [gauge('wco_kpi_state_built{instance="b"}', 1, 0.4)]),
}


@pytest.mark.parametrize("alert", ALERTS)
def test_an_alert_fires_in_time_alone_and_is_over_when_what_it_tells_is(tmp_path: Path, alert: str) -> None:
    case = CASES[alert]
    fires = [{"labels": f'{{alertname="{alert}"}}', "value": 1}]
    moments: list[tuple[float, list[dict[str, Any]]]] = [
        (WELL - 0.25, []),
        (WELL + case.minutes, fires),
        (WELL + BROKEN - 0.5, fires),
        (WELL + BROKEN + AFTERWARDS - 1, []),
    ]
    test = {
        "rule_files": RULES,
        "evaluation_interval": "15s",
        "tests": [
            {
                "interval": "15s",
                "input_series": [{"series": each.name, "values": each.samples()} for each in case.series],
                "promql_expr_test": [
                    {
                        "expr": 'count by (alertname) (ALERTS{alertstate="firing"})',
                        "eval_time": f"{round(minutes * 60)}s",
                        "exp_samples": expected,
                    }
                    for minutes, expected in moments
                ],
            }
        ],
    }
    file = tmp_path / "test.yml"
    file.write_text(yaml.safe_dump(test))
    done = promtool("test", "rules", file)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_has_a_case() -> None:
    assert CASES.keys() == ALERTS.keys()


def test_prometheus_takes_the_rules_and_where_it_is_to_ask() -> None:
    for check in (["rules", "--lint=all", "--lint-fatal", *RULES], ["config", str(OBSERVABILITY / "prometheus.yml")]):
        done = promtool("check", *check)
        assert done.returncode == 0, done.stdout + done.stderr
