"""Readers: they ask what the KPIs are and were, and ask again later. No answer for a past moment may be another."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, NamedTuple

import httpx

from chaos.findings import Findings

PERIODS = ("2022-23", "2023-24", "2024-25", "sp-2022-2025")
PAUSE = 0.15
"""Seconds between two questions of a reader: how many there are, not how fast they can be."""
REMEMBERED = 200
"""Answers, at most; then a new one takes the place of any."""

_PLAIN = ("SP3.alignment", "RES.satisfaction", "SO2.instruments", "SP2.seizures", "FA.completion")
_BY = (
    ("SP3.alignment", "objective"),
    ("RES.satisfaction", "region"),
    ("SO2.instruments", "status"),
    ("SP2.seizures", "category"),
    ("FA.completion", "objective"),
    ("RES.completion", "layer"),
)


@dataclass(frozen=True, slots=True)
class Answered:
    """A question about the past, and its answer: the bytes."""

    path: str
    """Behind the one that the projector is at."""
    query: Mapping[str, str]
    body: bytes


class Projector(NamedTuple):
    """Where a projector is asked: one instance, or whichever is behind the one address."""

    client: httpx.AsyncClient
    base: str
    """The path that it is at."""


class Memory:
    """The answers that readers remember, and what comes of asking again."""

    def __init__(self, random: Random, findings: Findings) -> None:
        self.answers: list[Answered] = []
        self.compared = 0
        self.unanswered = 0
        """Questions to which there was no answer: something was broken."""
        self._random = random
        self._findings = findings

    def keep(self, answered: Answered) -> None:
        """Remember an answer."""
        if len(self.answers) < REMEMBERED:
            self.answers.append(answered)
        else:
            self.answers[self._random.randrange(REMEMBERED)] = answered

    def some(self, number: int) -> list[Answered]:
        """Return some of the answers, none twice."""
        return self._random.sample(self.answers, min(number, len(self.answers)))

    async def ask(self, projector: Projector, path: str, query: Mapping[str, str]) -> httpx.Response | None:
        """Return an answer; None if there is none now, which is no wonder while things are broken."""
        try:
            answer = await projector.client.get(f"{projector.base}/v1/{path}", params=query)
        except httpx.TransportError:
            self.unanswered += 1
            return None
        if answer.status_code in {503, 504}:
            self.unanswered += 1
            return None
        if answer.status_code != 200:
            self._findings.wrong(f"{path} {query} is answered {answer.status_code}: {answer.text}")
            return None
        return answer

    async def compare(self, projector: Projector, answered: Answered) -> bool:
        """Ask again, and say whether there was an answer."""
        answer = await self.ask(projector, answered.path, answered.query)
        if answer is None:
            return False
        self.compared += 1
        if answer.content != answered.body:
            self._findings.wrong(
                f"{answered.path} {answered.query} was answered {answered.body!r}, and is now {answer.content!r}"
            )
        return True


class Reader:
    """Asks one thing after the other."""

    def __init__(self, projector: Projector, random: Random, memory: Memory) -> None:
        self._projector = projector
        self._random = random
        self._memory = memory
        self._before: tuple[str, str] | None = None
        self._questions: list[Callable[[], Any]] = [
            self._current,
            self._again,
            self._again,
            self._past,
            self._history,
            self._changes,
        ]

    async def run(self) -> None:
        """Ask for ever."""
        while True:
            await asyncio.sleep(self._random.expovariate(1 / PAUSE))
            await self._random.choice(self._questions)()

    async def _ask(self, path: str, **query: str) -> httpx.Response | None:
        return await self._memory.ask(self._projector, path, query)

    def _keep(self, path: str, answer: httpx.Response | None, **query: str) -> None:
        """Remember an answer as that to a question which says of when it is."""
        if answer is not None:
            self._memory.keep(Answered(path, query, answer.content))

    async def _current(self) -> None:
        """Ask for a scorecard; as of its time it is to be the same."""
        period = self._random.choice(PERIODS)
        answer = await self._ask("scorecard", period=period)
        if answer is not None:
            as_of = answer.json()["as_of"]
            self._before = as_of["time"], ",".join(f"{log}:{at}" for log, at in as_of["positions"].items())
            self._keep("scorecard", answer, period=period, as_of=as_of["time"])

    async def _past(self) -> None:
        """Ask for a KPI as of a moment, named in one way or the other."""
        if self._before is None:
            return
        query = {"period": self._random.choice(PERIODS), "as_of": self._random.choice(self._before)}
        if self._random.random() < 0.3:
            path = "scorecard"
        elif self._random.random() < 0.5:
            path = f"kpis/{self._random.choice(_PLAIN)}/evidence"
            query["limit"] = "20"
        else:
            kpi, by = self._random.choice(_BY)
            path = f"kpis/{kpi}"
            query["by"] = by
        self._keep(path, await self._ask(path, **query), **query)

    async def _history(self) -> None:
        """Ask for a history, and remember its second page, whose moment the first has fixed."""
        path = f"kpis/{self._random.choice(_PLAIN)}/history"
        answer = await self._ask(path, period=self._random.choice(PERIODS), limit="2")
        if answer is None or "next" not in answer.links:
            return
        query = dict(answer.url.join(answer.links["next"]["url"]).params)
        self._keep(path, await self._ask(path, **query), **query)

    async def _changes(self) -> None:
        """Ask what has changed between two moments."""
        if self._before is None or not self._memory.answers:
            return
        earlier = self._random.choice(self._memory.answers).query.get("as_of")
        if earlier is not None and "T" in earlier and earlier <= self._before[0]:
            query = {"period": self._random.choice(PERIODS), "from": earlier, "to": self._before[0]}
            self._keep("changes", await self._ask("changes", **query), **query)

    async def _again(self) -> None:
        """Ask again what was answered, by whichever instance."""
        for answered in self._memory.some(1):
            await self._memory.compare(self._projector, answered)
