"""`wco-kpi heal`: a log whose topic is not its own records again."""

import asyncio
import shutil
from pathlib import Path
from typing import Any

import pytest

from e2e.command_line.commands import wco_kpi
from operations_feed.decide import OperationsFeedDecider
from wco_cluster.part import free_port
from wco_common.clock import SystemClock
from wco_common.event import Event
from wco_common.kafka import KafkaSettings
from wco_common.lease import LeaseSettings
from wco_common.log import Line
from wco_common.migrate import upgrade
from wco_common.relay import RelaySettings
from wco_common.relay_app import relaying
from wco_common.settings import LogSettings
from wco_common.sql_log import open_log
from wco_embedded.logs import admitting
from wco_events.event_type import LogName

LOG: LogName = "operations-feed"


def launched(operation: str) -> Event:
    data = {"title": operation, "starts_on": "2024-01-01", "ends_on": "2024-01-31", "participants": ["FRA"]}
    return admitting(LOG)(
        {
            "specversion": "1.0",
            "id": f"launch-{operation}",
            "source": "/operations",
            "type": "org.wcoomd.operation.launched.v1",
            "subject": operation,
            "datacontenttype": "application/json",
            "data": data,
        }
    )


def url(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


async def record(file: Path, *events: Event) -> list[Line]:
    """Record events in the log in a file, and return all that it has."""
    async with open_log(LOG, url(file), OperationsFeedDecider(), SystemClock(5)) as log:
        for event in events:
            await log.appender.append([event])
        return list(await log.read(0, 100))


@pytest.fixture
def environment(kafka_settings: KafkaSettings) -> dict[str, Any]:
    return {
        "WCO_KPI_KAFKA_BOOTSTRAP_SERVERS": kafka_settings.bootstrap_servers,
        "WCO_KPI_KAFKA_TOPIC_PREFIX": kafka_settings.topic_prefix,
    }


@pytest.fixture
async def log(tmp_path: Path) -> Path:
    """A log with an event."""
    await upgrade(url(tmp_path / "log.sqlite"), LOG)
    await record(tmp_path / "log.sqlite", launched("one"))
    return tmp_path / "log.sqlite"


@pytest.fixture
async def backup(log: Path, kafka_settings: KafkaSettings) -> Path:
    """A backup of the log, which recorded two more events after it and published all three."""
    shutil.copy(log, log.with_name("backup.sqlite"))
    await record(log, launched("two"), launched("three"))
    settings: Any = (LogSettings(database_url=url(log)), kafka_settings, RelaySettings(log=LOG), LeaseSettings())
    async with relaying(*settings) as relay:
        async with asyncio.timeout(60):
            while not relay.heartbeat.marks:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    return log.with_name("backup.sqlite")


async def test_a_backup_gets_back_what_it_has_lost(backup: Path, log: Path, environment: dict[str, Any]) -> None:
    done = wco_kpi("heal", LOG, "--database", f"sqlite:///{backup}", **environment)
    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        "operations-feed records again, from 4 on: it has got 2 events back.\n",
        "",
    )
    assert await record(backup) == await record(log)

    again = wco_kpi("heal", LOG, "--database", f"sqlite:///{backup}", **environment)
    assert (again.returncode, again.stdout) == (2, "")
    assert again.stderr == (
        "wco-kpi: there is nothing to heal: operations-feed is not read-only, and its topic is its own.\n"
    )


async def test_the_topic_of_another_log_is_emptied_only_when_it_is_said(
    backup: Path, tmp_path: Path, environment: dict[str, Any]
) -> None:
    other = tmp_path / "other.sqlite"
    await upgrade(url(other), LOG)
    await record(other, launched("four"))
    refused = wco_kpi("heal", LOG, "--database", f"sqlite:///{other}", **environment)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith("wco-kpi: the topic of operations-feed is that of another log, and has nothing ")

    done = wco_kpi("heal", LOG, "--database", f"sqlite:///{other}", "--empty-topic", **environment)
    assert (done.returncode, done.stdout) == (
        0,
        "operations-feed records again, from 2 on: its topic was emptied, and it is published anew.\n",
    )


def test_a_wrong_use_is_told_in_a_sentence(tmp_path: Path) -> None:
    nowhere = {"WCO_KPI_KAFKA_BOOTSTRAP_SERVERS": f"127.0.0.1:{free_port()}"}
    cases: list[tuple[list[str], dict[str, Any], str]] = [
        (["another-log", "--database", "sqlite:///a"], nowhere, "LOG is one of plan-registry, "),
        ([LOG, "--database", "mysql://a"], nowhere, "--database must begin with sqlite:/// or postgresql://"),
        ([LOG, "--database", f"sqlite:///{tmp_path}/a"], {}, "WCO_KPI_KAFKA_BOOTSTRAP_SERVERS must be set."),
        ([LOG, "--database", f"sqlite:///{tmp_path}/b"], nowhere, "Kafka cannot be used: "),
        ([LOG, "--database", f"sqlite:///{tmp_path}/none/c"], nowhere, "the database of operations-feed cannot be "),
    ]
    for arguments, environment, said in cases:
        refused = wco_kpi("heal", *arguments, **environment)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert refused.stderr.startswith(f"wco-kpi: {said}")
        assert "Traceback" not in refused.stderr
