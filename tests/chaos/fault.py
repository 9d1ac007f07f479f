"""Faults: what is done to a cluster, for how long, and what is to be seen of it in a table."""

import asyncio
from dataclasses import dataclass
from typing import Protocol

from chaos.breakable import BreakableCluster
from chaos.link import Condition, Way


class Fault(Protocol):
    """Something that goes wrong for a while."""

    @property
    def kind(self) -> str:
        """Under which name it is counted."""
        ...

    @property
    def where(self) -> str:
        """The part or the link that it happens to."""
        ...

    async def happen(self, cluster: BreakableCluster) -> None:
        """Let it happen, and return once it is over."""
        ...


@dataclass(frozen=True, slots=True)
class Kill:
    """A part is ended by SIGKILL; it is over when another process answers in its place."""

    where: str
    kind: str = "kill"

    async def happen(self, cluster: BreakableCluster) -> None:
        await cluster.killed(self.where)


@dataclass(frozen=True, slots=True)
class Stop:
    """A part stands still for longer than any lease lasts, and goes on (SIGSTOP, SIGCONT)."""

    where: str
    seconds: float
    kind: str = "stop"

    async def happen(self, cluster: BreakableCluster) -> None:
        with cluster.stopped(self.where):
            await asyncio.sleep(self.seconds)


@dataclass(frozen=True, slots=True)
class Cut:
    """All connections of a link are reset; for so long no other is taken."""

    where: str
    seconds: float
    kind: str = "cut"

    async def happen(self, cluster: BreakableCluster) -> None:
        with cluster.links[self.where].cut():
            await asyncio.sleep(self.seconds)


@dataclass(frozen=True, slots=True)
class Strain:
    """What is said over a link is held up, or lost, on one way or on both."""

    where: str
    condition: Condition
    ways: tuple[Way, ...]
    seconds: float

    @property
    def kind(self) -> str:
        return self.condition.name

    async def happen(self, cluster: BreakableCluster) -> None:
        with cluster.links[self.where].under(self.condition, *self.ways):
            await asyncio.sleep(self.seconds)


def told(fault: Fault) -> str:
    """Say what happens in a line."""
    ways = f" ({fault.ways[0]})" if isinstance(fault, Strain) and len(fault.ways) == 1 else ""
    return f"{fault.kind} {fault.where}{ways}"
