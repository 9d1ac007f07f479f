"""Tables to take away: the same addresses as the pages with .csv, .xlsx or .sdmx.csv, and the same parameters."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from dashboard.answers import AsOf, Contribution, Entry
from dashboard.compare import MOMENTS, moments
from dashboard.desk import asked_of, worked_at
from dashboard.event import Events
from dashboard.evidence import evidence
from dashboard.history import history, told
from dashboard.kpi import definition, divisions
from dashboard.listing import listing
from dashboard.lists import LISTS, ListOf
from dashboard.pages import Pages, entity_tag, format_time
from dashboard.projector import Projector
from dashboard.sdmx import MEDIA_TYPE, to_sdmx
from dashboard.services import Services
from dashboard.sheet import Sheet, to_csv, to_xlsx
from dashboard.sheets import changes_sheets, periods_sheet, scorecard_sheet
from dashboard.shell import Shell, Shells
from dashboard.things import Things
from dashboard.view import View, read_view
from wco_common.problem import TooLarge
from wco_common.query import Reader, invalid

_PAGE = 1000
"""Rows asked for at once: as many as the services give."""
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _name(text: str) -> str:
    return text


TABLE: dict[str, Reader] = {"table": _name}
"""One table of several, by its name. Where none is named, a workbook has all, and CSV the first."""

Sheets = Callable[[View, Shell, Mapping[str, str]], Awaitable[Sequence[Sheet]]]
"""Returns the tables of a page; the texts are what the path of its address names."""
Readers = Callable[[], Awaitable[Mapping[str, Reader]]]
"""Returns what else the address can be asked for."""


class Exports:
    """Makes tables of what the services answer; none has more rows than `most`."""

    def __init__(self, pages: Pages, shells: Shells, services: Services, most: int) -> None:
        self._pages = pages
        self._shells = shells
        self._services = services
        self._projector = Projector(services)
        self._events = Events(services)
        self._things = Things(services)
        self._most = most

    def addresses(self) -> Iterator[tuple[str, Callable[[Request], Awaitable[Response]]]]:
        """Yield each address with what answers there. They come before the pages', whose ids have dots too."""
        tables: tuple[tuple[str, Sheets, Readers], ...] = (
            ("/scorecard", self._scorecard, _nothing_else),
            ("/compare", self._compare, _two_moments),
            ("/kpis/{id}/history", self._history, _nothing_else),
            ("/kpis/{id}/evidence", self._evidence, _nothing_else),
            ("/kpis/{id}", self._kpi, _nothing_else),
            *((f"/desk/{path}", self._listed(which), self._filters(which)) for path, which in LISTS.items()),
        )
        yield "/scorecard.sdmx.csv", self._sdmx
        yield "/kpis/{id}.sdmx.csv", self._sdmx
        for path, sheets, readers in tables:
            for ending in ("csv", "xlsx"):
                yield f"{path}.{ending}", self._exported(sheets, readers, ending)

    def _exported(self, sheets: Sheets, readers: Readers, ending: str) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            more = {**await readers(), **TABLE}
            view = read_view(request, more)
            shell = await self._shells.around(view)
            etag = entity_tag(shell.etag, ending, *(view.query.get(name, "") for name in more))
            if (same := self._pages.unchanged(request, view, etag)) is not None:
                return same
            found = _chosen(await sheets(view, shell, request.path_params), view)
            period = [str(each.about["period"]) for each in found if "period" in each.about][:1]
            return await self._answer(view, found, ending, etag, "-".join([*period, _stamp(shell.plan.as_of)]))

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

    async def _scorecard(self, view: View, shell: Shell, named: Mapping[str, str]) -> Sequence[Sheet]:
        scorecards = await self._projector.scorecards([shell.period], shell.pinned)
        return [scorecard_sheet(shell.plan, scorecards[shell.period])]

    async def _kpi(self, view: View, shell: Shell, named: Mapping[str, str]) -> Sequence[Sheet]:
        said = definition(shell.plan, named["id"])
        ask = self._projector.kpi
        periods, divided = await asyncio.gather(
            asyncio.gather(*(ask(said.id, period, shell.pinned) for period in shell.plan.windows())),
            divisions(self._projector, shell, said),
        )
        tables = (each.table.sheet(shell.plan, periods[0].as_of) for each in divided)
        return [periods_sheet(shell.plan, periods), *tables]

    async def _compare(self, view: View, shell: Shell, named: Mapping[str, str]) -> Sequence[Sheet]:
        return changes_sheets(shell.plan, await self._projector.changes(shell.period, *moments(view, shell)))

    async def _history(self, view: View, shell: Shell, named: Mapping[str, str]) -> Sequence[Sheet]:
        kpi = definition(shell.plan, named["id"]).id
        entries: list[Entry] = []
        async for some in self._projector.history(kpi, shell.period, shell.plan.as_of):
            entries += some
            self._hold(len(entries))
        steps = await told(self._projector, self._events, kpi, shell.period, entries)
        return [history(kpi, shell.period, steps).sheet(shell.plan, shell.plan.as_of)]

    async def _evidence(self, view: View, shell: Shell, named: Mapping[str, str]) -> Sequence[Sheet]:
        kpi = definition(shell.plan, named["id"]).id
        rows: list[Contribution] = []
        cursor: str | None = None
        while True:
            answer = await self._projector.evidence(kpi, shell.period, shell.pinned, _PAGE, cursor)
            rows += answer.told.evidence
            self._hold(len(rows))
            cursor = answer.cursor
            if cursor is None:
                return [evidence(kpi, shell.period, rows).sheet(shell.plan, answer.told.as_of)]

    def _filters(self, which: ListOf) -> Readers:
        async def readers() -> Mapping[str, Reader]:
            return (await listing(self._services, which)).filtering

        return readers

    def _listed(self, which: ListOf) -> Sheets:
        async def sheets(view: View, shell: Shell, named: Mapping[str, str]) -> Sequence[Sheet]:
            path, said = which.at(named), await listing(self._services, which)
            shell = worked_at(shell, view)
            asked = asked_of(which, said, view, shell)
            answers: list[Mapping[str, Any]] = []
            following: dict[str, str] | None = {**asked, "limit": str(_PAGE)}
            while following is not None:
                page = await self._services.get(which.service, path, following, dict[str, Any])
                answers.append(page.told)
                self._hold(sum(len(answer[which.rows]) for answer in answers))
                following = page.query_of_following
            tables = [said.table(which, path, asked, answers)]
            if which.item is not None:
                tables += await self._things.tables(which, shell, asked["as_of"], answers[0][which.item])
            return [table.sheet(shell.plan, shell.plan.as_of) for table in tables]

        return sheets

    def _hold(self, rows: int) -> None:
        if rows > self._most:
            raise TooLarge(f"the table has over {self._most} rows, the most that is taken away at once; narrow it")


async def _nothing_else() -> Mapping[str, Reader]:
    return {}


async def _two_moments() -> Mapping[str, Reader]:
    return MOMENTS


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
    return re.sub(r"[-:]|\.[0-9]+", "", format_time(as_of.time))
