"""Settings of the parts that `wco_cluster` starts, from the environment (`WCO_KPI_CLUSTER_…`)."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from wco_common.settings import PREFIX, Settings


class ReaderSettings(Settings):
    """The role `reader`, by which tools read the views of the lists. Times in seconds."""

    model_config = SettingsConfigDict(env_prefix=f"{PREFIX}READER_")

    password: str = Field("", description="By which the role reader logs in; without one it does not.")
    connections: int = Field(10, ge=1, description="That it has to a server at once, at most.")
    statement_timeout: float = Field(60, gt=0, description="How long one of its statements may take.")


class ClusterSettings(Settings):
    """How the parts are started, stopped and tuned. Times in seconds, memory in MiB."""

    model_config = SettingsConfigDict(env_prefix=f"{PREFIX}CLUSTER_")

    start_timeout: float = Field(120, gt=0, description="For a part to answer, from its start.")
    stop_timeout: float = Field(20, gt=0, description="For a part to end when it is told to; then it is killed.")
    lock_timeout: float = Field(5, ge=0, description="For what a part left when it was killed to be gone, or refused.")
    look_every: float = Field(0.05, gt=0, description="Between two looks at whether a part that starts answers.")
    probe_every: float = Field(10, gt=0, description="Between two looks at whether a part that runs answers still.")
    probe_timeout: float = Field(5, gt=0, description="For a part to answer such a look.")
    probe_failures: int = Field(3, ge=1, description="Looks in a row without an answer after which it is ended.")
    first_pause: float = Field(0.1, gt=0, description="Before a part that has ended is started again.")
    longest_pause: float = Field(5, gt=0, description="Each pause is twice the one before, but no longer than this.")
    settled_after: float = Field(60, ge=0, description="For which a part has run when its pauses begin anew.")
    fetch_timeout: float = Field(900, gt=0, description="For Maven to fetch Apache Kafka, which is done once.")
    kafka_heap: int = Field(384, ge=128, description="Of Kafka's Java heap, at most.")
    kafka_java_options: str = Field("", description="Further options of Kafka's Java, as a shell would part them.")
    postgres_connections: int = Field(130, ge=10, description="That PostgreSQL takes at once.")
    postgres_shared_buffers: int = Field(128, ge=16, description="That PostgreSQL shares as its cache.")
    postgres_fsync: bool = Field(
        True, description="Whether a commit is on the disk before it is told. Off only where nothing is to be kept."
    )
    postgres_user: str = Field("nobody", description="Who runs PostgreSQL when root starts it, which it refuses.")
