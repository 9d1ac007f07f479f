"""A fold looks its cells up by their keys: what a batch costs does not grow with the state."""

from sqlalchemy import create_engine

from kpi_projector.migrate import upgrade
from kpi_projector.writing import CURRENT
from wco_common.engine import DatabaseSettings
from wco_common.rows import look_up_text


async def test_sqlite_goes_through_no_table_to_find_cells_and_their_newest_versions(sqlite_url: str) -> None:
    await upgrade(sqlite_url, DatabaseSettings())
    engine = create_engine(sqlite_url.replace("+aiosqlite", ""))
    with engine.connect() as connection:
        text = look_up_text(CURRENT, engine.dialect, keys=4)
        steps = [str(row.detail) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", ("key",) * 8)]
    engine.dispose()
    # Whether the index covers what is read depends on the version of SQLite; that each key is searched for does not.
    assert any(step.startswith("SEARCH cell ") and "(bucket=? AND key=?)" in step for step in steps)
    assert any(step.startswith("SEARCH v ") and "(cell=?)" in step for step in steps)
    assert not any(step.startswith(("SCAN cell", "SCAN v")) for step in steps)
