"""Parts of a cluster that the tests start for themselves, and one that all of pytest-xdist's workers share."""

import asyncio
import fcntl
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from wco_cluster.part import Part, Running, started
from wco_cluster.settings import ClusterSettings

SETTINGS = ClusterSettings(
    # Of a machine that runs other tests at the same time.
    start_timeout=240,
    stop_timeout=60,
    lock_timeout=60,
    # A broker that lives for seconds only: half the work of a start goes into code that it will never run fast.
    kafka_java_options="-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    # No test pulls the plug of the machine; killing the server loses nothing that way.
    postgres_fsync=False,
)


@contextmanager
def run(part: Part) -> Iterator[Running]:
    """Have a part run that answers, for tests that are not of one event loop."""
    running = asyncio.run(started(part, SETTINGS))
    try:
        yield running
    finally:
        asyncio.run(running.stop(SETTINGS.stop_timeout))


class Own:
    """A part of the test's own, which can be killed and started again."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self._running: Running | None = None

    async def start(self) -> None:
        """Start it."""
        self._running = await started(self.part, SETTINGS)

    async def kill(self) -> None:
        """Kill it, if it runs."""
        if self._running is not None:
            await self._running.kill()
            self._running = None


@contextmanager
def open_folder() -> Iterator[Path]:
    """Give a folder that every user may enter, as PostgreSQL needs when root runs the tests; pytest's are closed."""
    folder = Path(tempfile.mkdtemp(prefix="wco-kpi-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def one_for_all(folder: Path, start: Callable[[], AbstractContextManager[str]]) -> Iterator[str]:
    """Give the address of what the first process that comes here starts, and stops when the last has gone.

    The kernel releases what a killed process has locked.
    """
    folder.mkdir(exist_ok=True)
    address = folder / "address"
    with (folder / "door").open("w") as door, (folder / "guests").open("w") as guests:
        fcntl.flock(door, fcntl.LOCK_EX)
        if address.exists():
            fcntl.flock(guests, fcntl.LOCK_SH)
            fcntl.flock(door, fcntl.LOCK_UN)
            yield address.read_text()
            return
        with start() as told:
            address.write_text(told)
            fcntl.flock(door, fcntl.LOCK_UN)
            yield told
            fcntl.flock(door, fcntl.LOCK_EX)
            address.unlink()
            fcntl.flock(guests, fcntl.LOCK_EX)


def processes_of(folder: Path) -> list[str]:
    """Return the command lines of the processes that name a folder."""
    every = subprocess.run(["ps", "-A", "-ww", "-o", "pid=,args="], capture_output=True, text=True, check=True).stdout
    return [line for line in every.splitlines() if str(folder) in line]
