"""Lists over HTTP: filtered, sorted, in pages that are all as of the first one's moment."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

import msgspec
from sqlalchemy import ColumnElement, literal, tuple_
from starlette.requests import Request
from starlette.responses import Response

from wco_common.entity_tag import is_known
from wco_common.lists.cursor import ListCursor, read_list_cursor
from wco_common.lists.declaring import Item, Listing, Told, read_day
from wco_common.lists.moment import ListMoment
from wco_common.lists.moments import ListMoments, read_place
from wco_common.lists.openapi import item_answers, item_parameters, list_answers, list_parameters
from wco_common.lists.reading import Reader, answered
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
        self._readers: dict[str, ReadText] = {"on": read_day, "after": read_place(moments.log)}

    async def answer(self, request: Request) -> Response:
        query = read_query(request, self._readers)
        async with self._moments.asked(query, None) as (moment, reader):
            body = moment.heading() | await item_answer(self._item, request, reader, moment)
        if is_known(request, moment.etag):
            return Response(None, 304, moment.headers())
        return Response(_encode(body), headers=moment.headers(), media_type="application/json")


class _ListEndpoint:
    """The pages of one list."""

    def __init__(self, moments: ListMoments, listing: Listing) -> None:
        self._moments = moments
        self._listing = listing
        self._filters = {filter.name: filter for filter in listing.all_filters}
        self._sorts = {
            f"{sign}{name}": (column, sign == "-") for name, column in listing.sorts.items() for sign in ("", "-")
        }
        self._readers: dict[str, ReadText] = {
            **{name: filter.read for name, filter in self._filters.items()},
            **({"sort": one_of(*self._sorts)} if self._sorts else {}),
            "on": read_day,
            "after": read_place(moments.log),
            "limit": page_limit,
            "cursor": read_list_cursor,
        }

    async def answer(self, request: Request) -> Response:
        """Answer with a page."""
        query = read_query(request, self._readers)
        limit = query.get("limit", DEFAULT_LIMIT)
        asked = _asked(request)
        cursor: ListCursor | None = query.get("cursor")
        if cursor is not None and cursor.of != _identity(request, asked):
            raise invalid("cursor", "is one of other pages: it goes with the parameters that it came with")
        order, descends = self._order(query.get("sort"))
        where = [*self._within(request), *_beyond(order, descends, cursor)]
        async with self._moments.asked(query, cursor) as (moment, reader):
            body = moment.heading()
            if self._listing.item is not None:
                body |= await item_answer(self._listing.item, request, reader, moment)
            if is_known(request, moment.etag):
                return Response(None, 304, moment.headers())
            if self._listing.only is not None:
                where.append(self._listing.only(moment))
            where += [self._filters[name].keeps(query[name], moment) for name in self._filters if name in query]
            rows, ends = await self._rows(reader, moment, where, order, descends, limit)
        body[self._listing.name] = rows[:limit]
        headers = moment.headers()
        if len(rows) > limit:
            place = (moment.version, moment.log_id, moment.position, moment.time, moment.day)
            following = opaque(ListCursor(_identity(request, asked), *place, tuple(ends[limit - 1])))
            headers["Link"] = f'<?{urlencode([*asked, ("limit", limit), ("cursor", following)])}>; rel="next"'
        return Response(_encode(body), headers=headers, media_type="application/json")

    def _order(self, sort: str | None) -> tuple[list[ColumnElement[Any]], bool]:
        """Return the columns of an order, and whether it descends: that of a sort, then the key."""
        table = self._listing.told.table
        if self._listing.is_course:
            return [table["sequence"]], False
        column, descends = self._sorts[sort or next(iter(self._sorts))]
        keys = table.keys[len(self._within_keys) :]
        return [column, *(key for key in keys if key is not column)], descends

    @property
    def _within_keys(self) -> Sequence[str]:
        return [] if self._listing.item is None else [field.name for field in self._listing.item.told.table.key]

    def _within(self, request: Request) -> list[ColumnElement[bool]]:
        named = [request.path_params[name] for name in self._within_keys]
        return [column == value for column, value in zip(self._listing.told.table.keys, named, strict=False)]

    async def _rows(
        self,
        reader: Reader,
        moment: ListMoment,
        where: Sequence[ColumnElement[bool]],
        order: Sequence[ColumnElement[Any]],
        descends: bool,
        limit: int,
    ) -> tuple[list[dict[str, Any]], list[Sequence[Any]]]:
        """Return one row more than a page has, if there is one, and of each the values that it is sorted by."""
        told = self._listing.told
        holds = told.table["sequence"] <= moment.position if self._listing.is_course else told.table.at(moment.position)
        judgements = [judgement.holds(moment) for judgement in told.judgements]
        found = await reader.judged(
            told.table,
            [holds, *where],
            [*judgements, *order],
            [column.desc() if descends else column for column in order],
            limit + 1,
        )
        versions = [version for version, _ in found]
        rows = await told_of(told, versions, [values[: len(judgements)] for _, values in found], reader)
        return rows, [values[len(judgements) :] for _, values in found]


def _asked(request: Request) -> list[tuple[str, str]]:
    """Return the parameters that make the pages what they are, as they were sent."""
    sent = parse_qsl(request.url.query, keep_blank_values=True)
    return [(name, value) for name, value in sent if name not in {"limit", "cursor", "after"}]


def _identity(request: Request, asked: Sequence[tuple[str, str]]) -> str:
    path: Mapping[str, str] = request.path_params
    return f"{request.scope['route'].path} {'/'.join(path.values())} {urlencode(sorted(asked))}"


def _beyond(
    order: Sequence[ColumnElement[Any]], descends: bool, cursor: ListCursor | None
) -> list[ColumnElement[bool]]:
    """Say of a row that it comes after what the page before ended with."""
    if cursor is None:
        return []
    kinds = [column.type.python_type for column in order]
    if [type(value) for value in cursor.after] != kinds:
        raise invalid("cursor", "is no cursor of this list; begin again without one")
    theirs = tuple_(*(literal(value, column.type) for value, column in zip(cursor.after, order, strict=True)))
    ours = tuple_(*order)
    return [ours < theirs if descends else ours > theirs]


async def told_of(
    told: Told,
    versions: Sequence[Version],
    judgements: Sequence[Sequence[Any]],
    reader: Reader,
) -> list[dict[str, Any]]:
    """Return what is told of rows, given what their judgements come to."""
    beside = await told.beside(reader, versions)
    names = [judgement.name for judgement in told.judgements]
    return [
        answered(told.table, version)
        | {name: bool(value) for name, value in zip(names, holds, strict=True)}
        | dict(more)
        for version, holds, more in zip(versions, judgements, beside, strict=True)
    ]


async def item_answer(item: Item, request: Request, reader: Reader, moment: ListMoment) -> dict[str, Any]:
    """Return what is told of the item that the path names. Raises NotFound."""
    table = item.told.table
    named = [request.path_params[field.name] for field in table.key]
    where = [table.at(moment.position), *(column == value for column, value in zip(table.keys, named, strict=True))]
    judgements = [judgement.holds(moment) for judgement in item.told.judgements]
    found = await reader.judged(table, where, judgements, [], 1)
    if not found:
        raise NotFound(f"there is no {item.name} {'/'.join(named)}")
    [(version, holds)] = found
    [told] = await told_of(item.told, [version], [holds], reader)
    return {item.name: told}
