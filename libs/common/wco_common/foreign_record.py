"""Which records of a log's topic are events of that log, and what is kept of those that are not."""

from dataclasses import dataclass
from typing import Any, NoReturn

import msgspec

from wco_common.canonical import canonical
from wco_common.event import RecordedEvent
from wco_common.event_record import trace_of
from wco_common.instant import Instant, is_fixed_width, parse_instant
from wco_common.log import Line
from wco_events.event_type import PREFIX, LogName
from wco_events.registry import EVENT_TYPES, EVENT_TYPES_BY_LOG

_TYPES = {log: {event_type.type for event_type in of_log} for log, of_log in EVENT_TYPES_BY_LOG.items()}
_LOG_OF_KIND = {event_type.kind: event_type.log for event_type in EVENT_TYPES.values()}


@dataclass(frozen=True, slots=True)
class ForeignRecord:
    """A record that is no event of the log whose topic it is in, whole, with the reason why."""

    topic: str
    partition: int
    offset: int
    written_at: Instant
    """When it was written, as Kafka has it."""
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    reason: str

    @classmethod
    def of(cls, record: Any, reason: str) -> "ForeignRecord":
        """Return what is kept of a record of aiokafka's."""
        return cls(
            record.topic,
            record.partition,
            record.offset,
            max(record.timestamp, 0) * 1000,
            record.key,
            record.value,
            tuple((name, value) for name, value in record.headers),
            reason,
        )


class Foreign(ValueError):
    """A record is no event of the log. The message says why: it goes on from `the record …`."""


def line_of(log: LogName, record: Any) -> Line:
    """Return the event that a record of aiokafka's carries. Raises Foreign when it is no event of the log.

    Whether the fold can make anything of it is not asked: an event of a type that nobody knows yet is an event of its
    log all the same, and must not be passed over.
    """
    try:
        event, is_canonical = _read(record.value)
        parse_instant(event.recordedtime)
    except (msgspec.MsgspecError, TypeError, ValueError) as error:
        raise Foreign(f"is no recorded event: {error or type(error).__name__}") from None
    text = event.sequence
    if len(text) != 16 or not (text.isascii() and text.isdigit()) or not (sequence := int(text)):
        raise Foreign("has a sequence that is no number from 1 in 16 digits")
    if not is_canonical:
        raise Foreign("is not in the canonical form (RFC 8785) that its log records")
    if not is_fixed_width(event.recordedtime):
        raise Foreign("has a recorded time that is not in UTC with six decimals and Z")
    if record.key != event.subject.encode():
        raise Foreign("does not have the event's subject as its key")
    if event.type not in _TYPES[log]:
        _check_type(log, event.type)
    return Line(sequence, record.value, *trace_of(record), event)


class _Ordinary(RecordedEvent, frozen=True, gc=False, omit_defaults=True):
    """A recorded event with all the attributes that most have: these are read in half the time."""

    specversion: str
    datacontenttype: str
    time: str | msgspec.UnsetType = msgspec.UNSET


def _read(body: bytes) -> tuple[RecordedEvent, bool]:
    """Return what bytes say, and whether they are its canonical form. Raises MsgspecError, TypeError, ValueError."""
    try:
        ordinary = _decode_ordinary(body)
    except msgspec.MsgspecError:
        pass
    else:
        if canonical(ordinary) == body:  # so it has no others
            return ordinary, True
    value = _decode(body)
    return msgspec.convert(value, RecordedEvent), canonical(value) == body


def _check_type(log: LogName, type_: str) -> None:
    """Raise Foreign where a type that nobody knows cannot be one of the log's to come."""
    if not type_.startswith(PREFIX):
        raise Foreign(f"is of a type that no log has: {type_}")
    if (other := _LOG_OF_KIND.get(type_.removeprefix(PREFIX).partition(".")[0], log)) != log:
        raise Foreign(f"is an event of {other}")


def _no_fraction(literal: str) -> NoReturn:
    raise ValueError(f"a number with a fraction or an exponent, {literal}")


_decode_ordinary = msgspec.json.Decoder(_Ordinary, float_hook=_no_fraction).decode
_decode = msgspec.json.Decoder(float_hook=_no_fraction).decode
