"""PostgreSQL, Kafka and the product's own programs, as `wco-kpi cluster` runs them, for the time of a benchmark."""

import asyncio
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import asyncpg
import uvloop
from sqlalchemy import URL

from wco_cluster.kafka import kafka
from wco_cluster.part import Part, Running, free_port, started
from wco_cluster.postgres import postgres, postgres_url
from wco_cluster.settings import ClusterSettings
from wco_cluster.web import web
from wco_common.kafka import KafkaSettings

SETTINGS = ClusterSettings()
"""As a cluster has them: each commit is on the disk before it is answered."""

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run to its end what is to be awaited."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


@contextmanager
def running(*parts: Part) -> Iterator[list[Running]]:
    """Have parts run, once they answer; they start side by side."""

    async def start() -> list[Running]:
        return await asyncio.gather(*(started(part, SETTINGS) for part in parts))

    async def stop() -> None:
        await asyncio.gather(*(process.stop(SETTINGS.stop_timeout) for process in processes))

    processes = run(start())
    try:
        yield processes
    finally:
        run(stop())


@contextmanager
def open_folder() -> Iterator[Path]:
    """Give a folder that PostgreSQL can enter also where it is not root that runs it."""
    with TemporaryDirectory(prefix="wco-kpi-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@contextmanager
def postgres_server(folder: Path) -> Iterator[URL]:
    """Have a PostgreSQL run, and give the superuser's URL."""
    with running(postgres(folder / "postgres", SETTINGS)) as [server]:
        yield postgres_url(folder / "postgres", server.part.port)


@contextmanager
def broker(folder: Path) -> Iterator[KafkaSettings]:
    """Have a Kafka run, and give the settings by which it is reached."""
    with running(kafka(folder / "kafka", SETTINGS)) as [server]:
        yield KafkaSettings(bootstrap_servers=server.part.address)


def program(folder: Path, name: str, app: str, environment: Mapping[str, str]) -> Part:
    """Return one of the product's programs, to be run."""
    return web(folder / name, name, app, free_port(), {"WCO_KPI_LOG_LEVEL": "warning", **environment})


def text(url: URL) -> str:
    """Return a URL as a setting."""
    return url.render_as_string(hide_password=False)


async def connected(url: URL) -> asyncpg.Connection:
    """Connect to a database."""
    return await asyncpg.connect(
        host=url.host, port=url.port, user=url.username, password=url.password, database=url.database
    )


async def _on_server(server: URL, statement: str) -> None:
    connection = await connected(server)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def new_database(server: URL, name: str) -> URL:
    """Make an empty database, and return its URL."""
    run(_on_server(server, f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0"))
    return server.set(database=name)


def dropped(server: URL, *names: str) -> None:
    """Drop databases, so that they neither fill the disk nor occupy the server while others are measured."""
    for name in names:
        run(_on_server(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
