"""A run: a cluster, a load, round after round of faults, and an inspection after each."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from random import Random

import httpx

from chaos.breakable import ROLES, STOPPABLE, BreakableCluster, second
from chaos.fault import Fault, Kill, told
from chaos.findings import Findings
from chaos.gate import Gate
from chaos.inspection import LOOK_EVERY, PATIENCE, Inspection
from chaos.ledger import Ledger, Place
from chaos.listener import Listener
from chaos.progress import Progress
from chaos.reader import Memory, Projector, Reader
from chaos.schedule import schedule
from chaos.tally import Tally
from chaos.totals import Totals
from chaos.writer import Load, Writer
from scenario import recorded
from wco_common.event import LOG_ATTRIBUTES
from wco_embedded.services import PROJECTOR
from wco_events.event_type import LOG_NAMES, LogName

WRITERS: dict[LogName, int] = {"plan-registry": 1, "survey-intake": 2, "operations-feed": 2}
"""Of each log. The plan's periods and focus areas are one writer's."""
MEANWHILE = (5, 40)
"""Events that are acknowledged before the next faults come, from and to."""
CLIENT_PATIENCE = 12.0
"""Seconds that a client waits for an answer; then it asks again."""
ALL_EVERY = 50
"""Kills after which everything is looked at from the beginning."""

_BASE = f"/{PROJECTOR}"


class Run:
    """Entered, a cluster runs under a load. Belongs to one event loop, in the main thread."""

    def __init__(self, seed: int, kills: int, folder: Path, say: Callable[[str], None]) -> None:
        """`folder` is empty; `say` is told how far it is."""
        self._seed = seed
        self._kills = kills
        self._folder = folder
        self._say = say
        self._random = Random(f"{seed}/run")
        self.findings = Findings()
        self.tally = Tally(self.findings)
        self._ledger = Ledger(self.findings)
        self._memory = Memory(Random(f"{seed}/memory"), self.findings)
        self._gate = Gate()
        self._progress = Progress()
        self._looked_at_all = 0
        self._due = ""

    async def go(self) -> None:
        """Run until there were so many kills, or something does not hold."""
        cluster = BreakableCluster(self._folder / "cluster")
        async with cluster, self._under_load(cluster):
            rounds = schedule(self._seed, self._kills, ROLES, STOPPABLE, list(cluster.links))
            try:
                for faults in rounds:
                    await self._round(cluster, faults)
                    if self.findings.all:
                        return
                await self._look(everything=True)
            except TimeoutError:
                self.findings.wrong(f"it is not so within {PATIENCE:g} s that {self._due}; {await self._told(cluster)}")

    @asynccontextmanager
    async def _soon(self, due: str) -> AsyncIterator[None]:
        """Have that become so within what patience there is."""
        self._due = due
        async with asyncio.timeout(PATIENCE):
            yield

    async def _told(self, cluster: BreakableCluster) -> str:
        """Return what all say of themselves."""
        try:
            async with httpx.AsyncClient(base_url=cluster.address, timeout=CLIENT_PATIENCE) as client:
                return (await client.get("/readyz")).text
        except httpx.HTTPError as error:
            return f"nobody answers: {type(error).__name__}"

    def figures(self) -> list[tuple[str, int]]:
        """Return what was counted of the load."""
        counts = self._ledger.counts
        return [
            ("events posted", counts["posted"]),
            ("acknowledged", counts["acknowledged"]),
            ("refused, as they had to be", counts["refused"]),
            ("in doubt to the end, as nobody asked again", self._ledger.in_doubt),
            ("sent again, and answered as at first", counts["sent again"]),
            ("requests broken off by the client", counts["broken off"]),
            ("events twice in Kafka", sum(each.repeats for each in self._inspection.carried.values())),
            ("answers compared with those before", self._memory.compared),
            ("scorecards compared with a replay", self._totals.compared),
            ("changes told by streams", sum(each.heard for each in self._listeners)),
            ("streams resumed", sum(each.resumed for each in self._listeners)),
        ]

    @asynccontextmanager
    async def _under_load(self, cluster: BreakableCluster) -> AsyncIterator[None]:
        """Have writers, readers and listeners work meanwhile."""
        async with AsyncExitStack() as stack:

            async def client(address: str, patience: float) -> httpx.AsyncClient:
                made = httpx.AsyncClient(base_url=address, timeout=patience, trust_env=False, verify=False)
                return await stack.enter_async_context(made)

            linked = await client(cluster.linked_address, CLIENT_PATIENCE)
            direct = await client(cluster.address, PATIENCE)
            other = Projector(await client(cluster.address_of(second(PROJECTOR)), PATIENCE), "")
            through_link = Projector(linked, _BASE)
            self._asked = through_link
            self._totals = Totals(cluster.address, self._folder, self.findings)
            self._listeners = [Listener(each, self.findings) for each in ([through_link], [through_link, other])]
            self._inspection = Inspection(
                direct,
                cluster.kafka,
                [Projector(direct, _BASE), other],
                self._listeners,
                self._ledger,
                self._memory,
                self._totals,
                self.findings,
            )
            load = Load(linked, self._ledger, self.findings, self._gate, self._progress.note)
            writers = [writer for log in LOG_NAMES for writer in await self._writers(direct, log, load)]
            readers = [
                Reader(projector, Random(f"{self._seed}/reader {number}"), self._memory)
                for number, projector in enumerate((through_link, other))
            ]
            async with asyncio.TaskGroup() as group:
                at_work: list[Listener | Writer | Reader] = [*self._listeners, *writers, *readers]
                working = [group.create_task(each.run()) for each in at_work]
                yield
                for task in working:
                    task.cancel()

    async def _writers(self, client: httpx.AsyncClient, log: LogName, load: Load) -> list[Writer]:
        """Return the writers of a log, once it is known what is there already."""
        answer = await client.get(f"/{log}/v1/events", headers={"accept": "application/x-ndjson"})
        given = []
        for line in answer.raise_for_status().content.splitlines():
            said = json.loads(line)
            sent = recorded({name: value for name, value in said.items() if name not in LOG_ATTRIBUTES})
            place = Place(int(said["sequence"]), said["recordedtime"], said["subjectversion"])
            self._ledger.given(log, sent, place)
            given.append(sent)
        names = [f"{log}-{number}" for number in range(WRITERS[log])]
        return [Writer(log, name, Random(f"{self._seed}/{name}"), load, given) for name in names]

    async def _round(self, cluster: BreakableCluster, faults: Sequence[Fault]) -> None:
        now, what = asyncio.get_running_loop().time, ", ".join(map(told, faults))
        async with self._soon("events are acknowledged"):
            await self._progress.more(self._random.randint(*MEANWHILE))
        before, began = cluster.parts(), now()
        async with self._soon(f"this is over: {what}"):
            await asyncio.gather(*(fault.happen(cluster) for fault in faults))
        over = now()
        async with self._soon(f"what is sent after this is acknowledged by each log: {what}"):
            sequences = await self._progress.since(over)
        async with self._soon(f"what is sent after this is in the answers: {what}"):
            await self._answered(sequences)
        works = now()
        self.tally.note(faults)
        if [type(fault) for fault in faults] == [Kill]:
            self.tally.after_kill.append(works - began)
        elif all(not isinstance(fault, Kill) for fault in faults):
            self.tally.after_other.append(works - over)
        killed = {fault.where for fault in faults if isinstance(fault, Kill)}
        for name, part in cluster.parts().items():
            if name not in killed and part["pid"] != before[name]["pid"]:
                self.findings.wrong(f"{name} has ended by itself")
        kills = self.tally.kills.total()
        await self._look(everything=kills - self._looked_at_all >= ALL_EVERY)
        self._say(
            f"[{kills}/{self._kills}] {what}: works after {works - began:.1f} s, looked at in {now() - works:.1f} s; "
            f"{self._ledger.counts['acknowledged']:,} events, {self._memory.compared:,} answers compared"
        )

    async def _answered(self, sequences: Mapping[LogName, int]) -> None:
        """Return once events are in the answers."""
        for log, sequence in sequences.items():
            query = {"after": f"{log}:{sequence}"}
            while await self._memory.ask(self._asked, "plan", query) is None:  # noqa: ASYNC110 -- a service
                await asyncio.sleep(LOOK_EVERY)

    async def _look(self, everything: bool) -> None:
        """Let nobody post, and look."""
        async with AsyncExitStack() as stack:
            async with self._soon("it is known of every event whether it is recorded"):
                await stack.enter_async_context(self._gate.closed())
            self._due = "everything is as it was sent and answered"
            if everything:
                await self._inspection.look_at_all()
                self._looked_at_all = self.tally.kills.total()
            else:
                await self._inspection.look()
