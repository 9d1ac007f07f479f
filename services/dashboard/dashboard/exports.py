"""Tables to take away: the same addresses as the pages with .csv, .xlsx or .sdmx.csv, and the same parameters."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from dashboard.answers import AsOf, Contribution, Entry
from dashboard.compare import MOMENTS, moments
from dashboard.kpi import definition
from dashboard.lists import LISTS, ListOf
from dashboard.pages import Pages, entity_tag, format_time
from dashboard.projector import Projector
from dashboard.sdmx import MEDIA_TYPE, to_sdmx
from dashboard.services import Services
from dashboard.sheet import Sheet, to_csv, to_xlsx
from dashboard.sheets import (
    changes_sheets,
    evidence_sheet,
    groups_sheet,
    history_sheet,
    list_sheet,
    periods_sheet,
    scorecard_sheet,
)
from dashboard.shell import Shell, Shells
from dashboard.view import View, chosen, read_view
from wco_common.problem import TooLarge
from wco_common.query import Reader, invalid

_PAGE = 1000
"""Rows asked for at once: as many as the services give."""
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _name(text: str) -> str:
    return text


TABLE: dict[str, Reader] = {"table": _name}
"""Of CSV, which has one: the first, unless another is named."""

Table = Callable[[View, Shell, str], Awaitable[Sequence[Sheet]]]
"""Returns tables of a page; the text is the KPI that its address names, if it names one."""


class Exports:
    """Makes tables of what the services answer; none has more rows than `most`."""

    def __init__(self, pages: Pages, shells: Shells, services: Services, most: int) -> None:
        self._pages = pages
        self._shells = shells
        self._services = services
        self._projector = Projector(services)
        self._most = most

    def addresses(self) -> Iterator[tuple[str, Callable[[Request], Awaitable[Response]]]]:
        """Yield each address with what answers there. They come before the pages', whose ids have dots too."""
        tables: tuple[tuple[str, Table, dict[str, Reader]], ...] = (
            ("/scorecard", self._scorecard, {}),
            ("/compare", self._compare, MOMENTS),
            ("/kpis/{id}/history", self._history, {}),
            ("/kpis/{id}/evidence", self._evidence, {}),
            ("/kpis/{id}", self._kpi, {}),
        )
        yield "/scorecard.sdmx.csv", self._sdmx
        yield "/kpis/{id}.sdmx.csv", self._sdmx
        for path, table, readers in tables:
            for ending in ("csv", "xlsx"):
                yield f"{path}.{ending}", self._exported(table, readers, ending)
        for path, each in LISTS.items():
            for ending in ("csv", "xlsx"):
                yield f"/desk/{path}.{ending}", self._listed(each, ending)

    def _exported(
        self, table: Table, readers: dict[str, Reader], ending: str
    ) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            view = read_view(request, {**readers, **(TABLE if ending == "csv" else {})})
            shell = await self._shells.around(view)
            kpi = request.path_params.get("id", "")
            if kpi:
                definition(shell.plan, kpi)
            etag = entity_tag(shell.etag, ending, *(view.query.get(name, "") for name in (*readers, *TABLE)))
            if (same := self._pages.unchanged(request, view, etag)) is not None:
                return same
            sheets = await table(view, shell, kpi)
            return await self._answer(
                view, _chosen(sheets, view), ending, etag, f"{shell.period}-{_stamp(shell.plan.as_of)}"
            )

        return answer

    async def _answer(self, view: View, sheets: Sequence[Sheet], ending: str, etag: str | None, stamp: str) -> Response:
        # Tables may be long, and others wait for this thread.
        if ending == "csv":
            body, media_type = await asyncio.to_thread(to_csv, sheets[0]), "text/csv; charset=utf-8; header=present"
        else:
            body, media_type = await asyncio.to_thread(to_xlsx, sheets), _XLSX
        return self._file(view, body, media_type, f"{_stem(view.path)}-{stamp}.{ending}", etag)

    def _file(self, view: View, body: bytes, media_type: str, name: str, etag: str | None) -> Response:
        headers = self._pages.caching(view, etag) | {
            "Content-Type": media_type,
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        }
        return Response(body, headers=headers)

    async def _sdmx(self, request: Request) -> Response:
        view = read_view(request)
        shell = await self._shells.around(view)
        kpi = request.path_params.get("id")
        if kpi is not None:
            definition(shell.plan, kpi)
        etag = entity_tag(shell.etag, "sdmx", view.period or "")
        if (same := self._pages.unchanged(request, view, etag)) is not None:
            return same
        periods = shell.plan.windows() if view.period is None else [view.period]
        scorecards = await self._projector.scorecards(periods, shell.pinned)
        body = to_sdmx(shell.plan, [scorecards[period] for period in periods], kpi)
        return self._file(view, body, MEDIA_TYPE, f"{_stem(view.path)}-{_stamp(shell.plan.as_of)}.sdmx.csv", etag)

    async def _scorecard(self, view: View, shell: Shell, kpi: str) -> Sequence[Sheet]:
        scorecards = await self._projector.scorecards([shell.period], shell.pinned)
        return [scorecard_sheet(shell.plan, scorecards[shell.period])]

    async def _kpi(self, view: View, shell: Shell, kpi: str) -> Sequence[Sheet]:
        dimensions = definition(shell.plan, kpi).by
        ask = self._projector.kpi
        periods, groups = await asyncio.gather(
            asyncio.gather(*(ask(kpi, period, shell.pinned) for period in shell.plan.windows())),
            asyncio.gather(*(ask(kpi, shell.period, shell.pinned, dimension) for dimension in dimensions)),
        )
        divided = [groups_sheet(shell.plan, *each) for each in zip(dimensions, groups, strict=True)]
        return [periods_sheet(shell.plan, periods), *divided]

    async def _compare(self, view: View, shell: Shell, kpi: str) -> Sequence[Sheet]:
        return changes_sheets(shell.plan, await self._projector.changes(shell.period, *moments(view, shell)))

    async def _history(self, view: View, shell: Shell, kpi: str) -> Sequence[Sheet]:
        entries: list[Entry] = []
        async for some in self._projector.history(kpi, shell.period, shell.time):
            entries += some
            self._hold(len(entries))
        return [history_sheet(shell.plan, shell.plan.as_of, kpi, shell.period, entries)]

    async def _evidence(self, view: View, shell: Shell, kpi: str) -> Sequence[Sheet]:
        rows: list[Contribution] = []
        cursor: str | None = None
        while True:
            answer = await self._projector.evidence(kpi, shell.period, shell.pinned, _PAGE, cursor)
            rows += answer.told.evidence
            self._hold(len(rows))
            cursor = answer.cursor
            if cursor is None:
                return [evidence_sheet(shell.plan, answer.told.as_of, kpi, shell.period, rows)]

    def _listed(self, which: ListOf, ending: str) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            path = which.at(request.path_params)
            query = {name: value for name, value in request.query_params.items() if name != "lang"}
            view = View(request.url.path.lstrip("/"), request.query_params, chosen(request))
            plan = (await self._projector.plan(None)).told
            rows: list[Mapping[str, Any]] = []
            following: dict[str, str] | None = query | {"limit": str(_PAGE)}
            while following is not None:
                page = await self._services.get(which.service, path, following, dict[str, Any])
                rows += page.told[which.rows]
                self._hold(len(rows))
                following = page.query_of_following
            moment = page.told["as_of"]
            positions = ",".join(f"{log}:{position}" for log, position in moment["positions"].items())
            what = {"list": f"{which.service}/{path}", "seen_from": page.told["on"], "as_of": moment["time"]}
            sheet = list_sheet(which.rows, {**what, "positions": positions, "notice": plan.notice}, rows)
            return await self._answer(view, [sheet], ending, None, _digits(moment["time"]))

        return answer

    def _hold(self, rows: int) -> None:
        if rows > self._most:
            raise TooLarge(f"the table has over {self._most} rows, the most that is taken away at once; narrow it")


def _chosen(sheets: Sequence[Sheet], view: View) -> Sequence[Sheet]:
    """Return the tables, or the one that the address names. Raises Invalid."""
    named = view.query.get("table")
    if named is None:
        return sheets
    found = [sheet for sheet in sheets if sheet.name == named]
    if not found:
        raise invalid("table", f"must be one of {', '.join(sheet.name for sheet in sheets)}")
    return found


def _stem(path: str) -> str:
    """Return the beginning of a file's name for an address."""
    return "wco-" + re.sub("[^A-Za-z0-9._-]+", "-", re.sub(r"(\.sdmx)?\.(csv|xlsx)$", "", path)).strip("-")


def _stamp(as_of: AsOf) -> str:
    return _digits(format_time(as_of.time))


def _digits(time: str) -> str:
    return re.sub(r"[-:]|\.[0-9]+", "", time)
