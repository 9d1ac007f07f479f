"""An event as it was recorded: shown to a person, and by its bytes."""

import asyncio
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from dashboard.answers import Place
from dashboard.pages import Pages
from dashboard.services import Services
from dashboard.shell import Shells
from dashboard.view import read_view
from wco_common.problem import NotFound
from wco_events.event_type import LOG_NAMES, name_of

_MOST = 1000
"""Events of a log asked for at once: as many as it gives."""
_NEAR = 50
"""Places apart, for which reading what lies between costs less than another question."""


class Event(msgspec.Struct, frozen=True):
    """What of an event is shown beside its bytes."""

    type: str
    subject: str
    source: str
    recordedtime: datetime
    sequence: str
    data: dict[str, Any]

    @property
    def kind(self) -> str:
        """Its type as it is named among the project's own: `seizure.corrected`."""
        return name_of(self.type)


@dataclass(frozen=True)
class Recorded:
    """An event with its canonical bytes."""

    event: Event
    canonical: bytes

    @property
    def digest(self) -> str:
        """The SHA-256 of the canonical bytes, in hexadecimal."""
        return hashlib.sha256(self.canonical).hexdigest()

    @property
    def written_out(self) -> str:
        """The event as JSON for a person: the same members in the same order, each on a line."""
        return json.dumps(json.loads(self.canonical), indent=2, ensure_ascii=False)


class Events:
    """Looks events up in their logs."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def recorded(self, place: Place) -> Recorded:
        """Return the event at a place. Raises NotFound."""
        answer = await self._services.lasting(place.log, f"v1/events/{place.sequence}", {}, Event)
        return Recorded(answer.told, answer.content)

    async def at(self, places: Iterable[Place]) -> Mapping[Place, Event]:
        """Return the events at several places. What stands near each other is read together."""
        wanted = frozenset(places)
        found = await asyncio.gather(*(self._read(stretch[0], stretch[-1]) for stretch in stretches(wanted)))
        return {place: event for events in found for place, event in events if place in wanted}

    async def commits(self, places: Iterable[Place]) -> Mapping[Place, Sequence[Event]]:
        """Return of each place the events of its log that were recorded at once, in order, up to the one there."""
        wanted = frozenset(places)
        found = await asyncio.gather(*(self._read(before(stretch[0], 1), stretch[-1]) for stretch in stretches(wanted)))
        known = {place: event for events in found for place, event in events}
        return {place: await self._commit(place, known) for place in wanted}

    async def _commit(self, place: Place, known: dict[Place, Event]) -> Sequence[Event]:
        """Return the events that were recorded at once up to a place; what is not known yet is read, and known then."""
        commit = [known[place]]
        while place.sequence > 1:
            last, place = place, before(place, 1)
            if place not in known:
                known.update(await self._read(before(last, _MOST), place))
            if known[place].recordedtime != commit[0].recordedtime:
                break
            commit.append(known[place])
        return commit[::-1]

    async def _read(self, first: Place, last: Place) -> Sequence[tuple[Place, Event]]:
        if first == last:
            return [(first, (await self.recorded(first)).event)]
        query = {"after": str(first.sequence - 1), "limit": str(last.sequence - first.sequence + 1)}
        events = (await self._services.get(first.log, "v1/events", query, list[Event])).told
        return [(Place(first.log, int(event.sequence)), event) for event in events]


def before(place: Place, events: int) -> Place:
    """Return the place that so many events stand before another, or the log's first."""
    return Place(place.log, max(place.sequence - events, 1))


def stretches(places: Iterable[Place]) -> Iterator[Sequence[Place]]:
    """Yield places of a log that are near each other, in order, so that one question has the events of all of them."""
    stretch: list[Place] = []
    for place in sorted(places, key=lambda place: (place.log, place.sequence)):
        if stretch and not _together(stretch, place):
            yield stretch
            stretch = []
        stretch.append(place)
    if stretch:
        yield stretch


def _together(stretch: Sequence[Place], place: Place) -> bool:
    near = place.sequence - stretch[-1].sequence <= _NEAR
    return place.log == stretch[0].log and near and place.sequence - before(stretch[0], 1).sequence < _MOST


class EventPage:
    """One event."""

    def __init__(self, pages: Pages, shells: Shells, events: Events) -> None:
        self._pages = pages
        self._shells = shells
        self._events = events

    async def __call__(self, request: Request) -> Response:
        """Answer with an event."""
        view = read_view(request)
        log, sequence = request.path_params["log"], request.path_params["sequence"]
        if log not in LOG_NAMES:
            raise NotFound(f"{log!r} is no log; there are {', '.join(LOG_NAMES)}")
        shell = await self._shells.around(view)
        if (same := self._pages.unchanged(request, view, shell.etag)) is not None:
            return same
        recorded = await self._events.recorded(Place(log, sequence))
        context = {"shell": shell, "place": Place(log, sequence), "recorded": recorded, "event": recorded.event}
        return self._pages.page(view, "event.html", context, etag=shell.etag)
