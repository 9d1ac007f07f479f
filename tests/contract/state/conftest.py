"""Two projectors over a fresh state on SQLite, as often as an example of Hypothesis needs one."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from courses import Projectors, projectors
from kpi_projector.migrate import upgrade
from wco_common.engine import DatabaseSettings

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
