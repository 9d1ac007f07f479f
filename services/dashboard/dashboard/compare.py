"""Two moments side by side: what changed, why, and by which events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from dashboard.answers import Change, Place
from dashboard.event import Event, Events
from dashboard.pages import Pages, entity_tag, format_time
from dashboard.projector import Projector
from dashboard.shell import Shell, Shells
from dashboard.table import Downloads
from dashboard.view import View, read_view
from wco_common.query import Reader

SHOWN, NAMED = 5, 200
"""Events of a KPI that are shown with what they are, and of the others those that are named by their places."""
_USUAL = timedelta(days=91)


def _text(text: str) -> str:
    return text


MOMENTS: dict[str, Reader] = {"from": _text, "to": _text}


@dataclass(frozen=True)
class Changed:
    """A KPI that differs, with the events that changed it, by log, the last first."""

    change: Change
    last: Sequence[tuple[Place, Event]]
    others: Sequence[Place]
    unnamed: int

    @property
    def title(self) -> str:
        """What it is called."""
        kpi = self.change.until or self.change.since
        return kpi.title if kpi is not None else self.change.id


class ComparePage:
    """What differs between two moments."""

    def __init__(self, pages: Pages, shells: Shells, projector: Projector, events: Events) -> None:
        self._pages = pages
        self._shells = shells
        self._projector = projector
        self._events = events

    async def __call__(self, request: Request) -> Response:
        """Answer with the KPIs that differ."""
        view = read_view(request, MOMENTS)
        shell = await self._shells.around(view)
        since, until = moments(view, shell)
        etag = entity_tag(shell.etag, since, until)
        if (same := self._pages.unchanged(request, view, etag)) is not None:
            return same
        changes = await self._projector.changes(shell.period, since, until)
        changed = [await self._changed(change) for change in changes.kpis]
        asked = {**shell.named, "from": view.query.get("from"), "to": view.query.get("to")}
        context = {
            "shell": shell,
            "changes": changes,
            "changed": changed,
            "since": since,
            "until": until,
            "downloads": Downloads(view, "compare", asked),
        }
        return self._pages.page(view, "compare.html", context, etag=etag)

    async def _changed(self, change: Change) -> Changed:
        last, others = change.events[-SHOWN:], change.events[:-SHOWN]
        events = await self._events.at(last)
        shown = [(place, events[place]) for place in reversed(last)]
        return Changed(change, shown, others[: -NAMED - 1 : -1], max(len(others) - NAMED, 0))


def moments(view: View, shell: Shell) -> tuple[str, str]:
    """Return the two moments: those that the address names, else three months that end with the moment shown."""
    earlier = shell.day - _USUAL
    since = str(earlier) if earlier > shell.since else format_time(shell.adopted)
    return view.query.get("from", since), view.query.get("to", shell.pinned)
