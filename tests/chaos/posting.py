"""Posting to a log once: what is sent, and what the answer says, if there is one."""

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Literal, NamedTuple

import httpx

from wco_common.event import Event
from wco_events.event_type import LogName

_FORMS = {False: "application/cloudevents+json", True: "application/cloudevents-batch+json"}
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_PROBLEM = "urn:wco-kpi:problem:"

Said = Literal["recorded", "refused", "not recorded", "nobody knows"]
"""What a client knows then: the events are recorded; they must not be sent again; they may; they are or are not."""


class Outcome(NamedTuple):
    """What came of a request: the places of its events, or the problem."""

    said: Said
    answers: list[dict[str, Any]]
    problem: str


async def post(
    client: httpx.AsyncClient, log: LogName, events: Sequence[Event], *, batch: bool, dry_run: bool = False
) -> Outcome:
    """Post events once, as a batch or, of one, by itself."""
    query = {"dry_run": "true"} if dry_run else {}
    headers = {"content-type": _FORMS[batch]}
    try:
        answer = await client.post(f"/{log}/v1/events", content=body(events, batch), headers=headers, params=query)
    except httpx.TransportError as error:
        said: Said = "not recorded" if isinstance(error, _NEVER_SENT) else "nobody knows"
        return Outcome(said, [], type(error).__name__)
    told = answer.json()
    if answer.is_success:
        return Outcome("recorded", told["events"] if batch else [told], "")
    problem = str(told["type"]).removeprefix(_PROBLEM)
    if problem == "commit-unknown":
        return Outcome("nobody knows", [], problem)
    return Outcome("not recorded" if answer.status_code in {429, 503} else "refused", [], problem)


async def break_off(host: str, port: int, log: LogName, event: Event, share: float) -> None:
    """Send the head of a request and so much of its body, and leave without waiting for an answer."""
    content = body([event], batch=False)
    head = (
        f"POST /{log}/v1/events HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: {_FORMS[False]}\r\n"
        f"Content-Length: {len(content)}\r\n\r\n"
    )
    with suppress(OSError):
        _, writer = await asyncio.open_connection(host, port)
        try:
            writer.write(head.encode() + content[: round(len(content) * share)])
            await writer.drain()
        finally:
            writer.close()
            await writer.wait_closed()


def body(events: Sequence[Event], batch: bool) -> bytes:
    """Return what is sent for events."""
    attributes = [event.attributes for event in events]
    return json.dumps(attributes if batch else attributes[0]).encode()
