"""What a relay does when the log's database is gone, and comes back."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from accounts import LOG, noted
from integration.relay.conftest import Relaying, Topics, hold, opened_log, until
from parts import SETTINGS, Own, open_folder
from wco_cluster.postgres import postgres, postgres_url
from wco_common.migrate import upgrade
from wco_common.relay import Relay


class Server(Own):
    """A PostgreSQL of the test's own."""

    def __init__(self, folder: Path) -> None:
        super().__init__(postgres(folder, SETTINGS))
        self.url = postgres_url(folder, self.part.port).render_as_string(hide_password=False)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    with open_folder() as folder:
        server = Server(folder / "postgres")
        await server.start()
        yield server
        await server.kill()


@pytest.fixture
async def log_url(server: Server) -> str:
    """The URL of a database in which a log was born, in the test's own server."""
    await upgrade(server.url, LOG)
    return server.url


async def is_hindered(relay: Relay) -> bool:
    return relay.heartbeat.hindrance(1) is not None


@pytest.mark.timeout(300)
async def test_a_relay_whose_database_was_killed_publishes_on_once_it_is_back(
    server: Server, log_url: str, relaying: Relaying, topics: Topics
) -> None:
    async with opened_log(log_url) as log:
        await log.appender.append([noted(f"s{number}") for number in range(10)])
    async with relaying() as relay:
        await topics.marked(10)
        await server.kill()
        await until(lambda: is_hindered(relay))
        await server.start()
        async with opened_log(log_url) as log:
            await log.appender.append([noted("later")])
            await topics.marked(11)

            async def is_well() -> bool:
                return not await is_hindered(relay)

            await until(is_well)
            await hold(log, topics)
