"""A recorded event as a record of its log's topic: the CloudEvents Kafka binding, structured content mode.

Key is the subject, value the canonical bytes as they are stored. The trace that an event came with is beside it, in
headers of its own.
"""

from typing import Any

from wco_common.cloudevents import STRUCTURED
from wco_common.producer import Record
from wco_common.trace_context import NO_TRACE, TraceContext

_CONTENT_TYPE = ("content-type", STRUCTURED.encode())


def event_record(subject: str, body: bytes, trace: TraceContext) -> Record:
    """Return the record of an event."""
    headers = [_CONTENT_TYPE]
    if trace != NO_TRACE:
        headers += [(name, value.encode()) for name, value in trace._asdict().items() if value is not None]
    return Record(subject.encode(), body, headers)


def trace_of(record: Any) -> TraceContext:
    """Return the trace that a record, of ours or of aiokafka's, came with."""
    if len(record.headers) < 2:  # the content type alone
        return NO_TRACE
    headers = dict(record.headers)
    if not (traceparent := headers.get("traceparent")):
        return NO_TRACE
    tracestate = headers.get("tracestate")
    return TraceContext(traceparent.decode("latin-1"), tracestate.decode("latin-1") if tracestate else None)
