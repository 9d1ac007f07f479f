"""What others have made and is needed here: had once, into a cache outside the tree."""

import fcntl
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from wco_cluster.part import whole
from wco_embedded.progress import progress_bar


def cached(name: str, what: str, how: str, have: Callable[[Path], None]) -> Path:
    """Return a folder of the cache, in which `have` puts something if it is not there.

    Whoever comes while another process has it put there waits for it. The folder is there whole or not at all. `what`
    and `how` say what is waited for, as `Apache Kafka 4.3.1` and `by Maven`.
    """
    folder = _cache() / name
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _locked(folder.with_name(f"{name}.lock"), what):
        if not folder.is_dir():
            print(f"Fetching {what} {how} into {folder}, once.", file=sys.stderr, flush=True)
            with progress_bar(f"Fetching {what}", None), whole(folder) as new:
                have(new)
    return folder


def _cache() -> Path:
    # The specification of XDG_CACHE_HOME has a relative path ignored.
    named = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (named if named.is_absolute() else Path.home() / ".cache") / "wco-kpi"


@contextmanager
def _locked(path: Path, what: str) -> Iterator[None]:
    """Hold a lock file that the kernel releases with the process."""
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            print(f"Another process fetches {what}: waiting for it.", file=sys.stderr, flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
