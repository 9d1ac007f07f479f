"""A recorded event as a record of its log's topic: the CloudEvents Kafka binding, structured content mode.

Key is the subject, value the canonical bytes as they are stored. The trace that an event came with is beside it, in a
header of its own.
"""

from typing import Any

import msgspec

from wco_common.cloudevents import STRUCTURED
from wco_common.log import Line
from wco_common.producer import Record

_CONTENT_TYPE = ("content-type", STRUCTURED.encode())
_TRACEPARENT = "traceparent"


def event_record(subject: str, body: bytes, traceparent: str | None) -> Record:
    """Return the record of an event."""
    headers = [_CONTENT_TYPE]
    if traceparent is not None:
        headers.append((_TRACEPARENT, traceparent.encode()))
    return Record(subject.encode(), body, headers)


def recorded_line(record: Any) -> Line | None:
    """Return the event that a record of aiokafka's carries, None when it is none that a log would have written.

    Only its sequence is looked at: whether it is an event of that log is for who folds it.
    """
    try:
        sequence = int(_decode(record.value).sequence)
    except (msgspec.MsgspecError, TypeError, ValueError):
        return None
    return Line(sequence, record.value, trace_of(record))


def trace_of(record: Any) -> str | None:
    """Return the trace that a record of aiokafka's came with, None without one."""
    return next((value.decode("latin-1") for name, value in record.headers if name == _TRACEPARENT and value), None)


class _Sequenced(msgspec.Struct):
    sequence: str


_decode = msgspec.json.Decoder(_Sequenced).decode
