"""A part: a program that runs beside the others, and how to tell whether it answers.

Whoever supervises starts parts, waits for one to end and starts it again; all that differs between PostgreSQL, Kafka
and a service is in their `Part`.
"""

import asyncio
import os
import random
import shutil
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from signal import SIGKILL, SIGTERM, Signals
from typing import NamedTuple

from wco_cluster.settings import ClusterSettings
from wco_embedded.port import HOST, bound
from wco_embedded.refusal import Refusal

_TIED = Path(__file__).with_name("tied.py")
_PORTS = range(16_384, 32_768)
"""Below those that the system gives to outgoing connections (Linux: from 32,768 on; macOS: from 49,152)."""
_untried = iter(random.sample(_PORTS, len(_PORTS)))
"""No port is given twice by one process, as one that is given is not in use yet."""
_LAST_LINES = 12
"""Of a part's output that are shown when it does not start."""


class PartFailed(Exception):
    """A part did not come to answer. The message says why, with the last lines of its output; it has ended."""


class User(NamedTuple):
    """Whom root has a program run as that refuses to run as root; 0 stands for nobody else than root."""

    uid: int = 0
    gid: int = 0
    reaches: bool = False
    """Whether it reads and writes files that the user may not: its own are where only root may go (Linux)."""


NOBODY_ELSE = User()


@dataclass(frozen=True, slots=True)
class Part:
    """A program to be run: what to run, when it answers, and how it is stopped. It can be started any number of times.

    `answers` says whether it does its work now; it does not raise, and may wait for ever. `stopped_by` is the signal
    that it ends properly by, `orphaned_by` the one that it gets when whoever started it is gone. `user` is whom root
    has it run as. Beside its output is its lock: it runs once at a time.
    """

    name: str
    port: int
    command: tuple[str, ...]
    output: Path
    answers: Callable[[], Awaitable[bool]]
    environment: Mapping[str, str] = field(default_factory=dict)
    stopped_by: Signals = SIGTERM
    orphaned_by: Signals = SIGKILL
    user: User = NOBODY_ELSE

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"{HOST}:{self.port}"


class Running:
    """A part's process, from its start to its end."""

    def __init__(self, part: Part, settings: ClusterSettings) -> None:
        """Start it. It does not answer yet. To be called in the main thread: on it the process is tied to this one."""
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("a part is started by the main thread: Linux ends it with the thread that started it")
        self.part = part
        self._process = _run(part, settings)
        self._status: Future[int] = Future()
        self._status.set_running_or_notify_cancel()  # so that nobody who stops waiting cancels it for the others
        threading.Thread(target=self._watch, name=f"until {part.name} ends", daemon=True).start()

    @property
    def pid(self) -> int:
        """Of the part's own process."""
        return self._process.pid

    async def ended(self) -> int:
        """Return its exit status once it has ended, by itself or not: negative, the signal that it was ended by."""
        return await asyncio.wrap_future(self._status)

    async def alive_for(self, seconds: float) -> None:
        """Return after so many seconds. Raises PartFailed if it ends before."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                raise _failed(f"{self.part.name} ended with status {await self.ended()}", self.part.output)

    async def stop(self, patience: float) -> int:
        """End it properly, after so many seconds by force, and return its exit status."""
        self._process.send_signal(self.part.stopped_by)
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                return await self.ended()
        return await self.kill()

    async def kill(self) -> int:
        """End it by force, and return its exit status."""
        self._process.kill()
        return await self.ended()

    def _watch(self) -> None:
        self._status.set_result(self._process.wait())


async def started(part: Part, settings: ClusterSettings) -> Running:
    """Start a part and return it once it answers. Raises PartFailed; then, and when it is cancelled, nothing runs."""
    # Else the answer of another program there would be taken for the part's own.
    await _free(part, settings)
    running = Running(part, settings)
    try:
        async with asyncio.timeout(settings.start_timeout):
            while not await does_answer(part, settings):
                await running.alive_for(settings.look_every)
    except TimeoutError:
        await running.kill()
        raise _failed(f"{part.name} did not answer within {settings.start_timeout:g} s", part.output) from None
    except BaseException:
        await running.kill()
        raise
    return running


async def _free(part: Part, settings: ClusterSettings) -> None:
    """Return once nobody has a part's port. Raises PartFailed where that is not soon."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + settings.lock_timeout
    while not _is_free(part.port):
        if loop.time() >= deadline:
            raise PartFailed(f"{part.name} was not started: another program has {part.address}")
        # A process that a killed part had just made may have the port still, for a moment.
        await asyncio.sleep(settings.look_every)


def _is_free(port: int) -> bool:
    try:
        with bound(port):
            return True
    except Refusal:
        return False


async def does_answer(part: Part, settings: ClusterSettings) -> bool:
    """Say whether a part answers, and soon enough."""
    with suppress(TimeoutError):
        async with asyncio.timeout(settings.probe_timeout):
            return await part.answers()
    return False


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody has now, and that no outgoing connection takes while a part is down."""
    for port in _untried:
        if _is_free(port):
            return port
    raise PartFailed(f"no port of {HOST} is free from {_PORTS[0]} to {_PORTS[-1]}")


def prepare(part: Part, command: tuple[str, ...], settings: ClusterSettings) -> None:
    """Run what a part needs before it is started, to its end. Raises PartFailed, with what it said, when it fails."""
    if status := _run(replace(part, command=command, orphaned_by=SIGKILL), settings).wait():
        raise _failed(f"{part.name} could not be prepared: status {status}", part.output)


@contextmanager
def whole(folder: Path) -> Iterator[Path]:
    """Give the place in which to make a folder that is to be there whole or not at all."""
    new = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    yield new
    new.rename(folder)


def _run(part: Part, settings: ClusterSettings) -> subprocess.Popen[bytes]:
    tie = (
        os.getpid(),
        int(part.orphaned_by),
        *map(int, part.user),
        part.output.with_suffix(".lock"),
        settings.lock_timeout,
    )
    with part.output.open("ab") as said:
        return subprocess.Popen(
            [sys.executable, "-I", "-S", str(_TIED), *map(str, tie), *part.command],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            cwd=part.output.parent,
            env={**_environment(), **part.environment},
            # Ctrl-C is for whoever supervises, who stops the parts in order.
            start_new_session=True,
        )


def _environment() -> dict[str, str]:
    """Return the environment, but for what is meant for whoever starts the parts."""
    ours = ClusterSettings.model_config["env_prefix"]
    return {name: value for name, value in os.environ.items() if not name.upper().startswith(ours)}


def _failed(what: str, output: Path) -> PartFailed:
    lines = output.read_text(encoding="utf-8", errors="replace").splitlines()
    return PartFailed("\n".join([f"{what}; the last lines of {output}:", *lines[-_LAST_LINES:]]))
