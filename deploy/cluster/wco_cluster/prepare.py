"""`wco-kpi prepare`: what stands before services start, by one command."""

import asyncio

from pydantic import Field
from pydantic_settings import SettingsConfigDict
from sqlalchemy import make_url

from kpi_projector.settings import ProjectorSettings
from wco_cluster import databases
from wco_cluster.databases import Databases
from wco_cluster.options import OPTIONS
from wco_cluster.settings import ReaderSettings
from wco_common import log_service
from wco_common.database_url import DatabaseUrl
from wco_common.settings import PREFIX, Settings
from wco_embedded.beginning import Beginning
from wco_embedded.environment import look_through_environment


class PrepareSettings(Settings):
    """Where the databases are to be. A service's URL has the role and the password that the service will have."""

    model_config = SettingsConfigDict(env_prefix=f"{PREFIX}PREPARE_")

    server: DatabaseUrl = Field(
        description="A superuser's database of the server, as postgresql://user:password@host/postgres."
    )
    plan_registry: DatabaseUrl = Field(description="The database of plan-registry.")
    survey_intake: DatabaseUrl = Field(description="The database of survey-intake.")
    operations_feed: DatabaseUrl = Field(description="The database of operations-feed.")
    kpi_projector: DatabaseUrl = Field(description="The database of kpi-projector.")


def run(beginning: Beginning) -> None:
    """Prepare the databases that the environment names. Raises Refusal, WrongSettings."""
    look_through_environment(
        (*log_service.SETTINGS, ProjectorSettings, ReaderSettings), {*OPTIONS, *PrepareSettings.variables()}
    )
    settings = PrepareSettings()
    where = Databases(
        {
            "plan-registry": make_url(settings.plan_registry),
            "survey-intake": make_url(settings.survey_intake),
            "operations-feed": make_url(settings.operations_feed),
        },
        make_url(settings.kpi_projector),
    )
    with databases.usable(str(make_url(settings.server).host)):
        plan = asyncio.run(databases.prepare(make_url(settings.server), where, beginning, ReaderSettings()))
    print(f"The databases are ready; the plan is {plan}." if plan else "The databases are ready; no plan is adopted.")
