"""Bring the projector's database to the schema that this program knows."""

from kpi_projector.schema import METADATA
from wco_common.engine import DatabaseSettings
from wco_common.migrate import Migrations

MIGRATIONS = Migrations("kpi_projector:migrations/versions", "kpi_projector_version", METADATA)


async def upgrade(url: str, settings: DatabaseSettings) -> None:
    """Run the migrations that the database lacks, in one transaction."""
    await MIGRATIONS.upgrade(url, settings)
