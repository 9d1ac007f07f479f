"""Foreign records: kept whole, listed and shown. They have no position, and no answer rests on them."""

import base64
from typing import Any
from urllib.parse import urlencode

import msgspec
from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request
from starlette.responses import Response

from kpi_projector.exchange import read
from kpi_projector.openapi import QUARANTINE_ANSWERS, QUARANTINE_PARAMETERS
from kpi_projector.schema import QUARANTINE
from wco_common.clock import wall_time
from wco_common.engine import SQLITE_WRITES, asking, changing
from wco_common.foreign_record import ForeignRecord
from wco_common.instant import format_instant
from wco_common.problem import NotFound
from wco_common.query import page_limit, position
from wco_common.service_app import ServiceApp

DEFAULT_LIMIT = 100

_DIALECTS: dict[str, Any] = {"sqlite": sqlite, "postgresql": postgresql}
_LISTED = (
    QUARANTINE.c.id,
    QUARANTINE.c.topic,
    QUARANTINE.c.partition,
    QUARANTINE.c.offset,
    QUARANTINE.c.written_at,
    QUARANTINE.c.found_at,
    QUARANTINE.c.reason,
)


class SqlQuarantine:
    """The quarantine in the projector's database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._writing = engine.execution_options(**{SQLITE_WRITES: True})

    async def put(self, record: ForeignRecord) -> None:
        """Keep a record, once however often and by however many instances it is read."""
        headers = [(name, None if value is None else _base64(value)) for name, value in record.headers]
        row = {
            "topic": record.topic,
            "partition": record.partition,
            "offset": record.offset,
            "written_at": record.written_at,
            "key": record.key,
            "value": record.value,
            "headers": msgspec.json.encode(headers).decode(),
            "reason": record.reason,
            "found_at": wall_time(),
        }
        putting = _DIALECTS[self._engine.dialect.name].insert(QUARANTINE).values(row).on_conflict_do_nothing()
        async with changing(self._writing) as connection:
            await connection.execute(putting)

    async def sizes(self) -> dict[str, int]:
        """Return how many records of each topic there are; a topic without any is left out."""
        wanted = select(QUARANTINE.c.topic, func.count().label("records")).group_by(QUARANTINE.c.topic)
        async with asking(self._engine) as connection:
            return {row.topic: row.records for row in await connection.execute(wanted)}

    async def page(self, after: int, limit: int) -> list[dict[str, Any]]:
        """Return up to `limit` records that came after the one with an id, in the order in which they came."""
        wanted = select(*_LISTED).where(QUARANTINE.c.id > after).order_by(QUARANTINE.c.id).limit(limit)
        async with asking(self._engine) as connection:
            return [_told(row._asdict()) for row in await connection.execute(wanted)]

    async def record(self, number: int) -> dict[str, Any] | None:
        """Return all of a record, None where there is none of that id."""
        async with asking(self._engine) as connection:
            row = (await connection.execute(select(QUARANTINE).where(QUARANTINE.c.id == number))).one_or_none()
        if row is None:
            return None
        headers = msgspec.json.decode(row.headers, type=list[tuple[str, str | None]])
        return _told({column.name: getattr(row, column.name) for column in _LISTED}) | {
            "key": _content(row.key),
            "value": _content(row.value),
            "headers": [
                {"name": name, "value": _content(None if value is None else base64.b64decode(value))}
                for name, value in headers
            ],
        }


class QuarantineApi:
    """What is asked of the quarantine over HTTP."""

    def __init__(self, quarantine: SqlQuarantine) -> None:
        self._quarantine = quarantine

    def add_to(self, app: ServiceApp) -> None:
        """Add the routes to an app."""
        for path, endpoint, summary, problems in (
            ("/v1/quarantine", self.listing, "Records of the topics that are no events of their logs", ()),
            ("/v1/quarantine/{id}", self.record, "One such record, whole", (NotFound,)),
        ):
            app.add_read(
                path, endpoint, summary, QUARANTINE_ANSWERS[path], *problems, parameters=QUARANTINE_PARAMETERS[path]
            )

    async def listing(self, request: Request) -> Response:
        """Answer with a page of the records, and how many there are."""
        query = read(request, {"after": position, "limit": page_limit})
        after, limit = query.get("after", 0), query.get("limit", DEFAULT_LIMIT)
        records = await self._quarantine.page(after, limit + 1)
        link = {}
        if len(records) > limit:
            link["Link"] = f'<?{urlencode({"after": records[limit - 1]["id"], "limit": limit})}>; rel="next"'
        size = sum((await self._quarantine.sizes()).values())
        return _json({"size": size, "records": records[:limit]}, link)

    async def record(self, request: Request) -> Response:
        """Answer with all of a record."""
        read(request, {})
        number = request.path_params["id"]
        # A number that no column takes is none of a record's.
        found = await self._quarantine.record(int(number)) if number.isdecimal() and len(number) <= 18 else None
        if found is None:
            raise NotFound(f"there is no record {number} in quarantine")
        return _json(found, {})


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return row | {name: format_instant(row[name]) for name in ("written_at", "found_at")}


def _content(content: bytes | None) -> dict[str, str] | None:
    """Return bytes as text if they are UTF-8, else in Base64."""
    if content is None:
        return None
    try:
        return {"text": content.decode()}
    except UnicodeDecodeError:
        return {"base64": _base64(content)}


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _json(body: dict[str, Any], headers: dict[str, str]) -> Response:
    headers = headers | {"Cache-Control": "no-cache"}
    return Response(msgspec.json.encode(body), headers=headers, media_type="application/json")
