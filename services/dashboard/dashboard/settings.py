"""The dashboard's settings, from the environment with the prefix WCO_KPI_DASHBOARD_."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from wco_common.settings import PREFIX, Settings


class DashboardSettings(Settings):
    """Every limit and time-out of the dashboard. Times are in seconds."""

    model_config = SettingsConfigDict(env_prefix=f"{PREFIX}DASHBOARD_")

    plan_language: str = Field(
        default="en", pattern="^[a-z]{2,3}$", description="The language that the plan's own words are in, ISO 639."
    )
    answers: int = Field(
        default=512,
        ge=1,
        description="Answers of each service on past moments kept at most, some tens of kilobytes each.",
    )
    answer_timeout: float = Field(
        default=60.0, gt=0, description="For a service to answer; a long history takes its time."
    )
    source: str = Field(
        default="urn:wco-kpi:dashboard", min_length=1, description="The `source` of events that are entered in a form."
    )
    form_bytes: int = Field(default=1024 * 1024, ge=1, description="Of a form that is sent, at most.")
    form_controls: int = Field(default=10_000, ge=1, description="Of a form that is sent, at most.")
    notice_timeout: float = Field(
        default=1.0,
        gt=0,
        description="For the plan's notice, on a page that is there whatever else is not; then the last one is shown.",
    )
    history_entries: int = Field(
        default=20_000, ge=1, description="Of a history that is drawn, at most; each has an event that is looked up."
    )
    export_rows: int = Field(default=100_000, ge=1, description="Of a table that is taken away, at most.")


_ADDRESS = "^https?://.+"


class ServiceAddressSettings(Settings):
    """Where a dashboard that is a program of its own finds the services. Times are in seconds."""

    model_config = SettingsConfigDict(env_prefix=f"{PREFIX}DASHBOARD_AT_")

    plan_registry: str = Field(pattern=_ADDRESS, description="The address of plan-registry, as http://127.0.0.1:8001.")
    survey_intake: str = Field(pattern=_ADDRESS, description="The address of survey-intake.")
    operations_feed: str = Field(pattern=_ADDRESS, description="The address of operations-feed.")
    kpi_projector: str = Field(pattern=_ADDRESS, description="The address of kpi-projector.")
    connect_timeout: float = Field(default=2.0, gt=0, description="For a service to take a connection.")
    connections: int = Field(default=20, ge=1, description="To each service, at most.")
