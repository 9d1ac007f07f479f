"""A past moment has one answer for ever: while writers post, and whatever the clock does."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random
from typing import Any

from settable_clock import SettableClock
from system import System, opened
from wco_common.instant import parse_instant
from wco_events.event_type import LOG_NAMES, LogName

START = "2024-06-30T23:59:57Z"
"""So that the clock goes over a midnight, on which a period ends, and back over it."""
LATER = 1.0
"""Seconds after which each moment is asked about again."""
ROUNDS = 60
PAUSE = 0.02
"""Seconds between two events of a log, or the writers would take all the time there is."""
QUESTIONS = [
    "kpis/SP3.alignment",
    "kpis/RES.satisfaction",
    "kpis/SO2.instruments",
    "kpis/SP3.accredited-delivery",
    "scorecard",
]


async def test_no_answer_as_of_a_moment_ever_differs(tmp_path: Path) -> None:
    clock = SettableClock(START)
    random = Random(1)
    async with AsyncExitStack() as stack:
        system = await opened(stack, tmp_path, clock)
        await system.get("plan", after=await system.adopt())
        asking = Asking(system)
        done = asyncio.Event()
        posted = [asyncio.create_task(posting(system, log, done)) for log in LOG_NAMES]
        for _ in range(ROUNDS):
            closed = await asking.newest_closed_time()
            # Ahead by up to a second, and one time in ten back by up to five: behind what is closed.
            clock.time += random.randrange(1_000_000) if random.random() < 0.9 else -random.randrange(5_000_000)
            await asyncio.gather(*(asking.both_ways(question, closed) for question in QUESTIONS))
        await asking.end()
        done.set()
        events = sum(await asyncio.gather(*posted))
        # All of this was under load, over midnight, and what is recorded is in the answers.
        assert events > 100
        assert len(asking.positions) > 20
        assert len(asking.days) == 2
        assert clock.time < parse_instant(max(asking.times))


async def posting(system: System, log: LogName, done: asyncio.Event) -> int:
    """Post to a log, each event in its turn, until it is done; return how many."""
    for number in itertools.count(1):
        await EVENTS[log](system, number)
        if done.is_set():
            return number
        await asyncio.sleep(PAUSE)
    raise AssertionError


async def list_members(system: System, number: int) -> None:
    members = [{"iso3": "KEN", "region": "ESA"}, {"iso3": "FRA", "region": "EUR"}][: number % 2 + 1]
    day = f"2024-01-{number % 28 + 1:02d}"
    await system.post("plan-registry", "members.listed", "members", effective_on=day, members=members)


async def submit(system: System, number: int) -> None:
    if number == 1:
        await system.post(
            "survey-intake",
            "survey.opened",
            "survey",
            kind="annual",
            title="Survey",
            opens_on="2024-05-01",
            closes_on="2024-06-01",
            scale={"min": 0, "max": 10},
            topics=["overall"],
            instruments=["origin"],
        )
    status = "implemented" if number % 5 else "unknown"
    await system.post(
        "survey-intake",
        "survey.submitted",
        "survey",
        member="KEN" if number % 2 else "FRA",
        submitted_on="2024-05-02",
        ratings={"overall": number % 11},
        instruments=[{"instrument": "origin", "status": status}],
    )


async def deliver(system: System, number: int) -> None:
    await system.post(
        "operations-feed",
        "assistance.delivered",
        f"activity-{number}",
        title="Training",
        delivered_on="2024-06-01",
        members=["KEN"],
        aligned_with=["SO1"] if number % 3 else [],
        delivered_by="other" if number % 2 else "accredited",
    )


EVENTS: dict[LogName, Callable[[System, int], Awaitable[None]]] = {
    "plan-registry": list_members,
    "survey-intake": submit,
    "operations-feed": deliver,
}


class Asking:
    """Asks about moments as soon as they can be asked about, and about each of them again later."""

    def __init__(self, system: System) -> None:
        self.times: set[str] = set()
        self.days: set[str] = set()
        self.positions: set[tuple[int, ...]] = set()
        self._system = system
        self._again: list[asyncio.Task[None]] = []

    async def newest_closed_time(self) -> str:
        """Return the newest time that all logs have closed."""
        heads = await asyncio.gather(*(self._system.client.get(f"/{log}/v1/head") for log in LOG_NAMES))
        return str(min(head.json()["closed_time"] for head in heads))

    async def both_ways(self, question: str, closed: str) -> None:
        """Ask as of a time, and without saying of when."""
        first = await self._ask(question, as_of=closed)
        assert first.json()["as_of"]["time"] == closed
        self._ask_later(question, first)
        self._ask_later(question, await self._ask(question))

    async def end(self) -> None:
        """Wait until everything was asked about again."""
        await asyncio.gather(*self._again)

    async def _ask(self, question: str, **query: str) -> Any:
        address = f"/kpi-projector/v1/{question}"
        answer = await self._system.client.get(address, params={"period": "2023-24"} | query)
        assert answer.status_code == 200, (query, answer.text)
        return answer

    def _ask_later(self, question: str, first: Any) -> None:
        moment = first.json()["as_of"]
        self.times.add(moment["time"])
        self.days.add(moment["time"][:10])
        self.positions.add(tuple(moment["positions"][log] for log in LOG_NAMES))
        self._again.append(asyncio.create_task(self._asked_later(question, moment["time"], first.content)))

    async def _asked_later(self, question: str, time: str, body: bytes) -> None:
        # Not to wait for anything: the time between the two is what the test is about.
        await asyncio.sleep(LATER)
        assert (await self._ask(question, as_of=time)).content == body, time
