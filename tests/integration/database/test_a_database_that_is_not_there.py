"""A database that cannot be opened is an error, and leaves nothing behind."""

import threading
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from wco_common.engine import DatabaseSettings, create_engine


async def test_no_thread_is_left_of_a_connection_that_could_not_be_made(tmp_path: Path) -> None:
    # given
    before = set(threading.enumerate())  # of which others may have some, that end meanwhile
    engine = create_engine(f"sqlite+aiosqlite:///{tmp_path}/none/log.sqlite", DatabaseSettings())
    for _ in range(50):
        # when
        with pytest.raises(OperationalError):
            await engine.connect()
        # then
        assert set(threading.enumerate()) <= before
    await engine.dispose()
