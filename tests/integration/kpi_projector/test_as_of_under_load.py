"""A past moment has one answer for ever: while writers post, and whatever the clock does."""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from settable_clock import SettableClock
from system import System, opened
from wco_common.instant import DAY, parse_instant
from wco_events.event_type import LOG_NAMES, LogName

START = "2024-06-30T23:59:57Z"
"""So that the clock goes over a midnight, on which a period ends, and back over it."""
LATER = 1.0
"""Seconds after which an answer is asked for again, at the earliest."""
ROUNDS = 20
REPEATS = 2_000
CHANGES_EVERY = 5
"""Rounds; changes cost ten times as much as a KPI."""
AT_ONCE = 8
"""Requests under way together."""
ANSWERS = 6
"""For each so many answers an event is posted, or the writers would take all the time there is."""
AHEAD = 12
"""So many events are due at most: who asks waits for the writers, or with a slow disk there would be no load."""
PERIOD = "2023-24"
QUESTIONS: list[tuple[str, dict[str, str]]] = [
    ("kpis/SP3.alignment", {}),
    ("kpis/SP3.alignment", {"by": "objective"}),
    ("kpis/RES.satisfaction", {}),
    ("kpis/SO2.instruments", {"by": "region"}),
    ("kpis/SO2.instruments/evidence", {"limit": "10"}),
    ("kpis/SP3.accredited-delivery/evidence", {"limit": "10"}),
]
"""What each moment is asked, as a time or as positions in turn; beside these the scorecard, as both."""


@pytest.mark.timeout(600)  # thousands of answers, also while the machine has other things to do
async def test_no_answer_as_of_a_moment_ever_differs(tmp_path: Path) -> None:
    clock, steps = SettableClock(START), Random(13)
    async with AsyncExitStack() as stack:
        system = await opened(stack, tmp_path, clock)
        await system.adopt()
        asking = Asking(system)
        posted = [asyncio.create_task(posting(system, log, asking)) for log in LOG_NAMES]
        back_over_midnight = 0
        for _ in range(ROUNDS):
            closed = await newest_closed_time(system)
            day = clock.time // DAY
            # Ahead by up to two seconds, or back by up to four: behind what is closed.
            clock.time += steps.randrange(2_000_000) if steps.random() < 0.85 else -steps.randrange(4_000_000)
            back_over_midnight += clock.time // DAY < day
            await asking.about(closed)
            await asking.again(REPEATS // ROUNDS)
        # What the last rounds asked is not old enough yet. Not to wait for anything: that time is what it is about.
        await asyncio.sleep(LATER)
        while asking.never_again() or asking.repeats < REPEATS:
            await asking.again(REPEATS // ROUNDS)
        events = sum(await asyncio.gather(*asking.end(posted)))
        # All of this was under load, over midnight and back, and what is recorded is in the answers.
        assert asking.repeats >= REPEATS
        assert events > REPEATS / ANSWERS
        assert len(asking.positions) > ROUNDS
        assert len(asking.days) == 2
        assert back_over_midnight
        assert clock.time < parse_instant(max(asking.times))


async def newest_closed_time(system: System) -> str:
    """Return the newest time that all logs have closed."""
    heads = await asyncio.gather(*(system.client.get(f"/{log}/v1/head") for log in LOG_NAMES))
    return str(min(head.json()["closed_time"] for head in heads))


async def posting(system: System, log: LogName, asking: "Asking") -> int:
    """Post to a log, each event in its turn, until all is asked; return how many."""
    for number in itertools.count(1):
        await EVENTS[log](system, number)
        await asking.turn.acquire()
        if asking.ended:
            return number
        asking.ahead.release()
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


@dataclass
class Asked:
    """A request about a past moment, its answer, when that was given, and how often it was given again."""

    address: str
    query: dict[str, str]
    body: bytes
    at: float
    times: int = 0


class Asking:
    """Asks about moments as soon as they can be asked about, and about each of them again and again later."""

    def __init__(self, system: System) -> None:
        self.times: set[str] = set()
        self.days: set[str] = set()
        self.positions: set[str] = set()
        self.turn = asyncio.Semaphore(0)
        self.ahead = asyncio.Semaphore(AHEAD)
        self.ended = False
        self.rounds = 0
        self.repeats = 0
        self._system = system
        self._random = Random(1)
        self._answers = 0
        self._asked: list[Asked] = []
        self._before: Any = None

    async def about(self, closed: str) -> None:
        """Ask everything as of a time that is closed: by that time, by its positions, without saying of when."""
        scorecard = await self._first("scorecard", as_of=closed)
        assert scorecard["as_of"]["time"] == closed
        positions = said(scorecard)
        cited = await self._first("scorecard", as_of=positions)
        assert [kpi["numerator"] for kpi in cited["kpis"]] == [kpi["numerator"] for kpi in scorecard["kpis"]]
        self.rounds += 1
        forms = [closed, positions][:: 1 if self.rounds % 2 else -1] * len(QUESTIONS)
        await asyncio.gather(
            *(self._first(path, **query, as_of=form) for (path, query), form in zip(QUESTIONS, forms, strict=False)),
            self._current("scorecard", {}),
            *(self._current(*question) for question in self._random.sample(QUESTIONS, 2)),
            self._pages(self._random.choice(("SP3.alignment", "RES.satisfaction"))),
        )
        if self.rounds % CHANGES_EVERY == 0:
            await self._first("changes", **{"from": self._before["as_of"]["time"], "to": closed})
            await self._first("changes", **{"from": said(self._before), "to": positions})
        self._before = scorecard

    async def again(self, number: int) -> None:
        """Ask for so many answers again, those first that were given again the least often."""
        old_enough = [asked for asked in self._asked if asked.at < time.monotonic() - LATER]
        self._random.shuffle(old_enough)
        chosen = sorted(old_enough, key=lambda asked: asked.times)[:number]
        for some in (chosen[start : start + AT_ONCE] for start in range(0, len(chosen), AT_ONCE)):
            await asyncio.gather(*map(self._compare, some))

    def never_again(self) -> Sequence[Asked]:
        """Return what was answered once only."""
        return [asked for asked in self._asked if not asked.times]

    def end(self, posting: Sequence[asyncio.Task[int]]) -> Sequence[asyncio.Task[int]]:
        """Let those who post come to their end."""
        self.ended = True
        for _ in posting:
            self.turn.release()
        return posting

    async def _compare(self, asked: Asked) -> None:
        answer = await self._get(asked.address, asked.query)
        assert answer.content == asked.body, (asked.address, asked.query)
        asked.times += 1
        self.repeats += 1

    async def _first(self, question: str, **query: str) -> Any:
        """Ask about a moment, and have it asked again."""
        address, query = f"/kpi-projector/v1/{question}", {"period": PERIOD} | query
        answer = await self._get(address, query)
        self._keep(address, query, answer)
        return answer.json()

    async def _current(self, question: str, query: dict[str, str]) -> None:
        """Ask without saying of when; as of the time that is answered the answer is to be the same."""
        address, query = f"/kpi-projector/v1/{question}", {"period": PERIOD} | query
        answer = await self._get(address, query)
        self._keep(address, query | {"as_of": answer.json()["as_of"]["time"]}, answer)

    async def _pages(self, kpi: str) -> None:
        """Ask for a history, which is as of now, and have its second page, which is as of then, asked again."""
        first = await self._get(f"/kpi-projector/v1/kpis/{kpi}/history", {"period": PERIOD, "limit": "2"})
        if "next" in first.links:
            following = first.url.join(first.links["next"]["url"])
            self._keep(following.path, dict(following.params), await self._get(following.path, following.params))

    async def _get(self, address: str, query: Any) -> httpx.Response:
        answer = await self._system.client.get(address, params=query)
        assert answer.status_code == 200, (address, query, answer.text)
        self._answers += 1
        if self._answers % ANSWERS == 0:
            await self.ahead.acquire()
            self.turn.release()
        return answer

    def _keep(self, address: str, query: dict[str, str], answer: httpx.Response) -> None:
        self._asked.append(Asked(address, query, answer.content, time.monotonic()))
        if "as_of" in answer.json():
            moment = answer.json()["as_of"]
            self.times.add(moment["time"])
            self.days.add(moment["time"][:10])
            self.positions.add(said(answer.json()))


def said(answer: Any) -> str:
    """Return the positions of an answer as a parameter says them."""
    return ",".join(f"{log}:{at}" for log, at in answer["as_of"]["positions"].items())
