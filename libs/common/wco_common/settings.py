"""What an operator can set, by environment variables that begin with WCO_KPI_."""

from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from wco_common.structured_log import LogLevel


class ServiceSettings(BaseSettings):
    """Settings of every service. Times in seconds."""

    model_config = SettingsConfigDict(env_prefix="WCO_KPI_", frozen=True)

    log_level: LogLevel = Field("info", description="From which level on log lines are written.")
    log_format: Literal["json", "console"] = Field("json", description="For machines or for eyes.")
    readiness_timeout: float = Field(2, gt=0, description="How long a check of /readyz may take.")


class LogSettings(ServiceSettings):
    """Settings of a log service; those of its database and of appending have classes of their own."""

    database_url: str = Field(description="Of the log's database: sqlite+aiosqlite:///… or postgresql+asyncpg://…")
    max_body: int = Field(16 * 1024 * 1024, ge=1, description="Bytes of a request (outside contract, section 2).")
    clock_leap: float = Field(
        5, gt=0, description="Seconds by which the clock may leap ahead before nothing is recorded."
    )
