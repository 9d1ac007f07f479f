"""Bring the projector's database to the schema that this program knows: of a state, and of which state serves."""

from kpi_projector.schema import METADATA
from kpi_projector.serving import METADATA as SERVING
from wco_common.engine import DatabaseSettings
from wco_common.migrate import Migrations

MIGRATIONS = Migrations("kpi_projector:migrations/versions", "kpi_projector_version", METADATA)
SERVING_MIGRATIONS = Migrations("kpi_projector:serving_migrations/versions", "kpi_projector_serving_version", SERVING)


async def upgrade(url: str, settings: DatabaseSettings, schema: str = "") -> None:
    """Run the migrations that the database lacks, in one transaction; those of one of several states, in its schema."""
    if schema:
        await SERVING_MIGRATIONS.upgrade(url, settings)
    await MIGRATIONS.upgrade(url, settings, schema=schema)
