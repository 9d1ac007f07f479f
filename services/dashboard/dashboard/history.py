"""What a KPI was, and since when: its history as steps, with every restatement and its cause."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from starlette.requests import Request
from starlette.responses import Response

from dashboard.answers import Entry, Place
from dashboard.event import Events
from dashboard.kpi import definition
from dashboard.pages import Pages, format_time
from dashboard.problem_page import TooLongToShow
from dashboard.projector import Projector
from dashboard.restatement import Step, steps
from dashboard.settings import DashboardSettings
from dashboard.shell import Shell, Shells
from dashboard.steps import step_chart
from dashboard.table import Downloads, Table
from dashboard.view import read_view
from wco_common.query import Reader, position

ROWS = 100
"""Of a page of the table."""

CURSOR: dict[str, Reader] = {"cursor": position}
"""The table goes on below the entry of this number, counted from the oldest: what is recorded later moves no page."""


def history(kpi: str, period: str, steps: Sequence[Step]) -> Table[Step]:
    """Return the table of steps: what the figure was from each on, the event that caused it, and why it restates."""
    columns = {
        "time": lambda step: format_time(step.entry.time),
        "value": lambda step: step.entry.value,
        "numerator": lambda step: Decimal(step.entry.numerator),
        "denominator": lambda step: Decimal(step.entry.denominator),
        "status": lambda step: step.entry.status,
        "restates": lambda step: step.why,
        "cause_type": lambda step: None if step.event is None else step.event.type,
        "cause_subject": lambda step: None if step.event is None else step.event.subject,
        "cause_log": lambda step: None if step.cause is None else step.cause.log,
        "cause_sequence": lambda step: None if step.cause is None else step.cause.sequence,
    }
    return Table("history", columns, steps, {"kpi": kpi, "period": period})


async def told(projector: Projector, events: Events, kpi: str, period: str, entries: Sequence[Entry]) -> Sequence[Step]:
    """Return a KPI's entries with the events that caused them, and which of them restate.

    What was recorded at once with a cause may be of other KPIs. Where it would restate, the projector says whether it
    is of this one.
    """
    commits = dict(await events.commits(entry.cause for entry in entries if entry.cause is not None))
    doubtful = [step for step in steps(entries, commits) if step.cause != step.entry.cause]
    touching: set[Place] = set()
    for since, until in spans(doubtful):
        touching.update(await projector.touching(kpi, period, since, until))
    for cause in (step.entry.cause for step in doubtful):
        if cause is not None:
            *others, last = commits[cause]
            commits[cause] = [
                *(event for event in others if Place(cause.log, int(event.sequence)) in touching),
                last,
            ]
    return steps(entries, commits)


def spans(steps: Sequence[Step]) -> Iterator[tuple[datetime, datetime]]:
    """Yield from when to when steps are, so that the figure before each span and at its end is not the same.

    The projector tells of what was between two moments only where a KPI differs.
    """
    if not steps:
        return
    first, last = steps[0], steps[-1]
    if last.before is not None and _figure(first.before) == _figure(last.entry):
        yield first.entry.time, last.before.time
        first = last
    yield first.entry.time, last.entry.time


def _figure(entry: Entry | None) -> tuple[str, str] | None:
    return None if entry is None else (entry.numerator, entry.denominator)


class HistoryPage:
    """The history of one KPI, up to the moment that is shown; one that is too long to be drawn is refused.

    The drawing and the restatements are of all entries: each rests on what came before it. The table is in pages.
    """

    def __init__(
        self, pages: Pages, shells: Shells, projector: Projector, events: Events, settings: DashboardSettings
    ) -> None:
        self._pages = pages
        self._shells = shells
        self._projector = projector
        self._events = events
        self._settings = settings

    async def __call__(self, request: Request) -> Response:
        """Answer with the history, and a page of its table."""
        view = read_view(request, CURSOR)
        shell = await self._shells.around(view)
        said = definition(shell.plan, request.path_params["id"])
        if (same := self._pages.unchanged(request, view, shell.etag)) is not None:
            return same
        downloads = Downloads(view, f"kpis/{said.id}/history", shell.named)
        entries = await self._entries(said.id, shell, downloads)
        taken = await told(self._projector, self._events, said.id, shell.period, entries)
        kpi = (await self._projector.kpi(said.id, shell.period, shell.pinned)).kpi
        whole = next((each for each in shell.plan.periods if each.id == shell.period), shell.plan)
        last = min(view.read.get("cursor", len(taken)), len(taken))
        first = max(last - ROWS, 0)
        context = {
            "shell": shell,
            "said": said,
            "kpi": kpi,
            "steps": taken,
            "history": history(said.id, shell.period, taken[first:last][::-1]),
            "downloads": downloads,
            "chart": step_chart(taken, shell.time, kpi.target.value, (whole.starts_on, whole.ends_on))
            if taken
            else None,
            "following": first or None,
            "previous": last + ROWS if last + ROWS < len(taken) else None,
        }
        return self._pages.page(view, "history.html", context, etag=shell.etag)

    async def _entries(self, kpi: str, shell: Shell, downloads: Downloads) -> Sequence[Entry]:
        """Return all entries. Raises TooLongToShow, with the downloads where the table is not too long for them."""
        drawn, taken_away = self._settings.history_entries, self._settings.export_rows
        entries: list[Entry] = []
        async for some in self._projector.history(kpi, shell.period, shell.plan.as_of):
            entries += some
            if len(entries) > max(drawn, taken_away):
                raise TooLongToShow(f"the history has over {taken_away} entries, the most that are taken away at once")
        if len(entries) > drawn:
            raise TooLongToShow(f"the history has over {drawn} entries, the most that are drawn", downloads)
        return entries
