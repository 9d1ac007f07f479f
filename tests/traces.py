"""A trace that events come with: the examples of W3C Trace Context."""

from wco_common.trace_context import TraceContext

TRACE = TraceContext(
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"
)
