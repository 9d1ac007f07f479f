"""What a KPI rests on: the events that last gave its facts their content, and what each adds."""

from collections.abc import Sequence
from decimal import Decimal

from starlette.requests import Request
from starlette.responses import Response

from dashboard.answers import Contribution
from dashboard.kpi import definition
from dashboard.pages import Pages
from dashboard.projector import Projector
from dashboard.shell import Shells
from dashboard.table import Downloads, Table
from dashboard.view import read_view
from wco_common.query import Reader

ROWS = 50
"""Of a page."""


def _cursor(text: str) -> str:
    return text


CURSOR: dict[str, Reader] = {"cursor": _cursor}


def evidence(kpi: str, period: str, rows: Sequence[Contribution]) -> Table[Contribution]:
    """Return the table of the events that a KPI of a period rests on, and what each adds."""
    columns = {
        "log": lambda row: row.log,
        "sequence": lambda row: row.sequence,
        "source": lambda row: row.source,
        "id": lambda row: row.id,
        "subject": lambda row: row.subject,
        "numerator": lambda row: Decimal(row.numerator),
        "denominator": lambda row: None if row.denominator is None else Decimal(row.denominator),
    }
    return Table("evidence", columns, rows, {"kpi": kpi, "period": period})


class EvidencePage:
    """The evidence of one KPI."""

    def __init__(self, pages: Pages, shells: Shells, projector: Projector) -> None:
        self._pages = pages
        self._shells = shells
        self._projector = projector

    async def __call__(self, request: Request) -> Response:
        """Answer with a page of the evidence."""
        view = read_view(request, CURSOR)
        shell = await self._shells.around(view)
        said = definition(shell.plan, request.path_params["id"])
        if (same := self._pages.unchanged(request, view, shell.etag)) is not None:
            return same
        answer = await self._projector.evidence(said.id, shell.period, shell.pinned, ROWS, view.query.get("cursor"))
        kpi = (await self._projector.kpi(said.id, shell.period, shell.pinned)).kpi
        context = {
            "shell": shell,
            "said": said,
            "kpi": kpi,
            "evidence": evidence(said.id, shell.period, answer.told.evidence),
            "downloads": Downloads(view, f"kpis/{said.id}/evidence", shell.named),
            "following": answer.cursor,
        }
        return self._pages.page(view, "evidence.html", context, etag=shell.etag)
