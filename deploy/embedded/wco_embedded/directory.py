"""The data directory: every service's database in one folder, used by one process at a time."""

import fcntl
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url

from wco_common.lists.opened import lists_url
from wco_embedded.refusal import Refusal
from wco_embedded.services import SERVICES
from wco_events.event_type import LOG_NAMES

DEMONSTRATION = "the demonstration"
"""What stands for the bundle of the demonstration in the note of a restoring that was broken off."""

_LOCK = "lock"
_RESTORING = "restoring"
_SUFFIXES = ("", "-wal", "-shm", "-journal")
"""A SQLite database is a file, and up to three beside it while it is used or after a crash."""


class DataDirectory:
    """A data directory whose lock this process holds."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def database(self, service: str) -> Path:
        """Return the file of a service's database."""
        return self.path / f"{service}.sqlite"

    def url(self, service: str) -> str:
        """Return the SQLAlchemy URL of a service's database."""
        return f"sqlite+aiosqlite:///{self.database(service)}"

    @property
    def is_new(self) -> bool:
        """Whether nothing is here but our lock."""
        return {entry.name for entry in self.path.iterdir()} == {_LOCK}

    @property
    def restoring(self) -> str | None:
        """The bundle whose restoring was begun here and broken off, None where there is no such thing."""
        try:
            return (self.path / _RESTORING).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None

    @contextmanager
    def filling(self, bundle: str) -> Iterator[None]:
        """Fill the logs from a bundle, all of them or none. Whatever databases there are must be of empty logs.

        A crash before the end leaves the note `restoring`, so that nobody takes what there is for the whole; who
        fills next begins with an empty directory again.
        """
        self.empty()
        note = self.path / _RESTORING
        note.write_text(bundle, encoding="utf-8")
        _sync(note)
        _sync(self.path)
        try:
            yield
        except BaseException:
            self.empty()
            raise
        _sync(self.path)
        note.unlink()
        _sync(self.path)

    def empty(self) -> None:
        """Take the services' databases away, and the note after them. What else is in the folder is not ours."""
        for service in SERVICES:
            for url in (self.url(service), lists_url(self.url(service))):
                for suffix in _SUFFIXES:
                    Path(f"{make_url(url).database}{suffix}").unlink(missing_ok=True)
        (self.path / _RESTORING).unlink(missing_ok=True)


def _must_be_ours(path: Path, ours: Collection[str], what: str) -> None:
    """Raise Refusal for a folder that holds something, but nothing of what is ours."""
    names = {entry.name for entry in path.iterdir()}
    if names.isdisjoint(ours) and (others := sorted(names - {_LOCK})):
        raise Refusal(
            f"{path} is no data directory: it holds {others[0]}, and no {what}. "
            "Name a --data-dir that is empty, or not there yet."
        )


def _sync(path: Path) -> None:
    """Make a file's content, or a folder's names, durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def locked(path: Path) -> Iterator[DataDirectory]:
    """Hold the lock of a data directory of the one process (see `held`)."""
    if "?" in str(path.absolute()):
        raise Refusal(
            f"{path.absolute()} cannot be used as a data directory: its name has a ?, which an address may not have."
        )
    with held(path, {_RESTORING, *(f"{log}.sqlite" for log in LOG_NAMES)}, "log") as folder:
        yield DataDirectory(folder)


@contextmanager
def held(path: Path, ours: Collection[str], what: str) -> Iterator[Path]:
    """Hold the lock of a folder, which is made if it is not there, and give its absolute path.

    It is `what` if it holds any of the names that are `ours`. Raises Refusal when another has the lock, or when what
    is in the folder is something else's.

    The kernel releases the lock with the process, however that ends.
    """
    path = path.absolute()
    try:
        path.mkdir(parents=True, exist_ok=True)
        _must_be_ours(path, ours, what)
        descriptor = os.open(path / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise Refusal(f"{path} cannot be used as a data directory: {error.strerror}.") from None
    with os.fdopen(descriptor, "r+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = lock.read().strip() or "another process"
            raise Refusal(
                f"{path} is in use by {holder}: one process at a time. Stop that one, or name another --data-dir."
            ) from None
        lock.truncate()
        lock.write(f"process {os.getpid()}\n")
        lock.flush()
        yield path
