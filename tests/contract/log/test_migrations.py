"""A log is born with its database, once; what holds of all migrations is in `contract/migrations`."""

from sqlalchemy import Row, select

from accounts import LOG
from wco_common.engine import DatabaseSettings, create_engine
from wco_common.migrate import log_migrations, upgrade
from wco_common.schema import HEAD
from wco_events.event_type import LOG_NAMES


async def heads(url: str) -> list[Row[tuple[object, ...]]]:
    engine = create_engine(url, DatabaseSettings())
    async with engine.connect() as connection:
        found = list(await connection.execute(select(HEAD)))
    await engine.dispose()
    return found


async def test_a_log_is_born_once(database_url: str) -> None:
    await upgrade(database_url, LOG)
    (born,) = await heads(database_url)
    assert (born.log, born.sequence, born.closed) == (LOG, 0, 0)
    await upgrade(database_url, LOG)
    assert await heads(database_url) == [born]


def test_each_log_notes_its_migrations_under_the_name_of_its_service() -> None:
    assert [log_migrations(log).version_table for log in LOG_NAMES] == [
        "plan_registry_version",
        "survey_intake_version",
        "operations_feed_version",
    ]
