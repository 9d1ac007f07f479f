"""What a KPI was, and since when: its history as steps, with every restatement and its cause."""

from collections.abc import Sequence
from decimal import Decimal

from starlette.requests import Request
from starlette.responses import Response

from dashboard.answers import Entry
from dashboard.event import Events
from dashboard.kpi import definition
from dashboard.pages import Pages, format_time
from dashboard.projector import Projector
from dashboard.restatement import Step, steps
from dashboard.shell import Shell, Shells
from dashboard.steps import step_chart
from dashboard.table import Downloads, Table
from dashboard.view import read_view
from wco_common.problem import TooLarge
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
        "cause_log": lambda step: None if step.entry.cause is None else step.entry.cause.log,
        "cause_sequence": lambda step: None if step.entry.cause is None else step.entry.cause.sequence,
    }
    return Table("history", columns, steps, {"kpi": kpi, "period": period})


class HistoryPage:
    """The history of one KPI, up to the moment that is shown; of a longer one than `most` it is refused.

    The drawing and the restatements are of all entries: each rests on what came before it. The table is in pages.
    """

    def __init__(self, pages: Pages, shells: Shells, projector: Projector, events: Events, most: int) -> None:
        self._pages = pages
        self._shells = shells
        self._projector = projector
        self._events = events
        self._most = most

    async def __call__(self, request: Request) -> Response:
        """Answer with the history, and a page of its table."""
        view = read_view(request, CURSOR)
        shell = await self._shells.around(view)
        said = definition(shell.plan, request.path_params["id"])
        if (same := self._pages.unchanged(request, view, shell.etag)) is not None:
            return same
        entries = await self._entries(said.id, shell)
        events = await self._events.at(entry.cause for entry in entries if entry.cause is not None)
        taken = steps(entries, events)
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
            "downloads": Downloads(view, f"kpis/{said.id}/history", shell.named),
            "chart": step_chart(taken, shell.time, kpi.target.value, (whole.starts_on, whole.ends_on))
            if taken
            else None,
            "following": first or None,
            "previous": last + ROWS if last + ROWS < len(taken) else None,
        }
        return self._pages.page(view, "history.html", context, etag=shell.etag)

    async def _entries(self, kpi: str, shell: Shell) -> Sequence[Entry]:
        entries: list[Entry] = []
        async for some in self._projector.history(kpi, shell.period, shell.plan.as_of):
            entries += some
            if len(entries) > self._most:
                raise TooLarge(
                    f"the history has over {self._most} entries, the most that are drawn; its table has more"
                )
        return entries
