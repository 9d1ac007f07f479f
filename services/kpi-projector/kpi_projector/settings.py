"""The projector's settings, from the environment with the prefix WCO_KPI_PROJECTOR_."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from wco_common.database_url import DatabaseUrl
from wco_common.settings import PREFIX, Settings


class ProjectorSettings(Settings):
    """Every limit and time-out of the projector. Times are in seconds."""

    model_config = SettingsConfigDict(env_prefix=f"{PREFIX}PROJECTOR_")

    database_url: DatabaseUrl = Field(description="Where the fold's state is kept: sqlite:///… or postgresql://…")
    state: str = Field(
        default="",
        pattern="^[a-z0-9]{0,30}$",
        description="Of several states by one fold, the one with the last name in order takes over (PostgreSQL).",
    )
    fold_batch: int = Field(default=4_000, ge=1, description="Events folded in one transaction, at most.")
    fold_every: float = Field(
        default=0.02, ge=0, description="Between two folds of a log: what comes meanwhile shares a transaction."
    )
    cells_remembered: int = Field(
        default=16_384,
        ge=0,
        description="Cells that are kept ready for questions, with what was taken from them, some kilobytes each.",
    )
    totals_known: int = Field(
        default=65_536,
        ge=0,
        description="Totals of a log that its fold need not look up, some hundred bytes each; "
        "a survey has one for each Member.",
    )
    retry: float = Field(default=1.0, gt=0, description="Between two tries of what a database cannot do now.")
    look_every: float = Field(
        default=0.02,
        gt=0,
        description="Between two looks at how far another instance has folded, while it is behind; "
        "ten times as long while far behind.",
    )
    start_wait: float = Field(
        default=10.0,
        ge=0,
        description="How long others leave an instance that starts its share of the logs, before it can read them.",
    )
    clock_leap: float = Field(
        default=5.0, gt=0, description="By how much the clock may leap ahead before the logs' time is the present."
    )
    beat_every: float = Field(default=1.0, gt=0, description="Between two questions to the logs how far they are.")
    stale_after: float = Field(
        default=30.0, gt=0, description="How far answers may be behind a log before /readyz says so."
    )
    freshness: float = Field(
        default=0.02,
        ge=0,
        description="An answer without as_of is cut no longer ago than this, or the logs are asked to close now.",
    )
    freshness_wait: float = Field(
        default=0.2, gt=0, description="How long an answer without as_of waits for that, before it is cut earlier."
    )
    wait: float = Field(
        default=10.0, gt=0, description="How long a request waits for its moments, all its waits together."
    )
    stretch: int = Field(default=10_000, ge=1, description="Events of a log that a history looks at in one go.")
    first_stretch: int = Field(
        default=250, ge=1, description="The same at the beginning of a page; then twice as many, and so on."
    )
    boards: int = Field(
        default=4,
        ge=1,
        description="Moments whose cells and figures are kept, some thousand cells each, so that a further question "
        "reads what is missing alone.",
    )
    listings: int = Field(
        default=8,
        ge=1,
        description="Histories, and lists of evidence, kept at most, so that their pages are not worked out again.",
    )
    comment_every: float = Field(default=15.0, gt=0, description="Between two comment lines of a stream.")
    stream_every: float = Field(default=0.1, gt=0, description="Between two looks at what a stream should send.")
    listeners: int = Field(default=200, ge=1, description="Open streams, at most.")
    health_timeout: float = Field(default=2.0, gt=0, description="How long a readiness check may take.")
