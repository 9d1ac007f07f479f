"""A state with a history folded; and two projectors over a fresh one, as often as an example of Hypothesis needs it."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from courses import Projectors, projectors
from folding import Events, decoded
from histories import history
from kpi_projector.migrate import upgrade
from kpi_projector.state import SqlState
from sql_state import sql_state
from wco_common.engine import DatabaseSettings
from wco_events.event_type import LOG_NAMES

Opening = Callable[[], AbstractAsyncContextManager[Projectors]]


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Opening:
    """Opens a state with nothing folded; its file is a copy, since migrations take longer than what is tested."""
    empty: Path = tmp_path_factory.mktemp("state") / "empty.sqlite"
    asyncio.run(upgrade(f"sqlite+aiosqlite:///{empty}", DatabaseSettings()))

    @asynccontextmanager
    async def opening() -> AsyncIterator[Projectors]:
        with TemporaryDirectory() as folder:
            async with projectors(f"sqlite+aiosqlite:///{shutil.copy(empty, folder)}") as both:
                yield both

    return opening


@pytest.fixture(scope="module")
def events() -> Events:
    return decoded(history(seed=5, events=60))


@pytest.fixture
async def state(sqlite_url: str, events: Events) -> AsyncIterator[SqlState]:
    async with sql_state(sqlite_url) as state:
        for log in LOG_NAMES:
            await state.fold(log, 0, events[log])
        yield state
