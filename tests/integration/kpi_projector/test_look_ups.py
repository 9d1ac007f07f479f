"""A fold looks its cells up by their keys: what a batch costs does not grow with the state."""

from sqlalchemy import create_engine

from kpi_projector.migrate import upgrade
from kpi_projector.state import CURRENT
from wco_common.engine import DatabaseSettings
from wco_common.rows import look_up_text


async def test_sqlite_goes_through_no_table_to_find_cells_and_their_newest_versions(sqlite_url: str) -> None:
    await upgrade(sqlite_url, DatabaseSettings())
    engine = create_engine(sqlite_url.replace("+aiosqlite", ""))
    with engine.connect() as connection:
        text = look_up_text(CURRENT, engine.dialect, keys=4)
        steps = [str(row.detail) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", ("key",) * 8)]
    engine.dispose()
    assert "SEARCH cell USING INDEX ix_cell_bucket_key (bucket=? AND key=?)" in steps
    assert "SEARCH v USING PRIMARY KEY (cell=?)" in steps
