"""The HTTP protocol binding of CloudEvents 1.0.2, with the JSON event format: from a request to what it brought.

Three content modes: structured, batched and binary. What is read here is form alone; whether it makes a good
event is for the door to say.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Any, Literal
from urllib.parse import unquote_to_bytes

from wco_common.media_type import parse_media_type
from wco_common.problem import Invalid, NotCloudEvent, NotJson, TooLarge
from wco_common.strict_json import Document, faults_in
from wco_events.fault import Fault, pointer

Headers = Sequence[tuple[bytes, bytes]]
"""A request's headers as ASGI gives them: names in lower case."""

Mode = Literal["structured", "batched", "binary"]

STRUCTURED = "application/cloudevents+json"
BATCHED = "application/cloudevents-batch+json"

MAX_BATCH = 1_000
"""Events in a batch (outside contract, section 2)."""

MAX_FAULTS = 1_000
"""Faults listed of one event: enough for any event that is meant as one, and a bound on the answer to others."""

_QUOTED_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_HALF_ENCODED = re.compile(r"%(?![0-9A-Fa-f]{2})")


@dataclass(slots=True)
class Received:
    """An event as a request brought it.

    `attributes` holds what was sent, `data` included, without attributes that are null; `faults` what reading it
    found wrong. `index` is its place in a batch, None outside.
    """

    attributes: dict[str, Any]
    faults: list[Fault] = field(default_factory=list)
    index: int | None = None


def content_mode(headers: Headers) -> Mode:
    """Return the mode in which a request carries its events. Raises NotCloudEvent when it is in none."""
    declared = [value for name, value in headers if name == b"content-type"]
    if len(declared) > 1:
        raise NotCloudEvent("content-type is sent more than once", [Fault("Content-Type", "is sent more than once")])
    mode = _declared_mode(declared[0]) if declared else None
    if mode is not None:
        return mode
    if any(name.startswith(b"ce-") for name, _ in headers):
        return "binary"
    raise _wrong_content_type(
        f"an event is sent as {STRUCTURED}, several as {BATCHED}, or one as ce- headers with its data as the body"
    )


def _wrong_content_type(detail: str) -> NotCloudEvent:
    return NotCloudEvent(detail, [Fault("Content-Type", detail)])


@lru_cache(maxsize=256)
def _declared_mode(content_type: bytes) -> Mode | None:
    """Return the mode that a content type declares, None when it leaves it to the headers."""
    media_type = parse_media_type(content_type.decode("latin-1"))
    if media_type is None or not media_type.essence.startswith("application/cloudevents"):
        return None
    if media_type.essence not in {STRUCTURED, BATCHED}:
        raise _wrong_content_type(f"{media_type.essence} is not read here, of the event formats only JSON is")
    if not media_type.is_utf8:
        raise _wrong_content_type("JSON is UTF-8 (RFC 8259), no other charset is read")
    return "structured" if media_type.essence == STRUCTURED else "batched"


def read_events(mode: Mode, headers: Headers, body: bytes) -> list[Received]:
    """Read the events of a request: one, or those of a batch in its order.

    Raises NotJson, TooLarge for a batch of over 1,000, and Invalid for a body that is no event at all.
    """
    if mode == "binary":
        return [_binary(headers, body)]
    document = Document(body)
    if mode == "structured":
        return [_json_event(document.value, document.suspect)]
    if not isinstance(document.value, list):
        raise Invalid("a batch is a JSON array of events", [Fault("", "must be an array of events")])
    if len(document.value) > MAX_BATCH:
        size = f"has {len(document.value)} events, {MAX_BATCH} are the most"
        raise TooLarge(f"the batch {size}", [Fault("", size)])
    return [_json_event(value, document.suspect, index) for index, value in enumerate(document.value)]


def _json_event(value: Any, suspect: bool, index: int | None = None) -> Received:
    if not isinstance(value, dict):
        return Received({}, [Fault("", "must be an object: an event in the JSON event format")], index)
    faults = _first(faults_in(value)) if suspect else []
    return Received({name: item for name, item in value.items() if item is not None or name == "data"}, faults, index)


def _binary(headers: Headers, body: bytes) -> Received:
    event = Received({})
    for header, value in headers:
        if header == b"content-type":
            event.attributes["datacontenttype"] = value.decode("latin-1")
        elif header.startswith(b"ce-"):
            name = header[3:].decode("latin-1")
            if name == "datacontenttype":
                event.faults.append(
                    Fault("/datacontenttype", "is the content-type header; ce-datacontenttype may not stand beside it")
                )
            elif name == "data":
                event.faults.append(Fault("/data", "is the body, not a header"))
            elif name in event.attributes:
                event.faults.append(Fault(pointer(name), "is sent more than once"))
            else:
                try:
                    event.attributes[name] = _header_value(name, value)
                except ValueError as error:
                    event.faults.append(Fault(pointer(name), str(error)))
    if body:
        document = Document(body)
        event.attributes["data"] = document.value
        if document.suspect:
            event.faults.extend(_first(faults_in(document.value, "data")))
    return event


def _header_value(name: str, raw: bytes) -> str:
    """Decode a header into an attribute (section 3.1.3.2): a quoted-string first, then percent-encoding, once.

    Raises ValueError with what is wrong, NotJson where the bytes are not UTF-8.
    """
    try:
        text = raw.decode()
        if text.startswith('"'):
            quoted = _QUOTED_STRING.fullmatch(text)
            if quoted is None:
                raise ValueError("begins with a quotation mark, but is no quoted-string (RFC 7230, section 3.2.6)")
            text = re.sub(r"\\(.)", r"\1", quoted[1])
        if not text.isascii():
            raise ValueError("has characters that are not ASCII; in a header they have to be percent-encoded")
        if "%" not in text:
            return text
        if _HALF_ENCODED.search(text):
            raise ValueError("has a % that begins no percent-encoded byte; % itself is sent as %25")
        return unquote_to_bytes(text).decode()
    except UnicodeDecodeError:
        detail = "is not UTF-8 once it is percent-decoded"
        raise NotJson(f"the header ce-{name} {detail}", [Fault(pointer(name), detail)]) from None


def _first(faults: Iterable[Fault]) -> list[Fault]:
    return list(islice(faults, MAX_FAULTS))
