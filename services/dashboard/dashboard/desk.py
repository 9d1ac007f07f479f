"""The desk: the lists that a person works from, each filtered, sorted and in pages, and one thing with its course."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from dashboard import desk_words
from dashboard.answers import Plan
from dashboard.listing import Filter, Listing, listing
from dashboard.lists import LISTS, ListOf, Question
from dashboard.pages import Pages
from dashboard.services import Answer, Services
from dashboard.shell import Shell, Shells
from dashboard.table import Downloads, Table, quotient
from dashboard.things import Things
from dashboard.view import COMMON, View, read_view
from wco_common.problem import NotFound

ROWS = 50
"""Of a page."""
COUNTED = 100
"""Rows that the desk's first page counts, at most."""

_FIGURES = {"interim", "final", "reported", "figure", "cost"}
"""Fields that are shown as a figure, though they are no integers."""
_SHOWN_APART = {"title", "partner", "recordedtime", "interim", "final", "reported"}
"""Fields of a thing that its page shows elsewhere than among the others."""


@dataclass(frozen=True)
class Order:
    """A column's order: where its heading leads, and the direction in which the rows are in it now, if they are."""

    link: str
    direction: str | None


@dataclass(frozen=True)
class Column:
    """A field that is shown of every row."""

    name: str
    form: str
    order: Order | None

    @property
    def kind(self) -> str:
        """The class of its cells."""
        if self.form == "date" or self.name == "period":
            return "when"
        return "number" if (self.form == "integer" and self.name != "sequence") or self.name in _FIGURES else ""


@dataclass(frozen=True)
class Control:
    """A filter as it is set. Its choices, where it has some, are codes with words: of ours or of the plan's."""

    name: str
    form: str
    choices: Sequence[tuple[str, str]]
    of_plan: bool
    value: str


def columns(view: View, which: ListOf, said: Listing) -> Iterator[Column]:
    """Yield the columns of a list. The heading of the one that rows are sorted by leads to the other order."""
    sort = order_of(view, which, said)
    for name in which.columns:
        order = None
        if name in said.sorts:
            direction = {name: "ascending", f"-{name}": "descending"}.get(sort)
            order = Order(view.here(sort=f"-{name}" if direction == "ascending" else name, cursor=None), direction)
        yield Column(name, said.fields[name], order)


def order_of(view: View, which: ListOf, said: Listing) -> str:
    """Return the order of the rows: the one that the address names, else the list's own, else the service's."""
    return view.query.get("sort") or which.order or next(iter(said.sorts), "")


def controls(view: View, said: Listing, plan: Plan, day: date) -> Iterator[Control]:
    """Yield the filters of a list as they are set; the period is set elsewhere on the page."""
    for name, each in said.filters.items():
        if name not in COMMON:
            of_plan = name == "objective"
            words = desk_words.CODES.get(name, {})
            choices = _objectives(plan) if of_plan else [(code, words.get(code, code)) for code in each.choices]
            yield Control(name, each.form, choices, of_plan, each.told(view.query.get(name, ""), day))


def _objectives(plan: Plan) -> list[tuple[str, str]]:
    titles = {each.id: each.title for each in plan.objectives}
    titles |= {area.id: area.title for area in plan.focus_areas if area.introduced}
    return [(id, f"{id} – {title}") for id, title in titles.items()]


def is_by_period(which: ListOf, filters: Mapping[str, Filter]) -> bool:
    """Say whether the rows of a list count in periods."""
    return which.item is None and not {"period", "from"}.isdisjoint(filters)


def within(plan: Plan, period: str, filters: Mapping[str, Filter], named: Mapping[str, str]) -> Mapping[str, str]:
    """Return what is asked of a list so that it has what counts in a period; days that are named narrow it down."""
    if period == plan.plan:
        return named
    found = next((each for each in plan.periods if each.id == period), None)
    if found is None:
        raise NotFound(f"{period!r} is no period of the plan")
    if "period" in filters:
        return {**named, "period": period}
    first, last = str(found.starts_on), str(found.ends_on)
    return {**named, "from": max(first, named.get("from", first)), "to": min(last, named.get("to", last))}


def asked_of(which: ListOf, said: Listing, view: View, shell: Shell) -> Mapping[str, str]:
    """Return what is asked of a list's service for a page, but for how many rows and from which on."""
    day = seen_from(view, shell)
    named = {name: said.told(name, view.query[name], day) for name in said.filtering if name in view.query}
    if is_by_period(which, said.filters):
        named = {**within(shell.plan, shell.period, said.filters, named)}
    if which.order:
        named.setdefault("sort", which.order)
    return {**named, "as_of": moment(shell)}


def seen_from(view: View, shell: Shell) -> date:
    """Return the day that a list is seen from: the one that is chosen, else that of the moment shown."""
    return date.fromisoformat(view.query.get("on", str(shell.day)))


def with_question(view: View, question: Question | None, day: date) -> View:
    """Return a view that names the days of a list's first question as the question does, so that they go with it.

    A form sends the day that they come to.
    """
    if question is None:
        return view
    days = question.on(day)
    same = {name: told for name, told in question.filters.items() if view.query.get(name) == days[name]}
    return replace(view, query={**view.query, **same})


def moment(shell: Shell) -> str:
    """Return the moment shown as lists are asked for it.

    It is the same text on every page of a list, since a cursor goes with it.
    """
    return shell.pinned if "," in shell.pinned else shell.citation


def worked_at(shell: Shell, view: View) -> Shell:
    """Return what surrounds a page of the desk: the whole plan unless a period is named, since work goes beyond one."""
    return replace(shell, period=view.period or shell.plan.plan)


class DeskPage:
    """What there is to work from, and how much of it asks for something to be done."""

    def __init__(self, pages: Pages, shells: Shells, services: Services) -> None:
        self._pages = pages
        self._shells = shells
        self._services = services

    async def __call__(self, request: Request) -> Response:
        """Answer with the lists."""
        view = read_view(request)
        shell = worked_at(await self._shells.around(view), view)
        if (same := self._pages.unchanged(request, view, shell.etag)) is not None:
            return same
        lists = {address: which for address, which in LISTS.items() if which.item is None}
        counts = await asyncio.gather(*(self._count(shell, which) for which in lists.values()))
        context = {"shell": shell, "lists": lists, "counts": dict(zip(lists, counts, strict=True))}
        return self._pages.page(view, "desk.html", context, etag=shell.etag)

    async def _count(self, shell: Shell, which: ListOf) -> tuple[int, bool] | None:
        """Return how many rows answer the list's first question, and whether there are more."""
        if which.question is None:
            return None
        query = which.question.on(shell.day) | {"as_of": moment(shell), "limit": str(COUNTED)}
        answer = await self._services.lasting(which.service, which.path, query, dict[str, Any])
        return len(answer.told[which.rows]), answer.following is not None


class ListPage:
    """A list; or a thing, and the list that is of it."""

    def __init__(self, pages: Pages, shells: Shells, services: Services, address: str) -> None:
        self._pages = pages
        self._shells = shells
        self._services = services
        self._things = Things(services)
        self._address = address
        self._which = LISTS[address]

    async def __call__(self, request: Request) -> Response:
        """Answer with a page of the list."""
        which, named = self._which, request.path_params
        path = which.at(named)
        said = await listing(self._services, which)
        view = read_view(request, said.readers)
        shell = worked_at(await self._shells.around(view), view)
        view = with_question(view, which.question, seen_from(view, shell))
        asked = asked_of(which, said, view, shell)
        if (same := self._pages.unchanged(request, view, shell.etag)) is not None:
            return same
        cursor = {"cursor": view.query["cursor"]} if "cursor" in view.query else {}
        query = {**asked, **cursor, "limit": str(ROWS)}
        answer = await self._services.lasting(which.service, path, query, dict[str, Any])
        tables: list[Table[Any]] = [said.table(which, path, asked, [answer.told])]
        context = {
            **self._context(view, shell, said, answer),
            "downloads": Downloads(view, f"desk/{self._address.format(**named)}", asked),
            "as_of": asked["as_of"],
        }
        if which.item is not None:
            beside, others = await self._things.beside(which, shell, asked["as_of"], answer.told[which.item])
            context |= beside
            tables += others
        context["tables"] = {table.name: table for table in tables}
        return self._pages.page(view, "list.html", context, etag=shell.etag)

    def _context(self, view: View, shell: Shell, said: Listing, answer: Answer[dict[str, Any]]) -> dict[str, Any]:
        which, told = self._which, answer.told
        shown = list(columns(view, which, said))
        text = view.language.text
        return {
            "shell": shell,
            "which": which,
            "log": which.service,
            "room": self._address.partition("/")[0],
            "of_room": LISTS[self._address.partition("/")[0]],
            "has_things": f"{self._address}/{{id}}" in {each.page or address for address, each in LISTS.items()},
            "by_period": is_by_period(which, said.filters),
            "seen_from": date.fromisoformat(told["on"]),
            "item": None,
            "columns": shown,
            "heads": [(text(desk_words.FIELDS[each.name]), each.kind, each.order) for each in shown],
            "controls": list(controls(view, said, shell.plan, seen_from(view, shell))),
            "orders": [f"{sign}{name}" for name in said.sorts for sign in ("", "-")],
            "order": order_of(view, which, said),
            "following": answer.cursor,
            "previous": answer.cursor_before,
            "facts": [each for each in said.item.items() if each[0] in set(desk_words.FIELDS) - _SHOWN_APART],
            **_SAID,
        }


_SAID: Mapping[str, Any] = {
    "fields": desk_words.FIELDS,
    "codes": desk_words.CODES,
    "shapes": desk_words.SHAPES,
    "members": desk_words.MEMBERS,
    "day_of": date.fromisoformat,
    "instant_of": datetime.fromisoformat,
    "quotient": quotient,
}
"""What templates say the rows of lists by."""


def desk(
    pages: Pages, shells: Shells, services: Services
) -> Iterator[tuple[str, Callable[[Request], Awaitable[Response]]]]:
    """Yield the address of each page of the desk with what answers there."""
    yield "/desk", DeskPage(pages, shells, services)
    for address, which in LISTS.items():
        yield f"/desk/{which.page or address}", ListPage(pages, shells, services, address)
