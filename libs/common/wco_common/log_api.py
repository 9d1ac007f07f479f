"""The addresses of a log: post events, read them, ask after types, subjects and the head."""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse

from wco_common.cloudevents import BATCHED, STRUCTURED, Headers, content_mode, read_events
from wco_common.door import Door
from wco_common.event import Receipt
from wco_common.instant import format_instant
from wco_common.log import Line
from wco_common.log_metrics import LogMetrics
from wco_common.log_openapi import type_listing
from wco_common.media_type import preferred
from wco_common.problem import NotAcceptable, NotCloudEvent, NotFound, TooLarge, Unavailable
from wco_common.query import boolean, matching, one_of, page_limit, position, query_and_faults, read_query
from wco_common.sql_log import SqlLog
from wco_common.tracing import UNTRACED, Tracing
from wco_events.event_type import EventType, LogName
from wco_events.fault import Fault
from wco_events.forms import ID

NDJSON = "application/x-ndjson"
STREAMED_AT_ONCE = 500
"""Events read for one piece of a stream."""

_CUT_OFF = "the service is stopping, and the body has not come to its end: nothing is recorded"
_JSON = "application/json"
_MOVING = {"Cache-Control": "no-cache"}
SUBJECT = f"{ID}(/{ID})?"
"""The form of a subject: an id, or of a seizure report operation/report."""

_SUBJECT = re.compile(SUBJECT)
_SEQUENCE = re.compile("[1-9][0-9]{0,15}")
_EXPECTED_VERSION = re.compile(rb'"(0|[1-9][0-9]{0,999})"')
_encode = msgspec.json.Encoder().encode


class LogApi:
    """Answers the requests to one log."""

    def __init__(
        self,
        name: LogName,
        log: Callable[[], SqlLog],
        event_types: Sequence[EventType],
        max_body: int,
        metrics: LogMetrics,
        tracing: Tracing = UNTRACED,
    ) -> None:
        """Answer for what `log` gives at the time of a request; bodies have at most `max_body` bytes."""
        self._name = name
        self._log = log
        self._max_body = max_body
        self._metrics = metrics
        self._tracing = tracing
        by_type = {one.type: one for one in event_types}
        self._door = Door(by_type)
        self._types = _encode({"log": name, "types": [type_listing(one) for one in event_types]})
        self._kinds = {one.kind for one in event_types}
        self._filters = {
            "type": one_of(*by_type),
            "subject": matching(_SUBJECT, "must be a subject: an id, or of a seizure operation/report"),
        }

    async def post_events(self, request: Request) -> Response:
        """Record one event or a batch, or with `dry_run` say what would become of it."""
        headers = request.scope["headers"]
        query, faults = query_and_faults(request, {"dry_run": boolean})
        dry_run = query.get("dry_run", False)
        mode = content_mode(headers)
        batch = mode == "batched"
        if_match = _expected_version(headers, batch, faults)
        events = await self._door.admit_in_turns(read_events(mode, headers, await self._body(request)), faults)
        receipts = await self._log().appender.append(
            events, batch=batch, if_match=if_match, dry_run=dry_run, trace=self._tracing.kept(request.scope)
        )
        if receipts:
            self._tracing.describe(log=self._name, first=receipts[0].sequence, last=receipts[-1].sequence)
        body = _batch_body(self._name, receipts) if batch else receipts[0].body()
        if dry_run:
            return Response(_encode(body | {"dry_run": True}), media_type=_JSON)
        duplicates = sum([receipt.duplicate for receipt in receipts])
        if duplicates:
            self._metrics.duplicates.inc(duplicates)
        self._metrics.recorded.inc(len(receipts) - duplicates)
        status = 200 if duplicates == len(receipts) else 201
        location = {} if batch else {"Location": f"events/{receipts[0].sequence}"}
        return Response(_encode(body), status, location, media_type=_JSON)

    async def _body(self, request: Request) -> bytes:
        """Read the body, no further than it may be long.

        Raises ClientDisconnect when the client leaves before its end, Unavailable when the server does.
        """
        for name, value in request.scope["headers"]:
            if name == b"content-encoding":
                if (coding := value.decode("latin-1").lower()) != "identity":
                    detail = f"the body is in the content coding {coding}, and bodies are read as they are"
                    raise NotCloudEvent(detail, [Fault("Content-Encoding", detail)])
            elif name == b"content-length" and value.isdigit() and int(value) > self._max_body:
                raise self._too_large()
        chunks: list[bytes] = []
        left = self._max_body
        more = True
        while more:
            try:
                message = await request.receive()
            except asyncio.CancelledError:
                # The server stops, and has waited its time for this body. To be cut off would look like a defect.
                if (task := asyncio.current_task()) is not None:
                    task.uncancel()
                raise Unavailable(_CUT_OFF) from None
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            chunk = message.get("body", b"")
            left -= len(chunk)
            if left < 0:
                raise self._too_large()
            chunks.append(chunk)
            more = message.get("more_body", False)
        return b"".join(chunks)

    def _too_large(self) -> TooLarge:
        size = f"is over {self._max_body} bytes, the most that a request may have"
        return TooLarge(f"the body {size}", [Fault("", size)])

    async def get_types(self, request: Request) -> Response:
        """List the event types, each with the JSON Schema of a whole event and an example."""
        read_query(request, {})
        return Response(self._types, media_type=_JSON)

    async def get_subject(self, request: Request) -> Response:
        """Say at which version a subject is, for If-Match, and which event was its last."""
        read_query(request, {})
        kind, subject = request.path_params["kind"], request.path_params["subject"]
        found = (
            await self._log().subject(kind, subject) if kind in self._kinds and _SUBJECT.fullmatch(subject) else None
        )
        if found is None:
            raise NotFound(f"{self._name} has no {kind} {subject}")
        body = {"log": self._name, "kind": kind, "subject": subject, "version": found.version}
        return Response(_encode(body | {"sequence": found.sequence}), headers=_MOVING, media_type=_JSON)

    async def get_events(self, request: Request) -> Response:
        """Read the log in order: a page, or all of it as a stream."""
        query = read_query(request, {"after": position, "limit": page_limit, **self._filters})
        accept = ", ".join(request.headers.getlist("accept"))
        media_type = preferred(accept, [BATCHED, NDJSON])
        if media_type is None:
            detail = f"the log is read as {BATCHED} or as {NDJSON}"
            raise NotAcceptable(detail, [Fault("Accept", detail)])
        after, limit = query.get("after", 0), query.get("limit", 100)
        wanted = {name: query.get(name) for name in self._filters}
        headers = _MOVING | {"Vary": "Accept"}
        if media_type == NDJSON:
            end = (await self._log().head()).sequence
            # Read before 200 is said: once the stream has begun, to break it off is all that can be done.
            first = await self._piece(after, end, wanted)
            if request.method == "HEAD":
                return Response(headers=headers, media_type=NDJSON)
            return StreamingResponse(self._stream(first, end, wanted), headers=headers, media_type=NDJSON)
        lines = await self._log().read(after, limit + 1, **wanted)
        page = lines[:limit]
        if len(lines) > limit:
            rest = {"after": page[-1].sequence, "limit": limit} | {k: v for k, v in wanted.items() if v is not None}
            headers["Link"] = f'<events?{urlencode(rest)}>; rel="next"'
        return Response(b"[" + b",".join(line.body for line in page) + b"]", headers=headers, media_type=BATCHED)

    async def _stream(self, lines: list[Line], end: int, wanted: Mapping[str, str | None]) -> AsyncIterator[bytes]:
        """Yield events, and those after them up to `end`, as lines: what is recorded meanwhile is not waited for.

        Each piece is a read of its own, so that a slow client holds no connection to the database.
        """
        while lines:
            yield b"".join(line.body + b"\n" for line in lines)
            lines = await self._piece(lines[-1].sequence, end, wanted)

    async def _piece(self, after: int, end: int, wanted: Mapping[str, str | None]) -> list[Line]:
        """Read the next events of a stream that ends at a sequence; none at its end."""
        if after >= end:
            return []
        return [line for line in await self._log().read(after, STREAMED_AT_ONCE, **wanted) if line.sequence <= end]

    async def get_event(self, request: Request) -> Response:
        """Return the event at a position, as it was recorded."""
        read_query(request, {})
        text = request.path_params["sequence"]
        line = await self._log().event(int(text)) if _SEQUENCE.fullmatch(text) else None
        if line is None:
            raise NotFound(f"{self._name} has no event {text}")
        tag = f'"{hashlib.sha256(line.body).hexdigest()}"'
        headers = {"ETag": tag, "Cache-Control": "max-age=31536000, immutable"}
        known = request.headers.get("if-none-match", "")
        if tag in known or known == "*":
            return Response(status_code=304, headers=headers)
        return Response(line.body, headers=headers, media_type=STRUCTURED)

    async def get_head(self, request: Request) -> Response:
        """Close the log up to now, and say how far it is."""
        read_query(request, {})
        head = await self._log().close()
        body = {"log": self._name, "sequence": head.sequence, "closed_time": format_instant(head.closed)}
        return Response(_encode(body), headers=_MOVING, media_type=_JSON)


def _expected_version(headers: Headers, batch: bool, faults: list[Fault]) -> int | None:
    """Return the version that If-Match names, None without one; what is wrong with it is added to the faults."""
    sent = [value for name, value in headers if name == b"if-match"]
    if not sent:
        return None
    version = _EXPECTED_VERSION.fullmatch(sent[0])
    if batch:
        faults.append(Fault("If-Match", "names the version of one subject, and cannot go with a batch"))
    elif len(sent) > 1 or version is None:
        faults.append(Fault("If-Match", 'must be one version of the subject as "7", or "0" for a new one'))
    return int(version[1]) if version else None


def _batch_body(log: LogName, receipts: Sequence[Receipt]) -> dict[str, Any]:
    duplicates = sum(receipt.duplicate for receipt in receipts)
    return {
        "log": log,
        "recorded": len(receipts) - duplicates,
        "duplicates": duplicates,
        "events": [receipt.body() for receipt in receipts],
    }
