"""docker-compose.yml runs the programs that a cluster runs, and tells each what it reads, in a form that it takes."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import dashboard.app
from kpi_projector import program as projector
from wco_cluster.prepare import PrepareSettings
from wco_cluster.programs import APPS, FEW_CONNECTIONS
from wco_cluster.proxy import ProxySettings
from wco_cluster.settings import ClusterSettings, ReaderSettings
from wco_cluster.web import UVICORN
from wco_common import log_service, relay_app
from wco_common.engine import DatabaseSettings
from wco_common.kafka import KafkaSettings
from wco_common.lists.settings import ListsSettings
from wco_common.settings import ServiceSettings, Settings
from wco_common.span_export import OtelSettings
from wco_events.event_type import LOG_NAMES

ROOT = Path(__file__).parents[3]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
READS: dict[str, tuple[type[Settings], ...]] = {
    **dict.fromkeys(LOG_NAMES, (*log_service.SETTINGS, OtelSettings)),
    **{f"relay-{log}": (*relay_app.SETTINGS, OtelSettings) for log in LOG_NAMES},
    "kpi-projector": (*projector.SETTINGS, OtelSettings),
    "front": (ProxySettings, ServiceSettings),
    "dashboard": (*dashboard.app.SETTINGS, ServiceSettings),
    "prepare": (PrepareSettings, ReaderSettings),
}
CLUSTER_TAKES = ClusterSettings.model_fields["postgres_connections"].default
PLACE = re.compile(r"\$\{(\w+)(?::[-?]([^}]*))?\}")


def variables(file: str) -> dict[str, str]:
    """The variables of a file for --env-file, with a password for each that has to be chosen."""
    lines = [
        line for line in (ROOT / "deploy" / "compose" / file).read_text().splitlines() if "=" in line and line[0] != "#"
    ]
    pairs = [line.split("=", 1) for line in lines]
    return {name: value or f"chosen-{name}" for name, value in pairs}


def filled(value: object, given: dict[str, str]) -> str:
    """A value as compose fills it in."""
    return PLACE.sub(lambda place: given.get(place[1], place[2] or ""), str(value))


def environment(service: str, *files: str) -> dict[str, str]:
    given = {name: value for file in files for name, value in variables(file).items()}
    return {name: filled(value, given) for name, value in (SERVICES[service].get("environment") or {}).items()}


def test_every_program_of_a_cluster_has_a_service_that_serves_it_under_its_prefix() -> None:
    prefixed = {*LOG_NAMES, "kpi-projector"}
    for name, app in APPS.items():
        prefix = ["--root-path", f"/{name}"] if name in prefixed else []
        assert SERVICES[name]["command"] == ["uvicorn", "--factory", app, *prefix], name


def test_the_image_has_programs_served_as_a_cluster_has_and_runs_as_nobody_of_importance() -> None:
    dockerfile = (ROOT / "deploy" / "compose" / "Dockerfile").read_text()
    told = dict(re.findall(r"(UVICORN_\w+)=(\S+)", dockerfile))
    assert told == {**UVICORN, "UVICORN_HOST": "0.0.0.0", "UVICORN_PORT": "8000"}
    assert re.findall(r"^USER (\d+)$", dockerfile, re.MULTILINE) == ["10001"]
    assert "--require-hashes" in dockerfile


@pytest.mark.parametrize("files", [["env.example"], ["env.example", "prod.env"], ["env.example", "observability.env"]])
@pytest.mark.parametrize("service", READS)
def test_every_service_is_told_what_it_reads_and_takes_it(
    monkeypatch: pytest.MonkeyPatch, service: str, files: list[str]
) -> None:
    told = environment(service, *files)
    known = {variable for kind in READS[service] for variable in kind.variables()}
    assert told.keys() <= known
    for variable in [variable for variable in os.environ if variable.startswith("WCO_KPI_")]:
        monkeypatch.delenv(variable)
    for variable, value in told.items():
        monkeypatch.setenv(variable, value)
    for kind in READS[service]:
        kind()


def test_programs_that_answer_nobody_have_few_connections_as_in_a_cluster() -> None:
    for log in LOG_NAMES:
        told = environment(f"relay-{log}", "env.example")
        assert {name: told[name] for name in FEW_CONNECTIONS} == FEW_CONNECTIONS


def test_a_server_takes_the_connections_of_all_services_and_of_the_reader_here_and_in_compose() -> None:
    most = ReaderSettings().connections
    for service, reads in READS.items():
        told = environment(service, "env.example")
        for pool, others in ((DatabaseSettings, 2), (ListsSettings, 1)):
            if pool in reads:
                fields = pool.variables()
                sizes = [f"{pool.model_config['env_prefix']}{name}" for name in ("POOL_SIZE", "POOL_OVERFLOW")]
                most += sum(int(told.get(name, fields[name].default)) for name in sizes) + others
    kept_for_a_superuser = 3
    for taken in (int(SERVICES["postgres"]["command"][-1].removeprefix("max_connections=")), CLUSTER_TAKES):
        assert most + kept_for_a_superuser < taken


def test_each_database_is_asked_for_by_the_role_and_the_password_that_it_was_made_with() -> None:
    made = environment("prepare", "env.example")
    for log in LOG_NAMES:
        url = made[f"WCO_KPI_PREPARE_{log}".upper().replace("-", "_")]
        assert environment(log, "env.example")["WCO_KPI_DATABASE_URL"] == url
        assert environment(f"relay-{log}", "env.example")["WCO_KPI_DATABASE_URL"] == url
    told = environment("kpi-projector", "env.example")
    assert told["WCO_KPI_PROJECTOR_DATABASE_URL"] == made["WCO_KPI_PREPARE_KPI_PROJECTOR"]


def test_the_profile_prod_has_three_brokers_that_all_know_of_each_other_and_keep_every_event_twice_at_least(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    prod = variables("prod.env")
    brokers = [name for name in SERVICES if name.startswith("kafka")]
    assert prod["KAFKA_BROKERS"] == ",".join(f"{name}:9092" for name in brokers)
    assert prod["KAFKA_VOTERS"] == ",".join(f"{number}@{name}:9093" for number, name in enumerate(brokers, 1))
    assert [name for name in brokers if SERVICES[name].get("profiles") == [prod["COMPOSE_PROFILES"]]] == brokers[1:]
    for number, name in enumerate(brokers, 1):
        told = environment(name, "prod.env")
        assert (told["KAFKA_NODE_ID"], told["KAFKA_ADVERTISED_LISTENERS"]) == (str(number), f"PLAINTEXT://{name}:9092")
    for variable, value in environment("kpi-projector", "prod.env").items():
        monkeypatch.setenv(variable, value)
    settings = KafkaSettings()
    assert (settings.replication, settings.min_insync_replicas) == (3, 2)


def test_what_is_recorded_outlives_every_container() -> None:
    for service in ("postgres", "kafka", "kafka-2", "kafka-3"):
        (volume,) = SERVICES[service]["volumes"]
        assert volume.partition(":")[0] in COMPOSE["volumes"]


def test_no_password_stands_in_a_file() -> None:
    for file in ("env.example", "prod.env", "observability.env"):
        for name, value in variables(file).items():
            assert "PASSWORD" not in name or value == f"chosen-{name}"
    assert not re.findall(r"postgresql://\w+:(?!\$\{)", (ROOT / "docker-compose.yml").read_text())
