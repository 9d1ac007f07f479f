"""Who waits for the next commit of a log: requests in the order in which they came, and those who want it closed."""

import asyncio
from collections import deque

import msgspec
from opentelemetry.trace import SpanContext

from wco_common.commit import Outcome
from wco_common.event import Receipt
from wco_common.instant import Instant
from wco_common.log import Head
from wco_common.sequencing import Request


class WaitingRequest(msgspec.Struct, frozen=True):
    """A request and who waits for its answer. A caller that was cancelled waits no longer."""

    request: Request
    answer: asyncio.Future[list[Receipt]]
    span: SpanContext | None
    """In which it is answered, if it is traced."""

    def tell(self, outcome: Outcome) -> None:
        """Answer, if anybody still listens."""
        if self.answer.done():
            return
        if isinstance(outcome, Exception):
            self.answer.set_exception(outcome)
        else:
            self.answer.set_result(outcome)


class Waiting:
    """Requests that wait for a commit: at most `most` events, and `together` events share a commit."""

    def __init__(self, most: int, together: int) -> None:
        self._most = most
        self._together = together
        self._requests: deque[WaitingRequest] = deque()
        self.events = 0

    def has_room_for(self, events: int) -> bool:
        """Say whether so many events may wait too. A batch may always that has nobody before it."""
        return self.events + events <= self._most or not self.events

    def add(self, request: Request, span: SpanContext | None = None) -> asyncio.Future[list[Receipt]]:
        """Let a request wait, which is answered in a span perhaps; return its answer to come."""
        answer: asyncio.Future[list[Receipt]] = asyncio.get_running_loop().create_future()
        self._requests.append(WaitingRequest(request, answer, span))
        self.events += len(request.events)
        return answer

    def take(self) -> list[WaitingRequest]:
        """Take the first requests out, as many as share a commit, but at least one.

        One whose caller is gone is dropped: nobody was told anything.
        """
        group: list[WaitingRequest] = []
        room = self._together
        while self._requests and (not group or len(self._requests[0].request.events) <= room):
            first = self._requests.popleft()
            events = len(first.request.events)
            self.events -= events
            if not first.answer.done():
                group.append(first)
                room -= events
        return group


class Closing:
    """Everybody who waits for the log to be closed: one commit serves them all."""

    def __init__(self) -> None:
        self.least: Instant = 0
        self._answers: list[asyncio.Future[Head]] = []

    @property
    def wanted(self) -> bool:
        """Whether anybody waits."""
        return bool(self._answers)

    def add(self, least: Instant) -> asyncio.Future[Head]:
        """Wait for the closed time to be raised, to `least` at least; return the answer to come."""
        self.least = max(self.least, least)
        answer: asyncio.Future[Head] = asyncio.get_running_loop().create_future()
        self._answers.append(answer)
        return answer

    def tell(self, outcome: Head | Exception) -> None:
        """Answer everybody who still listens."""
        for answer in self._answers:
            if answer.done():
                continue
            if isinstance(outcome, Exception):
                answer.set_exception(outcome)
            else:
                answer.set_result(outcome)
