"""What stands before the services: databases whose roles do what they have to, and logs that begin whole."""

import secrets
import shutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import asyncpg
import httpx
import pytest
from sqlalchemy import URL

import parts
from wco_cluster.databases import Databases, prepare, text
from wco_cluster.postgres import postgres, postgres_url
from wco_cluster.programs import databases
from wco_cluster.settings import ReaderSettings
from wco_common.bundle import log_file
from wco_common.settings import LogSettings
from wco_embedded.beginning import Beginning, demonstration
from wco_embedded.logs import LOGS
from wco_embedded.refusal import DoesNotHold, Refusal
from wco_events.event_type import LOG_NAMES, LogName

PLAN_ALONE = Beginning(False, None)
DEMONSTRATION = Beginning(True, None)


@pytest.fixture(scope="module")
def server() -> Iterator[URL]:
    """A server of one's own: roles are the whole server's, and tests beside would see them."""
    with parts.open_folder() as folder, parts.run(postgres(folder / "postgres", parts.SETTINGS)) as running:
        yield postgres_url(folder / "postgres", running.part.port)


@pytest.fixture
def where(server: URL) -> Databases:
    """Databases that are not there yet."""
    unique = secrets.token_hex(4)

    def renamed(url: URL) -> URL:
        return url.set(database=f"{url.database}_{unique}", username=f"{url.username}_{unique}")

    named = databases(server)
    logs = {log: renamed(url) for log, url in named.logs.items()}
    return Databases(logs, renamed(named.projector), f"reader_{unique}")


async def run(url: URL, statement: str) -> object:
    connection = await asyncpg.connect(text(url.set(drivername="postgresql")))
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def recorded(where: Databases, log: LogName) -> list[bytes]:
    """A log's lines, read as its service reads them."""
    async with LOGS[log].service(LogSettings(database_url=text(where.logs[log]))) as service:
        return [line.body for line in await service.log.read(0, 100_000)]


def lines(log: LogName) -> list[bytes]:
    return (demonstration() / log_file(log)).read_bytes().splitlines()


@pytest.mark.parametrize(
    "statement", ["UPDATE event SET subject = 'x'", "DELETE FROM event", "TRUNCATE event", "DROP TABLE event",
                  "ALTER TABLE event DISABLE TRIGGER ALL", "CREATE TABLE mine ()"]
)  # fmt: skip
async def test_a_service_s_role_adds_events_and_changes_none(server: URL, where: Databases, statement: str) -> None:
    await prepare(server, where, PLAN_ALONE)

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await run(where.logs["plan-registry"], statement)
    assert len(await recorded(where, "plan-registry")) == 1


async def test_a_service_s_role_makes_its_lists_and_changes_none_of_their_tables(server: URL, where: Databases) -> None:
    await prepare(server, where, DEMONSTRATION)
    url = where.logs["plan-registry"]

    async with (
        LOGS["plan-registry"].service(LogSettings(database_url=text(url))) as service,
        httpx.AsyncClient(transport=httpx.ASGITransport(service.app), base_url="http://lists.test") as client,
    ):
        last = (await service.log.head()).sequence
        query = {"after": f"plan-registry:{last}", "limit": "1"}
        while (answer := await client.get("/v1/actions", params=query)).status_code == 504:
            """The lists are not that far yet."""
        assert (answer.status_code, len(answer.json()["actions"])) == (200, 1)
    for statement in ("DROP TABLE lists.action", "CREATE TABLE lists.mine ()", "TRUNCATE lists.action"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await run(url, statement)


async def test_the_reader_reads_the_views_of_the_lists_and_nothing_else(server: URL, where: Databases) -> None:
    await prepare(server, where, DEMONSTRATION, ReaderSettings(password="a-readers"))

    for log, url in where.logs.items():
        reader = url.set(username=where.reader, password="a-readers")
        views = import_module(f"{log.replace('-', '_')}.views").VIEWS
        assert [await run(reader, f"SELECT count(*) >= 0 FROM {view.name}") for view in views] == [True] * len(views)
        tables = [*LOGS[log].lists.tables.metadata.tables, "public.event", "public.head", "public.entity"]
        for table in tables:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await run(reader, f"SELECT count(*) FROM {table}")
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
            await run(reader, "CREATE TABLE mine ()")
        for schema in ("lists", "public"):
            assert await run(reader, f"SELECT has_schema_privilege('{schema}', 'CREATE')") is False
        assert await run(reader, "SHOW statement_timeout") == "1min"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await run(where.projector.set(username=where.reader, password="a-readers"), "SELECT 1")


async def test_without_a_password_nobody_logs_in_as_the_reader(server: URL, where: Databases) -> None:
    await prepare(server, where, PLAN_ALONE, ReaderSettings(password="a-readers"))
    await prepare(server, where, PLAN_ALONE)

    with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError):
        await run(where.logs["plan-registry"].set(username=where.reader, password="a-readers"), "SELECT 1")


@pytest.mark.parametrize("statement", ["UPDATE event SET subject = 'x'", "DELETE FROM event", "TRUNCATE event"])
async def test_a_trigger_refuses_changes_of_events_to_whoever_may_make_them(
    server: URL, where: Databases, statement: str
) -> None:
    await prepare(server, where, PLAN_ALONE)

    with pytest.raises(asyncpg.RaiseError, match="an event that was recorded stays as it is"):
        await run(server.set(database=where.logs["plan-registry"].database), statement)


async def test_nobody_logs_in_as_the_owner_and_no_role_into_another_s_database(server: URL, where: Databases) -> None:
    await prepare(server, where, PLAN_ALONE)
    plan, survey = where.logs["plan-registry"], where.logs["survey-intake"]

    assert await run(server, f"SELECT rolcanlogin FROM pg_roles WHERE rolname = '{plan.username}_owner'") is False
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await run(plan.set(database=survey.database), "SELECT 1")


async def test_logs_begin_once_and_passwords_are_renewed(server: URL, where: Databases) -> None:
    assert await prepare(server, where, DEMONSTRATION) == "sp-2022-2025"
    renewed = Databases(
        {log: url.set(password="another") for log, url in where.logs.items()},
        where.projector.set(password="another"),
        where.reader,
    )
    assert await prepare(server, renewed, DEMONSTRATION) == "sp-2022-2025"

    for log in LOG_NAMES:
        assert await recorded(renewed, log) == lines(log)
    with pytest.raises(asyncpg.InvalidPasswordError):
        await run(where.logs["plan-registry"], "SELECT 1")


async def test_a_beginning_that_was_broken_off_goes_on_and_is_not_taken_for_another(
    server: URL, where: Databases, tmp_path: Path
) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(demonstration(), broken)
    (broken / log_file("plan-registry")).write_bytes(b"{}\n")
    with pytest.raises(DoesNotHold, match="plan-registry"):
        await prepare(server, where, Beginning(False, None, broken))
    assert await recorded(where, "survey-intake") == lines("survey-intake")

    with pytest.raises(Refusal, match=r"survey-intake has .* events, and did not begin with nothing"):
        await prepare(server, where, PLAN_ALONE)
    await prepare(server, where, DEMONSTRATION)
    assert [await recorded(where, log) == lines(log) for log in LOG_NAMES] == [True] * 3


async def test_logs_that_began_otherwise_are_not_taken_for_restored(server: URL, where: Databases) -> None:
    await prepare(server, where, PLAN_ALONE)

    with pytest.raises(Refusal, match=r"plan-registry has 1 events, and did not begin with .*demonstration"):
        await prepare(server, where, Beginning(False, None, demonstration()))
