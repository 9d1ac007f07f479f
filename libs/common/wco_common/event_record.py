"""A recorded event as a record of its log's topic: the CloudEvents Kafka binding, structured content mode.

Key is the subject, value the canonical bytes as they are stored. The trace that an event came with is beside it, in a
header of its own.
"""

from typing import Any

from wco_common.cloudevents import STRUCTURED
from wco_common.producer import Record

_CONTENT_TYPE = ("content-type", STRUCTURED.encode())
_TRACEPARENT = "traceparent"


def event_record(subject: str, body: bytes, traceparent: str | None) -> Record:
    """Return the record of an event."""
    headers = [_CONTENT_TYPE]
    if traceparent is not None:
        headers.append((_TRACEPARENT, traceparent.encode()))
    return Record(subject.encode(), body, headers)


def trace_of(record: Any) -> str | None:
    """Return the trace that a record of aiokafka's came with, None without one."""
    return next((value.decode("latin-1") for name, value in record.headers if name == _TRACEPARENT and value), None)
