"""The inspection after faults: what is recorded, carried, answered and told, while nobody posts."""

import asyncio
from collections.abc import Sequence
from typing import Any

import httpx
from aiokafka import AIOKafkaConsumer

from chaos.carried import CarriedLog, marks_of
from chaos.findings import Findings
from chaos.ledger import Ledger
from chaos.listener import Listener, standing
from chaos.reader import PERIODS, Answered, Memory, Projector
from chaos.recorded import RecordedLog
from chaos.totals import Totals
from wco_common.kafka import KafkaSettings
from wco_common.topic_end import consuming, offsets, read
from wco_common.topics import events_topic, marks_topic
from wco_events.event_type import LOG_NAMES, LogName

PATIENCE = 240.0
"""Seconds in which what has to come comes, on a machine that is busy with others."""
LOOK_EVERY = 0.1
"""Seconds between two looks at what has to come."""
ASKED_AGAIN = 10
"""Answers that are asked for again each time; at a whole inspection it is all."""


class Inspection:
    """Looks at a cluster in which nothing is broken now. `projectors` are asked, the first one for what is told."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        kafka: KafkaSettings,
        projectors: Sequence[Projector],
        listeners: Sequence[Listener],
        ledger: Ledger,
        memory: Memory,
        totals: Totals,
        findings: Findings,
    ) -> None:
        """`client` asks at the one address."""
        self._client = client
        self._kafka = kafka
        self._projectors = projectors
        self._listeners = listeners
        self._ledger = ledger
        self._memory = memory
        self._totals = totals
        self._findings = findings
        self.recorded = {log: RecordedLog(log, ledger, findings) for log in LOG_NAMES}
        self._begin_topics()

    def _begin_topics(self) -> None:
        """Take the topics from their beginning."""
        self.carried = {log: CarriedLog(each, self._findings) for log, each in self.recorded.items()}
        self._offsets: dict[str, int] = {}

    async def look(self) -> None:
        """Look at what is new since the last time, and at some of what was."""
        await self._logs_and_topics()
        await self._answers(self._memory.some(ASKED_AGAIN))
        await self._streams()

    async def look_at_all(self) -> None:
        """Look at everything from the beginning, and at the totals by the public commands."""
        for log, recorded in self.recorded.items():
            recorded.read_again(await self._lines(log, 0))
        self._begin_topics()
        await self._logs_and_topics()
        await self._answers(self._memory.answers)
        await self._streams()
        await self._totals.hold(*self._projectors[0])

    async def _logs_and_topics(self) -> None:
        until = asyncio.get_running_loop().time() + PATIENCE
        async with consuming(self._kafka) as consumer:
            while behind := await self._behind(consumer):
                if asyncio.get_running_loop().time() > until:
                    self._findings.lost(f"the topics lack what is recorded: {', '.join(behind)}")
                    return
                await asyncio.sleep(LOOK_EVERY)

    async def _behind(self, consumer: AIOKafkaConsumer) -> list[LogName]:
        """Read on in logs and topics, and return the logs whose topics lack something."""
        # What a mark speaks of was in the topic before it, and what a topic has, in the log.
        marks = await self._records(consumer, marks_topic(self._kafka).name)
        for log, carried in self.carried.items():
            records = await self._records(consumer, events_topic(log, self._kafka).name)
            self.recorded[log].read_on(await self._lines(log, len(self.recorded[log].lines)))
            carried.read_on(records)
            carried.hold(marks_of(log, marks))
        return [log for log, each in self.carried.items() if each.sequence < len(self.recorded[log].lines)]

    async def _lines(self, log: LogName, after: int) -> list[bytes]:
        headers = {"accept": "application/x-ndjson"}
        answer = await self._client.get(f"/{log}/v1/events", params={"after": after}, headers=headers)
        return answer.raise_for_status().content.splitlines()

    async def _records(self, consumer: AIOKafkaConsumer, topic: str) -> list[Any]:
        """Return what a topic has since it was read the last time."""
        there = await offsets(consumer, topic)
        new = range(self._offsets.get(topic, there.start), there.stop)
        self._offsets[topic] = there.stop
        return [record async for record in read(consumer, topic, new, PATIENCE)]

    async def _answers(self, remembered: Sequence[Answered]) -> None:
        """See that all instances have folded everything, answer alike, and as they have answered before."""
        first, *others = self._projectors
        for projector in self._projectors:
            for log, recorded in self.recorded.items():
                await self._answered(projector, "plan", after=f"{log}:{len(recorded.lines)}")
        for period in PERIODS:
            answer = await self._answered(first, "scorecard", period=period)
            query = {"period": period, "as_of": answer.json()["as_of"]["time"]}
            for each in others:
                await self._compare(each, Answered("scorecard", query, answer.content))
        # Each instance has a share of them, and works on it while the others work on theirs.
        shares = (remembered[number :: len(self._projectors)] for number in range(len(self._projectors)))
        await asyncio.gather(*map(self._compare_all, self._projectors, shares))
        if (await self._answered(first, "quarantine")).json()["size"]:
            self._findings.wrong("there are records in quarantine")

    async def _streams(self) -> None:
        """See that what listeners were told comes to how things stand."""
        for listener in self._listeners:
            differ = [("nothing", "is known")]
            try:
                async with asyncio.timeout(PATIENCE):
                    while True:
                        listener.moved.clear()
                        now = await self._standing()
                        differ = [key for key, kpi in now.items() if listener.kpis.get(key) != kpi]
                        if not differ:
                            break
                        await listener.moved.wait()
            except TimeoutError:
                self._findings.wrong(f"a listener has not been told how things stand: {differ}")

    async def _standing(self) -> dict[tuple[str, str], Any]:
        stands: dict[tuple[str, str], Any] = {}
        for period in PERIODS:
            stands |= standing(period, (await self._answered(self._projectors[0], "scorecard", period=period)).json())
        return stands

    async def _compare_all(self, projector: Projector, remembered: Sequence[Answered]) -> None:
        for answered in remembered:
            await self._compare(projector, answered)

    async def _compare(self, projector: Projector, answered: Answered) -> None:
        async with asyncio.timeout(PATIENCE):
            while not await self._memory.compare(projector, answered):  # noqa: ASYNC110 -- a service
                await asyncio.sleep(LOOK_EVERY)

    async def _answered(self, projector: Projector, path: str, **query: str) -> httpx.Response:
        """Ask until there is an answer."""
        async with asyncio.timeout(PATIENCE):
            while (answer := await self._memory.ask(projector, path, query)) is None:  # noqa: ASYNC110 -- a service
                await asyncio.sleep(LOOK_EVERY)
        return answer
