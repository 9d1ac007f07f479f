"""A cluster on one machine shows what the one process shows; a part that is killed comes back, and nothing is lost."""

import asyncio
import json
import os
import select
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from e2e.cluster.tour import toured
from e2e.command_line.commands import Up, wco_kpi
from parts import SETTINGS
from wco_cluster.databases import text
from wco_cluster.postgres import postgres_url
from wco_embedded.beginning import demonstration
from wco_events.event_type import LOG_NAMES

ENVIRONMENT = {
    "WCO_KPI_CLUSTER_START_TIMEOUT": "240",
    "WCO_KPI_CLUSTER_POSTGRES_FSYNC": "false",
    "WCO_KPI_CLUSTER_PROBE_EVERY": "2",
    "WCO_KPI_CLUSTER_KAFKA_JAVA_OPTIONS": SETTINGS.kafka_java_options,
}
PARTS = {
    "postgres",
    "kafka",
    *LOG_NAMES,
    *(f"relay-{log}" for log in LOG_NAMES),
    "kpi-projector",
    "front",
    "dashboard",
    "proxy",
}
PATIENCE = 120.0
"""Seconds, on a machine that runs other tests at the same time."""


@contextmanager
def cluster(folder: Path) -> Iterator[Up]:
    with Up(folder, command="cluster", **ENVIRONMENT) as running:
        yield running


def parts(folder: Path) -> dict[str, dict[str, Any]]:
    return {part["name"]: part for part in json.loads((folder / "parts.json").read_bytes())}


def until(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def answer(ask: Callable[[], httpx.Response], what: str) -> Any:
    """Ask until there is an answer; meanwhile a part may be down, the proxy itself too."""
    answers: list[httpx.Response] = []

    def answered() -> bool:
        try:
            answers.append(ask())
        except httpx.TransportError:
            return False
        if answers[-1].status_code in {503, 504}:
            assert answers[-1].headers["content-type"] == "application/problem+json"
            return False
        return True

    until(answered, what)
    assert answers[-1].is_success, answers[-1].text
    return answers[-1].json()


def deliver(running: Up, name: str) -> int:
    """Post an activity that counts in a KPI, and return its sequence."""
    event = {
        "specversion": "1.0",
        "id": name,
        "source": "urn:example:tests",
        "type": "org.wcoomd.assistance.delivered.v1",
        "subject": name,
        "data": {
            "title": name,
            "delivered_on": "2025-03-12",
            "members": ["FJI"],
            "aligned_with": ["SO3"],
            "delivered_by": "other",
        },
    }
    headers = {"content-type": "application/cloudevents+json"}
    post = partial(running.client.post, "/operations-feed/v1/events", content=json.dumps(event), headers=headers)
    return int(answer(post, f"{name} is not answered")["sequence"])


def delivered(running: Up, after: int) -> int:
    """How many activities a KPI counts, once an event is in it."""
    query = {"period": "2024-25", "after": f"operations-feed:{after}"}
    ask = partial(running.client.get, "/kpi-projector/v1/kpis/SP3.alignment", params=query)
    return int(answer(ask, f"event {after} does not come into the KPI")["kpi"]["denominator"])


def kill(folder: Path, name: str) -> None:
    """Kill a part, and return once another process has its place."""
    pid = parts(folder)[name]["pid"]
    os.kill(pid, signal.SIGKILL)
    until(lambda: parts(folder).get(name, {"pid": pid})["pid"] != pid, f"{name} does not come back")


def hang(folder: Path, name: str) -> None:
    """Have a part hang, and return once another process has its place."""
    pid = parts(folder)[name]["pid"]
    os.kill(pid, signal.SIGSTOP)
    until(lambda: parts(folder).get(name, {"pid": pid})["pid"] != pid, f"{name} is not missed")


@contextmanager
def listening(running: Up, period: str) -> Iterator[Iterator[dict[str, Any]]]:
    """Listen at the one address, and give the data of events as they come, until the stream ends."""
    with (
        httpx.Client(base_url=running.url, timeout=PATIENCE) as client,
        client.stream("GET", "/kpi-projector/v1/stream", params={"period": period}) as response,
    ):
        lines = response.iter_lines()
        assert next(lines).startswith(":"), "a stream begins with a comment"
        yield (json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: "))


def databases(folder: Path, name: str) -> list[str]:
    """Make new databases in a cluster's server, if they are not there, and return what names them to a command."""
    port = int(parts(folder)["postgres"]["address"].partition(":")[2])
    server = postgres_url(folder / "postgres", port)

    async def make() -> None:
        connection = await asyncpg.connect(text(server.set(drivername="postgresql")))
        for log in LOG_NAMES:
            with suppress(asyncpg.DuplicateDatabaseError):
                await connection.execute(f'CREATE DATABASE "{name}-{log}" TEMPLATE template0')
        await connection.close()

    asyncio.run(make())
    return [f"--database={log}={text(server.set(database=f'{name}-{log}'))}" for log in LOG_NAMES]


@contextmanager
def watched(folder: Path) -> Iterator[Callable[[], set[str]]]:
    """Give what says which of the parts that run now still run a while later."""
    with ExitStack() as stack:
        watches = {}
        for name, part in parts(folder).items():
            watches[name] = os.pidfd_open(part["pid"])
            stack.callback(os.close, watches[name])
        yield lambda: {name for name, watch in watches.items() if not select.select([watch], [], [], PATIENCE)[0]}


@pytest.mark.timeout(1_200)  # with the tour of every view
@pytest.mark.usefixtures("alone")
def test_a_cluster_answers_as_the_one_process_and_loses_nothing_when_its_parts_are_killed(tmp_path: Path) -> None:
    folder, bundle = tmp_path / "data", tmp_path / "bundle"
    with cluster(folder) as running:
        replayed = json.loads(wco_kpi("replay", demonstration(), "--period", "sp-2022-2025", "--json").stdout)
        as_of = replayed["as_of"]["time"]
        query = {"period": "sp-2022-2025", "as_of": as_of}
        asked = partial(running.client.get, "/kpi-projector/v1/scorecard", params=query)
        assert answer(asked, "the replayed moment is not answered") == replayed

        assert parts(folder).keys() == PARTS
        for part in parts(folder).values():
            host, _, port = part["address"].partition(":")
            socket.create_connection((host, int(port)), timeout=PATIENCE).close()
        ready = answer(partial(running.client.get, "/readyz"), "it is not ready")
        assert ready == {"status": "ready", "checks": [*LOG_NAMES, "kpi-projector"]}
        assert running.client.get("/plan-registry/internal/close").status_code == 404
        assert running.get("/plan-registry/openapi.json")["servers"] == [{"url": "/plan-registry"}]
        again = wco_kpi("cluster", "--port", "0", "--data-dir", folder)
        assert (again.returncode, f"is in use by process {running.process.pid}" in again.stderr) == (2, True)

        with suppress(pytest.skip.Exception):  # where there is no browser, the rest holds all the same
            asyncio.run(toured(running, deliver, PATIENCE))

        sequence = deliver(running, "before")
        count = delivered(running, sequence)
        for number, name in enumerate(sorted(PARTS), 1):
            kill(folder, name)
            posted = deliver(running, f"after-{name}")
            assert posted == sequence + number
            assert delivered(running, posted) == count + number
        verified = wco_kpi("verify", running.url)
        assert verified.returncode == 0, verified.stderr
        exported = wco_kpi("export", "--from", running.url, "--out", bundle)
        assert exported.returncode == 0, exported.stderr

        hang(folder, "operations-feed")
        posted = deliver(running, "after-hanging")
        assert posted == sequence + len(PARTS) + 1
        assert delivered(running, posted) == count + len(PARTS) + 1  # what is told live then is the next

        with watched(folder) as still_running, listening(running, "2024-25") as told:
            posted = deliver(running, "live")
            live = next(one for one in told if one["kpi"]["id"] == "SP3.alignment")
            assert live["cause"] == {"log": "operations-feed", "sequence": posted}
            assert live["kpi"]["denominator"] == str(count + len(PARTS) + 2)
            running.process.send_signal(signal.SIGINT)
            assert {one["cause"]["sequence"] for one in told} <= {posted}, "the stream comes to its end, and is not cut"
            assert running.process.wait() == 0, running.stderr
            assert still_running() == set()
        assert parts(folder) == {}

    with cluster(folder) as running:
        assert delivered(running, posted) == count + len(PARTS) + 2
        assert wco_kpi("restore", bundle, *databases(folder, "restored")).returncode == 0
        again = wco_kpi("restore", bundle, *databases(folder, "restored"))
        assert (again.returncode, "is not empty" in again.stderr) == (2, True)
        with watched(folder) as still_running:
            running.end(signal.SIGKILL)
            assert still_running() == set()
