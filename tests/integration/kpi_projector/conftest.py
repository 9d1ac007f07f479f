"""A system with something of everything recorded."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from eventful import BEGINNING, record
from settable_clock import SettableClock
from system import System, opened


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(BEGINNING)


@pytest.fixture
async def eventful(tmp_path: Path, clock: SettableClock) -> AsyncIterator[System]:
    """All four services, which go by the clock, with something of everything recorded."""
    async with AsyncExitStack() as stack:
        system = await opened(stack, tmp_path, clock)
        await record(system, clock)
        yield system
