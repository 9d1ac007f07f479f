"""A browser, the demonstration that nobody changes, and a system of one's own that may be changed."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from e2e.command_line.commands import Up
from e2e.dashboard.looking import chromium


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """One process with the demonstration, which tests leave as it is."""
    with Up(tmp_path_factory.mktemp("demonstration") / "data") as up:
        yield up


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """One process with the plan alone, which tests of a module record in."""
    with Up(tmp_path_factory.mktemp("system") / "data", "--no-demo") as up:
        yield up


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """A browser for the tests of a module."""
    async with chromium() as browser:
        yield browser
