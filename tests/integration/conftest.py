"""A system for each test."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from system import System, opened


@pytest.fixture
async def system(tmp_path: Path) -> AsyncIterator[System]:
    """All services, with nothing recorded."""
    async with AsyncExitStack() as stack:
        yield await opened(stack, tmp_path)
