"""Keeping parts running: each that ends is started again, after pauses that grow as long as it fails.

One that hangs is made to end first. Of a program of ours /livez is asked, which looks at nothing else: whoever waits
for a part that hangs does not hang itself.
"""

import asyncio
import json
from contextlib import suppress
from pathlib import Path

import structlog

from wco_cluster.part import Part, PartFailed, Running, does_answer, started
from wco_cluster.settings import ClusterSettings

_log = structlog.get_logger(__name__)


class Supervisor:
    """Starts parts, starts again what ends, and says in a file what runs. Belongs to one event loop."""

    def __init__(self, settings: ClusterSettings, file: Path) -> None:
        """`file` is kept current: a JSON list of name, pid and address of each part that answers."""
        self._settings = settings
        self._file = file
        self._running: dict[str, Running] = {}
        self._keepers: dict[str, asyncio.Task[None]] = {}
        self._write()

    async def start(self, part: Part) -> None:
        """Start a part, return once it answers, and keep it running from then on. Raises PartFailed."""
        self._note(await started(part, self._settings))
        self._keepers[part.name] = asyncio.create_task(self._keep(part), name=f"keep {part.name}")

    async def keep(self) -> None:
        """Keep what was started running, for ever; to be cancelled."""
        await asyncio.gather(*self._keepers.values())

    async def stop(self, *parts: Part) -> None:
        """Stop parts side by side; those that do not run are none the worse."""
        names = [part.name for part in parts]
        keepers = [self._keepers.pop(name) for name in names if name in self._keepers]
        for keeper in keepers:
            keeper.cancel()
        await asyncio.gather(*keepers, return_exceptions=True)
        await asyncio.gather(*(self._end(self._running[name]) for name in names if name in self._running))

    async def _end(self, running: Running) -> None:
        await running.stop(self._settings.stop_timeout)
        self._forget(running)

    async def _keep(self, part: Part) -> None:
        loop = asyncio.get_running_loop()
        pause = self._settings.first_pause
        while True:
            running, since = self._running[part.name], loop.time()
            status = await self._ended(running)
            self._forget(running)
            _log.warning("a part has ended, and is started again", part=part.name, status=status)
            if loop.time() - since > self._settings.settled_after:
                pause = self._settings.first_pause
            self._note(await self._again(part, pause))
            pause = min(2 * pause, self._settings.longest_pause)

    async def _ended(self, running: Running) -> int:
        """Return the exit status of a part once it has ended: by itself, or since it did not answer any more."""
        failures = 0
        while failures < self._settings.probe_failures:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._settings.probe_every):
                    return await running.ended()
            failures = 0 if await does_answer(running.part, self._settings) else failures + 1
        _log.error("a part does not answer any more, and is ended", part=running.part.name)
        return await running.stop(self._settings.stop_timeout)

    async def _again(self, part: Part, pause: float) -> Running:
        while True:
            await asyncio.sleep(pause)
            try:
                return await started(part, self._settings)
            except (PartFailed, OSError) as error:
                _log.error("a part could not be started again", part=part.name, reason=str(error))
            pause = min(2 * pause, self._settings.longest_pause)

    def _note(self, running: Running) -> None:
        self._running[running.part.name] = running
        self._write()

    def _forget(self, running: Running) -> None:
        del self._running[running.part.name]
        self._write()

    def _write(self) -> None:
        """Put another file into the place of the last one, so that nobody reads half of it."""
        parts = [
            {"name": running.part.name, "pid": running.pid, "address": running.part.address}
            for running in self._running.values()
        ]
        new = self._file.with_name(f"{self._file.name}.new")
        new.write_text(json.dumps(parts, indent=2) + "\n", encoding="utf-8")
        new.replace(self._file)
