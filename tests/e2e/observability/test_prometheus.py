"""Every expression of the rules and of the dashboard, tried by a real Prometheus on the metrics of a real cluster."""

import asyncio
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from aiokafka import AIOKafkaProducer

import parts
from e2e.cluster.test_cluster import cluster, deliver, delivered
from e2e.cluster.test_cluster import parts as parts_of
from prometheus import OBSERVABILITY, Asked, prometheus
from wco_common.kafka import KafkaSettings
from wco_common.topics import events_topic

pytestmark = pytest.mark.timeout(600)

PATIENCE = 120.0
"""Seconds, on a machine that runs other tests at the same time."""

BOARD: dict[str, Any] = json.loads((OBSERVABILITY / "grafana" / "dashboards" / "wco-kpi.json").read_text())
RULES: list[dict[str, Any]] = [
    rule
    for name in ("recording.yml", "alerts.yml")
    for group in yaml.safe_load((OBSERVABILITY / name).read_text())["groups"]
    for rule in group["rules"]
]
RECORDED = {rule["record"]: rule["expr"] for rule in RULES if "record" in rule}
ALERTS = {rule["alert"]: rule["expr"] for rule in RULES if "alert" in rule}
PANELS = {
    f"{panel['title']} {target['refId']}": target["expr"]
    for panel in BOARD["panels"]
    for target in panel.get("targets", [])
} | {f"annotation {each['name']}": each["expr"] for each in BOARD["annotations"]["list"]}
EXPRESSIONS = RECORDED | ALERTS | PANELS


def until(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.25)


class Watched:
    """A cluster, and a Prometheus that asks its programs each second by the jobs and rules of deploy."""

    def __init__(self, folder: Path, running: Any, asked: Asked) -> None:
        self.folder = folder
        self.running = running
        self.asked = asked
        self.alerts_while_well: dict[str, set[str]] = {}

    def pid(self, part: str) -> int:
        return int(parts_of(self.folder)[part]["pid"])

    def address(self, part: str) -> str:
        return f"http://{parts_of(self.folder)[part]['address']}"

    def has(self, expression: str) -> bool:
        return bool(self.asked.value(expression))

    def live(self, name: str) -> None:
        """Have an event recorded, and in the answers."""
        delivered(self.running, deliver(self.running, name))
        self.running.get("/kpi-projector/v1/scorecard", period="2024-25")


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    with parts.open_folder() as folder, cluster(folder / "cluster") as running:
        addresses = {name: str(part["address"]) for name, part in parts_of(folder / "cluster").items()}
        with (
            parts.run(prometheus(tmp_path_factory.mktemp("prometheus"), addresses)) as asking,
            Asked(asking.part.address) as asked,
        ):
            found = Watched(folder / "cluster", running, asked)
            until(lambda: found.has("count(up == 1) == 8"), "not all programs are asked")
            # A rate is known from the second answer on, and one that is not 0 once something has happened in between.
            found.live("before")
            until(lambda: found.has("wco_kpi:events_recorded:rate1m"), "nothing was recorded by a rule")
            found.live("meanwhile")
            until(lambda: found.has("wco_kpi:events_recorded:rate1m > 0"), "no event was seen")
            # A program that stood still for a second is told to be down, for as long as it takes to ask it again.
            deadline = time.monotonic() + PATIENCE
            while any((told := asked.alerts()).values()) and time.monotonic() < deadline:
                time.sleep(0.25)
            found.alerts_while_well = told
            yield found
        assert running.end(signal.SIGINT) == 0


@contextmanager
def unattended(watched: Watched) -> Iterator[None]:
    """Let nobody start again meanwhile what has ended: it could be back before anybody misses it."""
    watched.running.process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        watched.running.process.send_signal(signal.SIGCONT)


@pytest.fixture(scope="module")
def lived(watched: Watched) -> Watched:
    """The same after what a cluster lives through: its servers were killed, and a stranger wrote into a topic."""
    postgres = watched.pid("postgres")

    def is_refused() -> bool:
        with suppress(httpx.TransportError):
            return httpx.get(f"{watched.address('operations-feed')}/v1/head", timeout=30).status_code == 503
        return False

    with unattended(watched):
        os.kill(postgres, signal.SIGKILL)
        until(is_refused, "no request failed without its database")
    until(
        lambda: parts_of(watched.folder).get("postgres", {"pid": postgres})["pid"] != postgres,
        "PostgreSQL does not come back",
    )
    kafka = watched.pid("kafka")
    with unattended(watched):
        os.kill(kafka, signal.SIGKILL)
        until(lambda: watched.has("wco_kpi_relay_failures_total"), "no relay failed without Kafka")
    until(lambda: parts_of(watched.folder).get("kafka", {"pid": kafka})["pid"] != kafka, "Kafka does not come back")
    watched.live("after")
    asyncio.run(write_strange_record(parts_of(watched.folder)["kafka"]["address"]))
    watched.live("behind-the-strange-record")
    until(lambda: "RecordsForeign" in watched.asked.alerts()["firing"], "the quarantine is not told")
    until(lambda: watched.has('ALERTS{alertname="RecordsForeign", alertstate="firing"}'), "the alert is not recorded")
    return watched


async def write_strange_record(broker: str) -> None:
    settings = KafkaSettings(bootstrap_servers=broker)
    producer = AIOKafkaProducer(bootstrap_servers=broker)
    await producer.start()
    try:
        await producer.send_and_wait(events_topic("operations-feed", settings).name, b"what is this?")
    finally:
        await producer.stop()


def test_a_cluster_that_works_has_no_alert_and_none_comes_up(watched: Watched) -> None:
    assert watched.alerts_while_well == {"pending": set(), "firing": set()}


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_every_selector_of_an_expression_finds_series_of_the_programs(lived: Watched, name: str) -> None:
    selectors = lived.asked.selectors(EXPRESSIONS[name])
    assert selectors
    for selector in selectors:
        assert lived.has(f"last_over_time({selector}[10m])"), f"{name}: nothing is {selector}"


@pytest.mark.parametrize("name", [*RECORDED, *PANELS])
def test_what_is_recorded_and_shown_has_a_value(lived: Watched, name: str) -> None:
    until(lambda: lived.has(EXPRESSIONS[name]), f"{name} has nothing to show")


@pytest.mark.parametrize("name", ALERTS)
def test_an_alert_is_evaluated_without_a_word_against_it(lived: Watched, name: str) -> None:
    lived.asked.value(ALERTS[name])
    told = lived.asked.get("rules", type="alert")["data"]["groups"]
    [rule] = [rule for group in told for rule in group["rules"] if rule["name"] == name]
    assert (rule["health"], rule.get("lastError", "")) == ("ok", "")


def test_a_program_that_is_stopped_is_told_and_is_well_again_when_it_goes_on(lived: Watched) -> None:
    pid = lived.pid("relay-survey-intake")
    os.kill(pid, signal.SIGSTOP)
    try:
        down = 'ALERTS{alertname="ServiceDown", service="relay-survey-intake"}'
        until(lambda: lived.has(down), "a program that does not answer is not told")
    finally:
        os.kill(pid, signal.SIGCONT)
    until(lambda: not lived.has(down), "a program that answers again is told to be down")
