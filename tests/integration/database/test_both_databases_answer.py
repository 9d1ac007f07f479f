"""The two kinds of database that the services run on are there, real and empty."""

from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine


async def test_a_table_made_in_a_fresh_database_keeps_what_is_put_into_it(database_url: str) -> None:
    engine = create_async_engine(database_url)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE kept (word TEXT)"))
        await connection.execute(text("INSERT INTO kept VALUES ('here')"))
    async with engine.connect() as connection:
        words = (await connection.execute(text("SELECT word FROM kept"))).scalars().all()
    await engine.dispose()
    assert words == ["here"]


async def test_the_postgresql_is_a_real_one_of_version_18_or_later(postgres_database: str) -> None:
    engine = create_async_engine(postgres_database)
    async with engine.connect() as connection:
        version = int((await connection.execute(text("SHOW server_version_num"))).scalar_one())
        name = (await connection.execute(text("SELECT current_database()"))).scalar_one()
    await engine.dispose()
    assert version >= 180_000
    assert name == make_url(postgres_database).database
