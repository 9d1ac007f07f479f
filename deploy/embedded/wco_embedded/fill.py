"""Filling empty logs from a bundle, keeping sequences and recorded times."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from wco_common.bundle import Manifest, log_file
from wco_common.clock import SystemClock
from wco_common.cloudevents import Received
from wco_common.door import Door
from wco_common.instant import Instant
from wco_common.restore import NotRestored, restore
from wco_common.settings import LogSettings
from wco_common.writer import CommitInDoubt, NotCommitted
from wco_embedded.logs import LOGS
from wco_embedded.progress import progress_bar
from wco_embedded.refusal import DoesNotHold, Refusal
from wco_events.event_type import LogName
from wco_events.registry import EVENT_TYPES_BY_LOG

T = TypeVar("T")

_CHUNK = 1 << 18
"""Bytes that are read in one go: some hundred events."""

Databases = Mapping[LogName, str]
"""The SQLAlchemy URL of each log's database."""


async def prepare_empty(databases: Databases) -> None:
    """Bring databases to the schema of this program. Raises Refusal when the log in one of them is not empty."""
    for log, url in databases.items():
        if sequence := await prepared(log, url):
            raise Refusal(f"{log} is not empty, it has {sequence} events: only empty logs are filled.")


async def prepared(log: LogName, url: str) -> int:
    """Bring a log's database to the schema of this program, and return the log's last sequence. Raises Refusal."""

    async def sequence() -> int:
        async with LOGS[log].service(LogSettings(database_url=url)) as service:
            return (await service.log.head()).sequence

    try:
        return await _to_its_end(sequence())
    except (SQLAlchemyError, OSError, TypeError, ValueError) as error:
        raise Refusal(f"the database of {log} cannot be used: {_first_line(error)}") from None


async def fill(folder: Path, manifest: Manifest | None, databases: Databases) -> None:
    """Fill logs that are prepared and empty. Each of them is filled whole or not at all.

    With a manifest they are closed where it says, without one where each ends.
    """
    closed = None if manifest is None else manifest.closed
    with progress_bar("Restoring", sum((folder / log_file(log)).stat().st_size for log in databases)) as advance:
        for log, url in databases.items():
            try:
                await _fill(log, url, _Lines(folder / log_file(log), advance), closed)
            except NotRestored as error:
                raise DoesNotHold(f"{log_file(log)}: {error}.") from None
            except (NotCommitted, CommitInDoubt) as error:
                raise Refusal(f"the database of {log} failed: {_first_line(error)}") from None


async def _fill(log: LogName, url: str, lines: "_Lines", closed: Instant | None) -> None:
    door = Door({event_type.type: event_type for event_type in EVENT_TYPES_BY_LOG[log]})
    filling = restore(
        log,
        url,
        lines,
        decider=LOGS[log].decider(),
        admit=lambda attributes: door.admit([Received(attributes)])[0],
        clock=SystemClock(LogSettings(database_url=url).clock_leap),
        closed=closed,
    )
    await _to_its_end(filling, lines.stop)


async def _to_its_end(work: Coroutine[Any, Any, T], stop: Callable[[], None] = lambda: None) -> T:
    """Wait for work on a database. Cancelled, it is told to stop, and its end waited for all the same.

    What speaks to SQLite are threads, which no cancellation reaches: they would go on behind our back, and make a
    file anew that was taken away.
    """
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        stop()
        await asyncio.gather(task, return_exceptions=True)
        raise


class _Stopped(Exception):
    """Nobody wants the lines any more."""


class _Lines:
    """The lines of a log's file, until they are stopped; then whoever reads on fails, and so rolls back."""

    def __init__(self, file: Path, advance: Callable[[float], None]) -> None:
        self._stopped = False
        self._file = file
        self._advance = advance

    def stop(self) -> None:
        """Give no more lines."""
        self._stopped = True

    def __iter__(self) -> Iterator[bytes]:
        with self._file.open("rb") as file:
            while lines := file.readlines(_CHUNK):
                if self._stopped:
                    raise _Stopped
                yield from lines
                self._advance(sum(map(len, lines)))


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
