"""A PostgreSQL server of one's own: what was committed is there again, and who has no password stays outside."""

import os
import signal
import stat
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from parts import SETTINGS, open_folder, processes_of
from wco_cluster.part import Part, PartFailed, started
from wco_cluster.postgres import postgres, postgres_url
from wco_embedded.refusal import Refusal

AT_ONCE = SETTINGS.model_copy(update={"lock_timeout": 0})
"""Nobody is waited for who has what is needed."""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that a user may enter who is not root."""
    with open_folder() as folder:
        yield folder


async def ask(folder: Path, part: Part, statement: str) -> object:
    url = postgres_url(folder / "postgres", part.port)
    connection = await asyncpg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False))
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def test_a_server_that_was_killed_has_what_was_committed_when_it_is_started_again(folder: Path) -> None:
    part = postgres(folder / "postgres", SETTINGS)
    first = await started(part, SETTINGS)
    await ask(folder, part, "CREATE TABLE kept AS SELECT 42 AS answer")

    os.kill(first.pid, signal.SIGKILL)
    await first.ended()
    second = await started(part, SETTINGS)

    assert await ask(folder, part, "SELECT answer FROM kept") == 42
    assert await second.stop(SETTINGS.stop_timeout) == 0
    assert processes_of(folder) == []


async def test_a_server_stopped_while_a_client_is_there_does_not_wait_for_it(folder: Path) -> None:
    part = postgres(folder / "postgres", SETTINGS)
    running = await started(part, SETTINGS)
    url = postgres_url(folder / "postgres", part.port).set(drivername="postgresql")
    client = await asyncpg.connect(url.render_as_string(hide_password=False))

    assert await running.stop(SETTINGS.stop_timeout) == 0
    client.terminate()


async def test_a_server_is_tuned_by_settings(folder: Path) -> None:
    settings = SETTINGS.model_copy(
        update={"postgres_fsync": True, "postgres_connections": 33, "postgres_shared_buffers": 48}
    )
    part = postgres(folder / "postgres", settings)
    running = await started(part, settings)

    assert await ask(folder, part, "SHOW fsync") == "on"
    assert await ask(folder, part, "SHOW max_connections") == "33"
    assert await ask(folder, part, "SHOW shared_buffers") == "48MB"
    assert await ask(folder, part, "SHOW listen_addresses") == "127.0.0.1"
    await running.stop(SETTINGS.stop_timeout)


async def test_who_has_no_password_is_not_let_in(folder: Path) -> None:
    part = postgres(folder / "postgres", SETTINGS)
    running = await started(part, SETTINGS)

    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(host="127.0.0.1", port=part.port, user="postgres", password="guessed")
    assert stat.S_IMODE((folder / "postgres" / "password").stat().st_mode) == 0o600
    await running.stop(SETTINGS.stop_timeout)


async def test_a_second_server_on_the_same_folder_is_refused_and_the_first_goes_on(folder: Path) -> None:
    part = postgres(folder / "postgres", SETTINGS)
    first = await started(part, SETTINGS)
    with pytest.raises(PartFailed, match=r"another process has .*/postgres\.lock: this one was not started"):
        await started(postgres(folder / "postgres", AT_ONCE), AT_ONCE)

    assert await ask(folder, part, "SELECT 1") == 1
    await first.stop(SETTINGS.stop_timeout)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may not run PostgreSQL")
async def test_root_has_a_server_run_where_only_root_may_go(folder: Path) -> None:
    (folder / "closed").mkdir(mode=0o700)
    part = postgres(folder / "closed" / "postgres", SETTINGS)
    running = await started(part, SETTINGS)

    assert await ask(folder / "closed", part, "SELECT 42") == 42
    assert os.stat(f"/proc/{running.pid}").st_uid == part.user.uid != 0  # noqa: PTH116
    await running.stop(SETTINGS.stop_timeout)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may not run PostgreSQL")
def test_root_is_told_whom_it_lacks(folder: Path) -> None:
    with pytest.raises(Refusal, match="there is no user somebody to run it as"):
        postgres(folder / "postgres", SETTINGS.model_copy(update={"postgres_user": "somebody"}))
