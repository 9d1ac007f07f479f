"""compose's profile `observability`: Prometheus asks every program that tells metrics, Grafana shows what it says."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from wco_cluster.programs import APPS
from wco_common.span_export import OtelSettings
from wco_events.event_type import LOG_NAMES

ROOT = Path(__file__).parents[3]
OBSERVABILITY = ROOT / "deploy" / "observability"
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
ASKED: dict[str, Any] = yaml.safe_load((OBSERVABILITY / "prometheus.yml").read_text())
BOARD: dict[str, Any] = json.loads((OBSERVABILITY / "grafana" / "dashboards" / "wco-kpi.json").read_text())
DATASOURCES = yaml.safe_load((OBSERVABILITY / "grafana" / "provisioning" / "datasources" / "wco-kpi.yml").read_text())
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()
RULES: list[dict[str, Any]] = [
    rule
    for name in ("recording.yml", "alerts.yml")
    for group in yaml.safe_load((OBSERVABILITY / name).read_text())["groups"]
    for rule in group["rules"]
]
ALERTS = [rule for rule in RULES if "alert" in rule]
EXPRESSIONS = [rule["expr"] for rule in RULES] + [
    target["expr"] for panel in BOARD["panels"] for target in panel.get("targets", [])
]
WITHOUT_METRICS = {"front"}


def mounted(service: str) -> dict[str, Path]:
    """What of the tree a container sees, by where."""
    pairs = [volume.split(":") for volume in SERVICES[service]["volumes"] if volume.startswith("./")]
    return {pair[1]: ROOT / pair[0] for pair in pairs}


def test_the_profile_starts_three_services_of_versions_that_are_named_and_reached_from_this_machine_alone() -> None:
    within = {name for name, service in SERVICES.items() if service.get("profiles") == ["observability"]}
    assert within == {"prometheus", "grafana", "jaeger"}
    for name in within:
        assert re.search(r":v?\d+\.\d+\.\d+$", SERVICES[name]["image"])
        assert all(port.startswith("127.0.0.1:") for port in SERVICES[name]["ports"])


def test_prometheus_is_of_the_version_that_the_rules_are_tried_on() -> None:
    module = (ROOT / "tests" / "prometheus_build" / "go.mod").read_text()
    [(major, minor, patch)] = re.findall(r"prometheus/prometheus v(\d)\.(\d+)\.(\d+)", module)
    # Prometheus 3.16.0 is the module v0.316.0.
    assert SERVICES["prometheus"]["image"] == f"prom/prometheus:v{minor[0]}.{int(minor[1:])}.{patch}"
    assert major == "0"


def test_every_program_that_tells_metrics_is_asked_under_its_name_at_its_port() -> None:
    groups = [group for job in ASKED["scrape_configs"] for group in job["static_configs"]]
    asked = {group["labels"]["service"]: group["targets"] for group in groups}
    assert asked == {name: [f"{name}:8000"] for name in APPS if name not in WITHOUT_METRICS}
    assert {group["labels"]["log"] for group in groups if "log" in group["labels"]} == set(LOG_NAMES)


def test_what_the_containers_are_told_to_read_is_mounted() -> None:
    etc = mounted("prometheus")["/etc/prometheus"]
    assert all((etc / name).is_file() for name in ("prometheus.yml", *ASKED["rule_files"]))
    grafana = mounted("grafana")
    [provider] = yaml.safe_load((grafana["/etc/grafana/provisioning"] / "dashboards" / "wco-kpi.yml").read_text())[
        "providers"
    ]
    assert [file.name for file in grafana[provider["options"]["path"]].iterdir()] == ["wco-kpi.json"]
    home = Path(SERVICES["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"])
    assert (grafana[str(home.parent)] / home.name).is_file()


def test_grafana_asks_the_services_of_the_profile() -> None:
    hosts = {source["uid"]: re.findall(r"http://(\w+):\d+", source["url"]) for source in DATASOURCES["datasources"]}
    assert hosts == {"prometheus": ["prometheus"], "jaeger": ["jaeger"]}


def test_every_program_that_makes_spans_is_told_where_to_send_them() -> None:
    [variable] = [name for name in OtelSettings.variables() if name == "OTEL_EXPORTER_OTLP_ENDPOINT"]
    told = {name for name, service in SERVICES.items() if variable in (service.get("environment") or {})}
    assert told == {*LOG_NAMES, *(f"relay-{log}" for log in LOG_NAMES), "kpi-projector"}


@pytest.mark.parametrize("rule", ALERTS, ids=[rule["alert"] for rule in ALERTS])
def test_an_alert_says_what_is_wrong_and_its_way_out_stands_in_the_operations_page(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in {"critical", "warning"}
    assert rule["annotations"].keys() == {"summary", "description", "runbook_url"}
    assert rule["annotations"]["runbook_url"] == f"docs/operations.md#{rule['alert'].lower()}"
    rows = re.findall(
        rf'^\| <a id="{rule["alert"].lower()}"></a>`{rule["alert"]}` \| (.+) \| (.+) \|$', OPERATIONS, re.MULTILINE
    )
    assert len(rows) == 1


def test_no_alert_is_told_of_that_there_is_not() -> None:
    assert re.findall(r'^\| <a id="\w+"></a>`(\w+)`', OPERATIONS, re.MULTILINE) == [rule["alert"] for rule in ALERTS]


@pytest.mark.parametrize("expression", sorted(set(EXPRESSIONS)))
def test_a_metric_that_is_asked_for_stands_in_the_table_of_metrics(expression: str) -> None:
    for name in re.findall(r"\bwco_kpi_\w+", expression):
        told = re.sub(r"_(bucket|sum|count)$", "", name)
        assert re.search(rf"`{told}[{{`]", OPERATIONS), told


def test_each_row_of_the_dashboard_is_a_question_whose_answer_is_a_picture_before_it_is_a_table() -> None:
    rows: list[list[str]] = []
    for panel in BOARD["panels"]:
        if panel["type"] == "row":
            assert panel["title"].endswith("?")
            rows.append([])
        else:
            assert panel["description"], panel["title"]
            rows[-1].append(panel["type"])
    assert len(rows) >= 6
    for kinds in rows:
        assert kinds[0] in {"stat", "timeseries"}


def test_panels_of_the_dashboard_stand_side_by_side_and_ask_the_chosen_prometheus() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in BOARD["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & taken, panel["title"]
        assert max(x for x, _ in cells) < 24
        taken |= cells
        for target in panel.get("targets", []):
            assert target["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
    assert len({panel["id"] for panel in BOARD["panels"]}) == len(BOARD["panels"])
