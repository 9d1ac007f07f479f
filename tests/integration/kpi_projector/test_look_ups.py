"""A fold looks its cells up by their keys: what a batch costs does not grow with the state."""

from sqlalchemy import bindparam, create_engine, text

from kpi_projector.migrate import upgrade
from kpi_projector.piece import CURRENT
from kpi_projector.reading import MOVES
from wco_common.engine import DatabaseSettings
from wco_common.row_texts import look_up_text


async def test_sqlite_goes_through_no_table_to_find_cells_and_their_newest_versions(sqlite_url: str) -> None:
    await upgrade(sqlite_url, DatabaseSettings())
    engine = create_engine(sqlite_url.replace("+aiosqlite", ""))
    with engine.connect() as connection:
        found = look_up_text(CURRENT, engine.dialect, keys=4)
        steps = [str(row.detail) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {found}", ("key",) * 8)]
    engine.dispose()
    # Whether the index covers what is read depends on the version of SQLite; that each key is searched for does not.
    assert any(step.startswith("SEARCH cell ") and "(bucket=? AND key=?)" in step for step in steps)
    assert any(step.startswith("SEARCH v ") and "(cell=?)" in step for step in steps)
    assert not any(step.startswith(("SCAN cell", "SCAN v")) for step in steps)


async def test_sqlite_finds_what_moved_cells_by_their_versions_and_not_by_the_events_of_a_stretch(
    sqlite_url: str,
) -> None:
    await upgrade(sqlite_url, DatabaseSettings())
    engine = create_engine(sqlite_url.replace("+aiosqlite", ""))
    stretch = {**dict.fromkeys(("a0", "a1", "a2", "b0", "b1", "b2"), 1), "buckets": ["one", "other"]}
    explained = text(f"EXPLAIN QUERY PLAN {MOVES.text}").bindparams(bindparam("buckets", expanding=True))
    with engine.connect() as connection:
        steps = [str(row.detail) for row in connection.execute(explained, stretch)]
    engine.dispose()
    assert [step.split()[1] for step in steps if step.startswith("SEARCH")] == ["c", "v", "e"]
