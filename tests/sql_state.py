"""A projector's state on a database of the test's own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from kpi_projector.migrate import upgrade
from kpi_projector.state import SqlState
from wco_common.engine import DatabaseSettings, create_engine


@asynccontextmanager
async def sql_state(url: str) -> AsyncIterator[SqlState]:
    """Open a state in which nothing is folded."""
    settings = DatabaseSettings()
    await upgrade(url, settings)
    engine = create_engine(url, settings)
    state = SqlState(engine, settings)
    try:
        yield state
    finally:
        await state.aclose()
        await engine.dispose()
