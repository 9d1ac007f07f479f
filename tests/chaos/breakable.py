"""A cluster that can be broken: its connections go through links, and there are two of what stands by."""

import asyncio
import json
import os
import signal
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import parts
from chaos.link import Link
from wco_cluster.cluster import Cluster
from wco_cluster.part import Part, free_port
from wco_cluster.web import web
from wco_common.kafka import KafkaSettings
from wco_embedded.beginning import Beginning
from wco_embedded.port import HOST
from wco_embedded.services import PROJECTOR
from wco_events.event_type import LOG_NAMES

STANDS_BY = (PROJECTOR, "relay-operations-feed")
"""Of which there is a second one."""

SETTINGS = parts.SETTINGS.model_copy(
    update={
        "postgres_connections": 250,  # as many as two projectors may have besides
        "settled_after": 0,  # what is killed each minute is not what fails by itself
    }
)

ENVIRONMENT = {
    # What a swallowed answer costs is waited for hundreds of times.
    "WCO_KPI_APPEND_PATIENCE": "4",
    "WCO_KPI_APPEND_SETTLE_FOR": "6",
    "WCO_KPI_DATABASE_CONNECT_TIMEOUT": "2",
    "WCO_KPI_DATABASE_IDLE_TRANSACTION_TIMEOUT": "3",
    "WCO_KPI_DATABASE_LOCK_TIMEOUT": "3",
    "WCO_KPI_DATABASE_STATEMENT_TIMEOUT": "8",
    "WCO_KPI_KAFKA_REQUEST_TIMEOUT": "3",
    "WCO_KPI_RELAY_PATIENCE": "4",
    "WCO_KPI_PROJECTOR_COMMENT_EVERY": "2",
}
"""What its programs are told besides: to lose patience sooner than they do by themselves."""

KAFKA = "kafka"
"""The part, and the way to it."""
LOOK_EVERY = 0.02
"""Seconds between two looks at whether a part is back."""


def second(name: str) -> str:
    """Return the name of the second one of a part."""
    return f"{name}-2"


_PROJECTORS = (PROJECTOR, second(PROJECTOR))
_RELAYS = (*(f"relay-{log}" for log in LOG_NAMES), second("relay-operations-feed"))

ROLES: tuple[tuple[str, ...], ...] = (
    LOG_NAMES, _RELAYS, _PROJECTORS, (KAFKA,), ("postgres",), ("front",), ("proxy",),
)  # fmt: skip
"""What parts do, and which do it."""

STOPPABLE = (*LOG_NAMES, *_RELAYS, *_PROJECTORS, KAFKA)
"""Parts that are one process, which can stand still."""


class BreakableCluster:
    """Entered, it runs; left, it is stopped. Belongs to one event loop, in the main thread."""

    def __init__(self, folder: Path) -> None:
        """Prepare it in an empty folder, which blocks for some seconds."""
        self._folder = folder
        self.links: dict[str, Link] = {}
        port = free_port()
        self._cluster = Cluster(folder, SETTINGS, port, {**ENVIRONMENT, "WCO_KPI_LOG_LEVEL": "warning"}, self._via)
        self.address = self._cluster.address
        """Where it is asked without a link between."""
        self.linked_address = f"http://{HOST}:{self._via('clients', port)}"
        self._second = [self._standing_by(name) for name in STANDS_BY]
        self._stack = AsyncExitStack()

    @property
    def kafka(self) -> KafkaSettings:
        """How its Kafka is reached."""
        return KafkaSettings(bootstrap_servers=f"{HOST}:{self.links[KAFKA].port}")

    def parts(self) -> dict[str, dict[str, Any]]:
        """Return the parts that answer now, by name."""
        return {part["name"]: part for part in json.loads((self._folder / "parts.json").read_bytes())}

    def address_of(self, name: str) -> str:
        """Return where a part is asked without a link between."""
        return f"http://{self.parts()[name]['address']}"

    async def killed(self, name: str) -> None:
        """Kill a part, and return once another process has its place."""
        pid = self._send(name, signal.SIGKILL)
        while self.parts().get(name, {"pid": pid})["pid"] == pid:  # noqa: ASYNC110 -- another process
            await asyncio.sleep(LOOK_EVERY)

    @contextmanager
    def stopped(self, name: str) -> Iterator[None]:
        """Let a part stand still meanwhile."""
        pid = self._send(name, signal.SIGSTOP)
        try:
            yield
        finally:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    def _send(self, name: str, number: signal.Signals) -> int:
        pid = int(self.parts()[name]["pid"])
        os.kill(pid, number)
        return pid

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            for link in self.links.values():
                await stack.enter_async_context(link)
            await self._cluster.start(stack, Beginning(demo=False, plan=None))
            stack.push_async_callback(self._cluster.supervisor.stop, *self._second)
            for part in self._second:
                await self._cluster.supervisor.start(part)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._stack.aclose()

    def _via(self, way: str, port: int) -> int:
        self.links[way] = Link(way, port)
        return self.links[way].port

    def _standing_by(self, name: str) -> Part:
        first = next(part for part in self._cluster.programs.services if part.name == name)
        app = first.command[first.command.index("--factory") + 1]
        return web(self._folder / second(name), second(name), app, free_port(), first.environment)
