"""Bring the projector's database to the schema that this program knows."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from wco_common.engine import SQLITE_WRITES, DatabaseSettings, create_engine


async def upgrade(url: str, settings: DatabaseSettings) -> None:
    """Run the migrations that the database lacks, in one transaction."""
    engine = create_engine(url, settings)
    try:
        async with engine.execution_options(**{SQLITE_WRITES: True}).begin() as connection:
            await connection.run_sync(_upgrade)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", "kpi_projector:migrations")
    config.attributes["connection"] = connection
    config.attributes["version_table"] = "kpi_projector_version"
    command.upgrade(config, "head")
