"""A writer: posts to one log what it may record and what it may not, and knows of each event what became of it."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

import httpx

from chaos.findings import Findings
from chaos.gate import Gate
from chaos.ledger import Ledger, key_of
from chaos.posting import Outcome, break_off, post
from proposals import Proposals
from wco_common.event import Event
from wco_events.event_type import PREFIX, SUFFIX, LogName
from wco_events.registry import EVENT_TYPES

SOURCE = "urn:wco-kpi:chaos"
DAYS = range(date(2022, 7, 1).toordinal(), date(2025, 7, 1).toordinal())
"""Of the plan's periods: what is recorded is to move figures."""

PAUSE = 0.4
"""Seconds between two things that a writer posts, on average: how many there are, not how fast it can be."""
TRY_AGAIN = 0.1
"""Seconds after an answer that settles nothing."""
REMEMBERED = 200
"""Events that may be sent again, though they are acknowledged."""

LONE: dict[LogName, tuple[str, dict[str, Any]]] = {
    "plan-registry": ("baseline.set", {}),
    "survey-intake": ("survey.opened", {"kind": "assistance"}),
    "operations-feed": ("assistance.delivered", {}),
}
"""Of each log an event that no other rests on, so that nobody has to know whether it is recorded: the example of its
type, with other data perhaps."""

_SETTLED = {"refused", "recorded"}

_DEEDS: dict[str, int] = {
    "one": 50,
    "batch": 15,
    "again": 6,
    "dry run": 5,
    "refused": 5,
    "refused batch": 2,
    "left alone": 4,
    "broken off half-way": 4,
    "broken off at the end": 4,
}
"""What a writer does, each as often as its weight says."""


@dataclass(frozen=True, slots=True)
class Load:
    """What all who make the load share."""

    client: httpx.AsyncClient
    ledger: Ledger
    findings: Findings
    gate: Gate
    acknowledged: Callable[[LogName, float, int], None]
    """Is told of events that a log has acknowledged: when they began to be sent (of the loop's clock), and the last."""


class Writer:
    """Posts one thing after the other. Until an answer says what became of it, it sends the same again."""

    def __init__(self, log: LogName, name: str, random: Random, load: Load, given: Sequence[Event]) -> None:
        """`given` is what the log has at the beginning."""
        self._log = log
        self._name = name
        self._random = random
        self._load = load
        self._proposals = Proposals(log, random, SOURCE, f"{name}-")
        for event in given:
            self._proposals.record(event)
        self._number = 0
        self._done: deque[tuple[list[Event], bool]] = deque(maxlen=REMEMBERED)
        self._deeds: dict[str, Callable[[], Any]] = {
            "one": lambda: self._record([self._next()], batch=False),
            "batch": lambda: self._record([self._next() for _ in range(self._random.randint(2, 6))], batch=True),
            "again": self._again,
            "dry run": self._dry_run,
            "refused": self._refused,
            "refused batch": self._refused_batch,
            "left alone": self._left_alone,
            "broken off half-way": self._broken_off_half_way,
            "broken off at the end": self._broken_off_at_the_end,
        }

    async def run(self) -> None:
        """Post for ever."""
        while True:
            await asyncio.sleep(self._random.expovariate(1 / PAUSE))
            async with self._load.gate.work():
                (deed,) = self._random.choices(list(_DEEDS), list(_DEEDS.values()))
                await self._deeds[deed]()

    def _named(self) -> str:
        self._number += 1
        return f"{self._name}-{self._number}"

    def _proposed(self, refused: bool) -> Event:
        """Return an event that the log has to take, or one that it has to refuse."""
        name = self._named()
        while True:
            event, faults = self._proposals.next(name, self._random.choice(DAYS))
            if bool(faults) == refused:
                return event

    def _next(self) -> Event:
        """Return an event that is going to be recorded, whatever it takes."""
        event = self._proposed(refused=False)
        self._proposals.record(event)
        return event

    def _lone(self) -> Event:
        name, data = LONE[self._log]
        event_type = EVENT_TYPES[f"{PREFIX}{name}{SUFFIX}"]
        example, event_id = event_type.example, self._named()
        # A baseline is of a KPI, which there has to be.
        subject = example["subject"] if self._log == "plan-registry" else event_id
        own = {"source": SOURCE, "id": event_id, "subject": subject, "datacontenttype": "application/json"}
        return Event(event_type, {**example, **own, "data": {**example["data"], **data}})

    async def _record(self, events: list[Event], *, batch: bool) -> None:
        """Send events until they are recorded."""
        began = asyncio.get_running_loop().time()
        while (outcome := await self._send(events, batch)).said != "recorded":
            if outcome.said == "refused":
                self._wrong(events, outcome)
                return
            await asyncio.sleep(TRY_AGAIN)
        self._done.append((events, batch))
        self._load.acknowledged(self._log, began, outcome.answers[-1]["sequence"])

    async def _send(self, events: list[Event], batch: bool) -> Outcome:
        """Send events once, and note what comes of it."""
        ledger = self._load.ledger
        ledger.sends(self._log, events)
        outcome = await post(self._load.client, self._log, events, batch=batch)
        if outcome.said == "recorded":
            ledger.acknowledges(self._log, events, outcome.answers)
        elif outcome.said == "nobody knows":
            ledger.doubts(self._log, events)
        return outcome

    async def _again(self) -> None:
        """Send what is recorded: it gets the first answer."""
        if self._done:
            events, batch = self._random.choice(self._done)
            await self._record(events, batch=batch)

    async def _dry_run(self) -> None:
        """Have an event checked that is never sent otherwise."""
        event = self._proposed(refused=False)
        self._load.ledger.dry.add(key_of(event))
        outcome = await post(self._load.client, self._log, [event], batch=False, dry_run=True)
        if outcome.said == "refused":
            self._wrong([event], outcome)

    async def _refused(self) -> None:
        await self._send_in_vain([self._proposed(refused=True)], batch=False)

    async def _refused_batch(self) -> None:
        """Send a batch that one event spoils, and then without it."""
        good, bad = self._next(), self._proposed(refused=True)
        if await self._send_in_vain([good, bad], batch=True):
            await self._record([good], batch=False)

    async def _send_in_vain(self, events: list[Event], batch: bool) -> bool:
        """Send what cannot be recorded until it is refused; say whether it is."""
        while (outcome := await self._send(events, batch)).said not in _SETTLED:  # noqa: ASYNC110 -- a service
            await asyncio.sleep(TRY_AGAIN)
        if outcome.said == "recorded":
            self._load.findings.wrong(f"{self._log} has recorded {_said(events)}, and has to refuse it")
            return False
        self._load.ledger.refuses(self._log, events)
        return True

    async def _left_alone(self) -> None:
        """Send an event once, whatever comes of it."""
        await self._send([self._lone()], batch=False)

    async def _broken_off_half_way(self) -> None:
        """Send half of a body: nothing is recorded of that."""
        event = self._lone()
        self._load.ledger.sends(self._log, [event])
        await self._break_off(event, self._random.uniform(0, 0.99))

    async def _broken_off_at_the_end(self) -> None:
        """Send all of a body and leave: nobody knows, until it is sent again, if it is."""
        event, is_sent_again = self._lone(), self._random.random() < 0.5
        self._load.ledger.sends(self._log, [event])
        self._load.ledger.doubts(self._log, [event])
        await self._break_off(event, 1)
        if is_sent_again:
            await self._record([event], batch=False)

    async def _break_off(self, event: Event, share: float) -> None:
        self._load.ledger.counts["broken off"] += 1
        url = self._load.client.base_url
        await break_off(url.host, url.port or 80, self._log, event, share)

    def _wrong(self, events: list[Event], outcome: Outcome) -> None:
        self._load.findings.wrong(f"{self._log} refuses {_said(events)} as {outcome.problem}, and has to record it")


def _said(events: Sequence[Event]) -> list[dict[str, Any]]:
    return [event.attributes for event in events]
