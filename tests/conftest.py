"""What the tests run on: a real PostgreSQL, a SQLite file, one fixture that runs a test on both; a real Kafka."""

import os
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from sqlalchemy import URL, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

import parts
from broker import Broker
from wco_cluster.kafka import kafka as kafka_part
from wco_cluster.postgres import postgres
from wco_cluster.postgres import postgres_url as server_url
from wco_common.kafka import KafkaSettings, connection


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """An SQLAlchemy URL of a real PostgreSQL: the one that `POSTGRES_URL` names, else one of the tests' own.

    Each pytest-xdist worker has a server of its own; it starts in seconds and ends with it.
    """
    if named := os.environ.get("POSTGRES_URL"):
        yield _asyncpg(make_url(named))
        return
    with parts.open_folder() as folder, parts.run(postgres(folder / "postgres", parts.SETTINGS)) as running:
        yield _asyncpg(server_url(folder / "postgres", running.part.port))


@pytest.fixture
async def postgres_database(postgres_url: str) -> AsyncIterator[str]:
    """The URL of a fresh, empty PostgreSQL database, dropped after the test whoever is still connected."""
    name = f"test_{uuid.uuid4().hex}"
    server = create_async_engine(postgres_url, isolation_level="AUTOCOMMIT")
    async with server.connect() as connection:
        await connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0"))
    yield _asyncpg(make_url(postgres_url).set(database=name))
    async with server.connect() as connection:
        await connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    await server.dispose()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The URL of a SQLite file that does not exist yet."""
    return f"sqlite+aiosqlite:///{tmp_path / 'test.sqlite'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database; the test runs once on each kind."""
    fixture = {"sqlite": "sqlite_url", "postgresql": "postgres_database"}[request.param]
    return str(request.getfixturevalue(fixture))


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> str:
    """Kafka's address: the one that `KAFKA_BOOTSTRAP_SERVERS` names, else that of a broker of the tests' own.

    All pytest-xdist workers share it. It starts in seconds, and keeps what it has to the end of the tests.
    """
    if named := os.environ.get("KAFKA_BOOTSTRAP_SERVERS"):
        return named

    @contextmanager
    def broker() -> Iterator[str]:
        with parts.run(kafka_part(tmp_path_factory.mktemp("kafka"), parts.SETTINGS)) as running:
            yield running.part.address

    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    # At the end of all, not of the last test here: that would not have the time to wait for the other workers.
    until_the_end = ExitStack()
    pytestconfig.add_cleanup(until_the_end.close)
    return until_the_end.enter_context(parts.one_for_all(folder / "kafka-for-all", broker))


@pytest.fixture
async def kafka_settings(kafka: str) -> AsyncIterator[KafkaSettings]:
    """Settings by which a test has topics of its own, which go with it."""
    # A broker that all share is waited for as long as it takes.
    settings = KafkaSettings(bootstrap_servers=kafka, topic_prefix=f"test-{uuid.uuid4().hex}.", request_timeout=60)
    yield settings
    admin = AIOKafkaAdminClient(**connection(settings))
    await admin.start()
    if made := [topic for topic in await admin.list_topics() if topic.startswith(settings.topic_prefix)]:
        await admin.delete_topics(made)
    await admin.close()


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Broker]:
    """A broker of the test's own, which it may kill."""
    broker = Broker(tmp_path / "kafka")
    await broker.start()
    yield broker
    await broker.kill()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give the first test that needs Kafka the time that its start takes; which is the first, nobody knows."""
    for item in items:
        if isinstance(item, pytest.Function) and "kafka" in item.fixturenames:
            item.add_marker(pytest.mark.timeout(300))


def _asyncpg(url: URL) -> str:
    return url.set(drivername="postgresql+asyncpg").render_as_string(hide_password=False)
