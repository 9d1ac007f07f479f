"""Settings of the command line, from the environment (`WCO_KPI_…`); its options override none of these."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from wco_common.settings import PREFIX, Settings


class CommandSettings(Settings):
    """How long the commands wait, in seconds."""

    connect_timeout: float = Field(default=5, gt=0, description="For a server to take a connection.")
    answer_timeout: float = Field(
        default=30, gt=0, description="For a server to go on with an answer. It waits up to 10 itself for a moment."
    )
    post_timeout: float = Field(
        default=60, gt=0, description="For a log to take what is posted: sent again while it cannot, or nobody knows."
    )
    post_pause: float = Field(
        default=1, gt=0, description="Before it is sent again, where the answer does not say (`Retry-After`)."
    )
    keep_alive: int = Field(
        default=75, ge=1, description="For a client's idle connection to `up`; longer than proxies keep theirs, mostly."
    )
    stop_timeout: int = Field(
        default=10, ge=1, description="For requests in flight to end once `up` is to stop; then they are cut off."
    )


class ImportSettings(Settings):
    """How spreadsheets are taken."""

    model_config = SettingsConfigDict(env_prefix=f"{PREFIX}IMPORT_")

    events_a_batch: int = Field(default=1000, ge=2, le=1000, description="Posted together, at most.")
    faults: int = Field(
        default=200, ge=1, description="That are told, each with its lines; of what else is wrong, the lines are."
    )
