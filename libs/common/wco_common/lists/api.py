"""Lists over HTTP: filtered, sorted, in pages that are all as of the first one's moment."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

import msgspec
from sqlalchemy import ColumnElement
from starlette.requests import Request
from starlette.responses import Response

from wco_common.entity_tag import is_known
from wco_common.lists.cursor import ListCursor, read_list_cursor
from wco_common.lists.declaring import Item, Listing, Order, Told, read_day
from wco_common.lists.moment import ListMoment
from wco_common.lists.moments import ListMoments, read_as_of, read_place
from wco_common.lists.openapi import item_answers, item_parameters, list_answers, list_parameters
from wco_common.lists.ordering import Ordering
from wco_common.lists.reading import Rows, answered
from wco_common.lists.table import Version
from wco_common.opaque import opaque
from wco_common.problem import NotFound, NotReached
from wco_common.query import Reader as ReadText
from wco_common.query import invalid, one_of, page_limit, read_query
from wco_common.service_app import ServiceApp

DEFAULT_LIMIT = 100
_TAGS: list[Any] = ["lists"]

_encode = msgspec.json.Encoder().encode


class ListsApi:
    """Answers with the lists of a service."""

    def __init__(self, moments: ListMoments) -> None:
        self._moments = moments

    def add_to(self, app: ServiceApp, listings: Sequence[Listing], items: Sequence[Item]) -> None:
        """Add the routes of lists and items to an app."""
        for listing in listings:
            app.add_read(
                listing.path,
                _ListEndpoint(self._moments, listing).answer,
                listing.summary,
                list_answers(listing),
                NotFound,
                NotReached,
                parameters=list_parameters(listing),
                tags=_TAGS,
            )
        for item in items:
            app.add_read(
                item.path,
                _ItemEndpoint(self._moments, item).answer,
                item.summary,
                item_answers(item),
                NotFound,
                NotReached,
                parameters=item_parameters(item),
                tags=_TAGS,
            )


class _ItemEndpoint:
    def __init__(self, moments: ListMoments, item: Item) -> None:
        self._moments = moments
        self._item = item
        self._readers = _moment_readers(moments)

    async def answer(self, request: Request) -> Response:
        """Answer with the item."""
        query = read_query(request, self._readers)

        def question(moment: ListMoment, rows: Rows) -> Response:
            return _response(request, moment, item_answer(self._item, request, rows, moment))

        return await self._moments.ask(query, None, question)


class _ListEndpoint:
    """The pages of one list."""

    def __init__(self, moments: ListMoments, listing: Listing) -> None:
        self._moments = moments
        self._listing = listing
        self._filters = {filter.name: filter for filter in listing.all_filters}
        self._sorts = {f"{sign}{name}": (by, sign == "-") for name, by in listing.sorts.items() for sign in ("", "-")}
        self._readers: dict[str, ReadText] = {
            **{name: filter.read for name, filter in self._filters.items()},
            **({"sort": one_of(*self._sorts)} if self._sorts else {}),
            **_moment_readers(moments),
            "limit": page_limit,
            "cursor": read_list_cursor,
        }

    async def answer(self, request: Request) -> Response:
        """Answer with a page."""
        query = read_query(request, self._readers)
        limit = query.get("limit", DEFAULT_LIMIT)
        asked = _asked(request)
        identity = _identity(request, asked)
        cursor: ListCursor | None = query.get("cursor")
        if cursor is not None and cursor.of != identity:
            raise invalid("cursor", "is one of other pages: it goes with the parameters that it came with")

        def question(moment: ListMoment, rows: Rows) -> Response:
            item = self._listing.item
            body = {} if item is None else item_answer(item, request, rows, moment)
            if is_known(request, moment.etag):
                return _response(request, moment, body)
            where = [*self._within(request), *self._chosen(query, moment)]
            page = self._page(rows, moment, where, self._order(query.get("sort"), moment), cursor, limit)
            here = ListCursor(identity, moment.version, moment.log_id, moment.position, moment.time, moment.day)
            others = {
                rel: urlencode([*asked, ("limit", limit), ("cursor", opaque(msgspec.structs.replace(here, **place)))])
                for rel, place in page.others.items()
            }
            link = {"Link": ", ".join(f'<?{query}>; rel="{rel}"' for rel, query in others.items())} if others else {}
            return _response(request, moment, body | {self._listing.name: page.rows}, link)

        return await self._moments.ask(query, cursor, question)

    def _chosen(self, query: Mapping[str, Any], moment: ListMoment) -> Iterator[ColumnElement[bool]]:
        """Say which rows a request leaves in."""
        if self._listing.only is not None:
            yield self._listing.only(moment)
        yield from (filter.keeps(query[name], moment) for name, filter in self._filters.items() if name in query)

    def _order(self, sort: str | None, moment: ListMoment) -> Ordering:
        """Return what a sort says as of a moment, completed by the key."""
        table = self._listing.told.table
        if self._listing.is_course:
            return Ordering([table["sequence"]], False)
        by, descends = self._sorts[sort or next(iter(self._sorts))]
        first = by.by(moment) if isinstance(by, Order) else by
        keys = table.keys[len(self._within_keys) :]
        return Ordering([first, *(key for key in keys if key is not first)], descends)

    @property
    def _within_keys(self) -> Sequence[str]:
        return [] if self._listing.item is None else [field.name for field in self._listing.item.told.table.key]

    def _within(self, request: Request) -> list[ColumnElement[bool]]:
        named = [request.path_params[name] for name in self._within_keys]
        return [column == value for column, value in zip(self._listing.told.table.keys, named, strict=False)]

    def _page(
        self,
        rows: Rows,
        moment: ListMoment,
        where: Sequence[ColumnElement[bool]],
        order: Ordering,
        cursor: ListCursor | None,
        limit: int,
    ) -> "_Page":
        """Return a page of the rows of which something holds, in an order."""
        told = self._listing.told
        holds = told.table["sequence"] <= moment.position if self._listing.is_course else told.table.at(moment.position)
        judgements = [judgement.holds(moment) for judgement in told.judgements]
        backwards = cursor is not None and bool(cursor.before)
        reading = order.backwards if backwards else order
        # One more than the page has: then there is another.
        found = rows.judged(
            told.table,
            [holds, *where, *reading.beyond(cursor)],
            [*judgements, *reading.columns],
            reading.sorting,
            limit + 1,
        )
        page, more = found[:limit], len(found) > limit
        if backwards:
            page.reverse()
        answers = told_of(told, [(version, values[: len(judgements)]) for version, values in page], rows)
        others: dict[str, dict[str, tuple[str | int, ...]]] = {}
        # Beside where a cursor is from, there is the page that it is from.
        if page and (more or backwards):
            others["next"] = {"after": tuple(page[-1][1][len(judgements) :])}
        if page and (more if backwards else cursor is not None):
            others["prev"] = {"before": tuple(page[0][1][len(judgements) :])}
        return _Page(answers, others)


class _Page(NamedTuple):
    """The rows of a page, and where those beside it begin or end, by how they are to it."""

    rows: list[dict[str, Any]]
    others: Mapping[str, Mapping[str, tuple[str | int, ...]]]


def _moment_readers(moments: ListMoments) -> dict[str, ReadText]:
    return {"on": read_day, "as_of": read_as_of(moments.log), "after": read_place(moments.log)}


def _response(
    request: Request, moment: ListMoment, body: Mapping[str, Any], link: Mapping[str, str] | None = None
) -> Response:
    """Return an answer as of a moment, without its body where the client has it."""
    headers = moment.headers() | dict(link or {})
    if is_known(request, moment.etag):
        return Response(None, 304, headers)
    return Response(_encode({**moment.heading(), **body}), headers=headers, media_type="application/json")


def _asked(request: Request) -> list[tuple[str, str]]:
    """Return the parameters that make the pages what they are, as they were sent."""
    sent = parse_qsl(request.url.query, keep_blank_values=True)
    return [(name, value) for name, value in sent if name not in {"limit", "cursor", "after"}]


def _identity(request: Request, asked: Sequence[tuple[str, str]]) -> str:
    path: Mapping[str, str] = request.path_params
    return f"{request.scope['route'].path} {'/'.join(path.values())} {urlencode(sorted(asked))}"


def told_of(told: Told, found: Sequence[tuple[Version, Sequence[Any]]], rows: Rows) -> list[dict[str, Any]]:
    """Return what is told of rows, each given with what its judgements come to."""
    beside = told.beside(rows, [version for version, _ in found])
    names = [judgement.name for judgement in told.judgements]
    return [
        {**answered(told.table, version), **dict(zip(names, map(bool, holds), strict=True)), **more}
        for (version, holds), more in zip(found, beside, strict=True)
    ]


def item_answer(item: Item, request: Request, rows: Rows, moment: ListMoment) -> dict[str, Any]:
    """Return what is told of the item that the path names. Raises NotFound."""
    table = item.told.table
    named = [request.path_params[field.name] for field in table.key]
    where = [table.at(moment.position), *(column == value for column, value in zip(table.keys, named, strict=True))]
    judgements = [judgement.holds(moment) for judgement in item.told.judgements]
    found = rows.judged(table, where, judgements, [], 1)
    if not found:
        raise NotFound(f"there is no {item.name} {'/'.join(named)}")
    return {item.name: told_of(item.told, found, rows)[0]}
