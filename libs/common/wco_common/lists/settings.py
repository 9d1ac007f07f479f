"""The settings of lists, from the environment with the prefix WCO_KPI_LISTS_."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from wco_common.settings import PREFIX, Settings


class ListsSettings(Settings):
    """Every limit and time-out of a service's lists. Times are in seconds."""

    model_config = SettingsConfigDict(env_prefix=f"{PREFIX}LISTS_")

    batch: int = Field(500, ge=1, description="Events that are written into the lists in one transaction, at most.")
    every: float = Field(
        0.25, ge=0, description="Between two transactions that write lists: what comes meanwhile shares one."
    )
    retry: float = Field(1, gt=0, description="Between two tries of what the database cannot do now.")
    wait: float = Field(10, gt=0, description="How long a request waits for an event to be in the lists.")
    pool_size: int = Field(2, ge=1, description="Connections kept for reading lists.")
    pool_overflow: int = Field(2, ge=0, description="Further ones while there is a rush.")
