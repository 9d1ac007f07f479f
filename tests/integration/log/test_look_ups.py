"""An append looks its rows up by their keys: what it costs does not grow with the log."""

import pytest
from sqlalchemy import create_engine

from wco_common.engine import DatabaseSettings
from wco_common.migrate import upgrade
from wco_common.row_texts import LookUp, look_up_text
from wco_common.statements import ENTRIES, STATES, VERSIONS


@pytest.mark.parametrize("wanted", [ENTRIES, VERSIONS, STATES], ids=["entries", "versions", "states"])
async def test_sqlite_goes_through_no_table_to_find_rows_by_their_keys(sqlite_url: str, wanted: LookUp) -> None:
    await upgrade(sqlite_url, "survey-intake", DatabaseSettings())
    engine = create_engine(sqlite_url.replace("+aiosqlite", ""))
    table = wanted.by[0].table
    with engine.connect() as connection:
        text = look_up_text(wanted, engine.dialect, keys=4)
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", ("key",) * 4 * len(wanted.by))
        steps = [str(row.detail) for row in plan]
    engine.dispose()
    assert any(step.startswith(f"SEARCH {table.name} USING") for step in steps)
    assert not any(step.startswith(f"SCAN {table.name}") for step in steps)
