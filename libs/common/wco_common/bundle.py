"""Log bundles: the three logs as files and a manifest, all cut at one time (outside contract, section 6).

`plan-registry.ndjson`, `survey-intake.ndjson` and `operations-feed.ndjson` hold one canonical event a line, in
order, each line ended by `\\n`. `manifest.json` says of each log how many events it has, the closed time it was cut
at, and the SHA-256 of its file. Other files beside them, such as checkpoints, are left alone.
"""

import hashlib
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Annotated, Self

import msgspec

from wco_common.instant import Instant, parse_instant
from wco_events.event_type import LOG_NAMES, LogName

MANIFEST = "manifest.json"

FixedTime = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z$")]
"""A time in the one form in which times are told: times in it sort as they follow one another."""


class LogEntry(msgspec.Struct, frozen=True):
    """What a manifest says of a log: its events, the time it was cut at, and its file's SHA-256 in hexadecimal."""

    count: Annotated[int, msgspec.Meta(ge=0)]
    closed_time: FixedTime
    sha256: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class Manifest(msgspec.Struct, frozen=True):
    """What a bundle says of itself. Members that are not named here are left alone."""

    logs: dict[LogName, LogEntry]

    @property
    def closed(self) -> Instant:
        """The time that the bundle was cut at: it holds all that was recorded up to and including it."""
        return parse_instant(self.logs[LOG_NAMES[0]].closed_time)


class BadManifest(ValueError):
    """The manifest cannot be read as one; the message says why."""


def log_file(log: LogName) -> str:
    """Return the name of a log's file in a bundle."""
    return f"{log}.ndjson"


def read_manifest(folder: Path) -> Manifest | None:
    """Return a bundle's manifest, None where it has none. Raises BadManifest."""
    try:
        text = (folder / MANIFEST).read_bytes()
    except FileNotFoundError:
        return None
    try:
        manifest = msgspec.json.decode(text, type=Manifest)
        times = [parse_instant(entry.closed_time) for entry in manifest.logs.values()]
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise BadManifest(str(error)) from None
    if missing := [log for log in LOG_NAMES if log not in manifest.logs]:
        raise BadManifest(f"says nothing of {', '.join(missing)}")
    if len(set(times)) > 1:
        raise BadManifest("names more than one closed time, but a bundle is cut at one")
    return manifest


class LogWriter:
    """A log's file in a bundle that is being written; counts and hashes what goes through it."""

    def __init__(self, folder: Path, log: LogName) -> None:
        self._file = (folder / log_file(log)).open("xb")
        self._hash = hashlib.sha256()
        self._count = 0

    def write(self, body: bytes) -> None:
        """Add an event's canonical bytes."""
        line = body + b"\n"
        self._file.write(line)
        self._hash.update(line)
        self._count += 1

    def entry(self, closed_time: str) -> LogEntry:
        """Return what the manifest is to say of the log as written."""
        return LogEntry(self._count, closed_time, self._hash.hexdigest())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._file.flush()
            os.fsync(self._file.fileno())
        self._file.close()


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write a bundle's manifest: the last of its files to be written."""
    with (folder / MANIFEST).open("xb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def new_bundle(folder: Path) -> Iterator[Path]:
    """Give a folder to write a bundle into, which takes the name `folder` once all is written and durable.

    It stands beside its final place until then, so a bundle that was broken off is never taken for a whole one.
    Raises FileExistsError when `folder` is there already and is not an empty folder.
    """
    folder = folder.resolve()
    if folder.exists() and not (folder.is_dir() and next(folder.iterdir(), None) is None):
        raise FileExistsError(f"{folder} is there already and is not an empty folder")
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = folder.with_name(f".{folder.name}.{uuid.uuid4().hex}")
    unfinished.mkdir()
    try:
        yield unfinished
        unfinished.replace(folder)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
