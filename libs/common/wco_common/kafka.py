"""Settings of whatever speaks to Kafka, and how its clients connect."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, Self

from aiokafka.errors import KafkaError
from pydantic import Field, model_validator
from pydantic_settings import SettingsConfigDict

from wco_common.settings import PREFIX, Settings


class KafkaSettings(Settings):
    """Where Kafka is, how its topics are named and what they have to keep. Times in seconds, sizes in bytes."""

    model_config = SettingsConfigDict(env_prefix=f"{PREFIX}KAFKA_")

    bootstrap_servers: str = Field(min_length=1, description="Some brokers, as host:port with commas between.")
    topic_prefix: str = Field(
        "wco-kpi.", pattern=r"^[A-Za-z0-9._-]{0,200}$", description="What the name of every topic begins with."
    )
    replication: int = Field(1, ge=1, description="How many brokers keep a copy of each topic.")
    min_insync_replicas: int = Field(
        1, ge=1, description="How many of them must have a record before it counts as written."
    )
    max_message_bytes: int = Field(
        1_048_588, ge=131_072, description="Of a batch of records, at least; the longest event has 65,130."
    )
    request_timeout: float = Field(10, gt=0, description="For a broker to answer a request.")

    @model_validator(mode="after")
    def _writable(self) -> Self:
        if self.min_insync_replicas > self.replication:
            raise ValueError(
                f"of {self.replication} copies {self.min_insync_replicas} can never have a record: "
                "min_insync_replicas is at most replication"
            )
        return self


def connection(settings: KafkaSettings) -> dict[str, Any]:
    """Return the arguments by which every client of aiokafka connects: the one place for a security protocol."""
    return {
        "bootstrap_servers": settings.bootstrap_servers,
        "request_timeout_ms": round(settings.request_timeout * 1000),
    }


async def started_whole(starting: Coroutine[Any, Any, None], settings: KafkaSettings) -> None:
    """Start a client to the end also when cancelled: aiokafka forgets the connection that it is cancelled over.

    A broker that hangs is not waited for longer than for a request.
    """
    started = asyncio.ensure_future(starting)
    try:
        await asyncio.shield(started)
    except asyncio.CancelledError:
        try:
            await asyncio.wait([started], timeout=settings.request_timeout)
        finally:  # also where somebody has no patience for that
            started.cancel()
        await asyncio.gather(started, return_exceptions=True)
        raise


class StrayCancellation(KafkaError):  # type: ignore[misc] # aiokafka has no types
    """A client of aiokafka cancelled a task of its own, and whoever waited for that was told as if he were meant."""


@contextmanager
def cancelled_by_others() -> Iterator[None]:
    """Let nobody be cancelled inside but by who cancels his task: what aiokafka cancels (aiokafka#647) is an error.

    A task that took that for its own end would be gone without a word. Raises StrayCancellation.
    """
    try:
        yield
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        raise StrayCancellation("a task inside the client of Kafka was cancelled") from error
