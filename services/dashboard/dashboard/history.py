"""What a KPI was, and since when: its history as steps, with every restatement and its cause."""

from starlette.requests import Request
from starlette.responses import Response

from dashboard.event import Events
from dashboard.kpi import definition
from dashboard.pages import Pages
from dashboard.projector import Projector
from dashboard.restatement import steps
from dashboard.shell import Shells
from dashboard.steps import step_chart
from dashboard.view import read_view
from wco_common.query import Reader

ENTRIES = 500
"""Of a page: their causes are looked up one by one."""


def _cursor(text: str) -> str:
    return text


CURSOR: dict[str, Reader] = {"cursor": _cursor}


class HistoryPage:
    """The history of one KPI, up to the moment that is shown."""

    def __init__(self, pages: Pages, shells: Shells, projector: Projector, events: Events) -> None:
        self._pages = pages
        self._shells = shells
        self._projector = projector
        self._events = events

    async def __call__(self, request: Request) -> Response:
        """Answer with a page of the history."""
        view = read_view(request, CURSOR)
        shell = await self._shells.around(view)
        said = definition(shell.plan, request.path_params["id"])
        if (same := self._pages.unchanged(request, view, shell.etag)) is not None:
            return same
        answer = await self._projector.history(said.id, shell.period, ENTRIES, view.query.get("cursor"))
        entries = [entry for entry in answer.told.entries if entry.time <= shell.time]
        events = await self._events.at(entry.cause for entry in entries if entry.cause is not None)
        taken = steps(entries, events)
        kpi = (await self._projector.kpi(said.id, shell.period, shell.pinned)).kpi
        whole = next((each for each in shell.plan.periods if each.id == shell.period), shell.plan)
        context = {
            "shell": shell,
            "said": said,
            "kpi": kpi,
            "steps": taken,
            "chart": step_chart(taken, shell.time, kpi.target.value, (whole.starts_on, whole.ends_on))
            if taken
            else None,
            "following": answer.following if len(entries) == len(answer.told.entries) else None,
        }
        return self._pages.page(view, "history.html", context, etag=shell.etag)
