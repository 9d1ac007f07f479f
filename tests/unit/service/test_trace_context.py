"""What of a request's headers is kept as its trace: W3C Trace Context, section 3."""

from typing import Any

import pytest
from opentelemetry.trace import SpanContext, TraceFlags, TraceState

from traces import TRACE
from wco_common.trace_context import NO_TRACE, TraceContext, context_of, sent_with, text_of

assert TRACE.traceparent is not None
PARENT: str = TRACE.traceparent


def request_with(*headers: tuple[bytes, bytes]) -> dict[str, Any]:
    return {"type": "http", "headers": list(headers)}


def sent(parent: str, *states: str) -> TraceContext:
    return sent_with(
        request_with((b"traceparent", parent.encode()), *((b"tracestate", state.encode()) for state in states))
    )


@pytest.mark.parametrize(
    "parent", [PARENT, PARENT.replace("00-", "01-", 1), PARENT.replace("00-", "cc-", 1) + "-what.comes"]
)
def test_a_traceparent_is_taken(parent: str) -> None:
    assert sent(parent) == TraceContext(parent, None)


@pytest.mark.parametrize(
    "parent",
    ["", "x", PARENT.upper(), PARENT + "-x", PARENT.replace("00-", "ff-", 1),
     PARENT.replace("0af7651916cd43dd8448eb211c80319c", "0" * 32), PARENT.replace("b7ad6b7169203331", "0" * 16),
     PARENT[:-1], "01" + PARENT[2:] + "x", PARENT + " "],
)  # fmt: skip
def test_what_is_no_traceparent_is_left_aside_and_its_tracestate_too(parent: str) -> None:
    assert sent(parent, "rojo=1") == NO_TRACE
    assert sent_with(request_with(*[(b"traceparent", PARENT.encode())] * 2)) == NO_TRACE


@pytest.mark.parametrize(
    ("states", "kept"),
    [
        (["rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"], "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"),
        (["rojo=1", "congo=2"], "rojo=1,congo=2"),
        ([" rojo=1 ,, congo=2\t"], "rojo=1,congo=2"),
        (["fw529a3039@dt=FfffffffY"], "fw529a3039@dt=FfffffffY"),
        ([""], None),
        (["rojo"], None),
        (["ROJO=1"], None),
        (["rojo=1,rojo=2"], None),
        (["rojo=\xe9"], None),
        ([f"rojo={'x' * 256}"], f"rojo={'x' * 256}"),
        ([f"a={'x' * 250},b={'x' * 250},c={'x' * 20}"], None),
    ],
)
def test_a_tracestate_is_kept_as_far_as_everybody_would_pass_it_on(states: list[str], kept: str | None) -> None:
    assert sent(PARENT, *states) == TraceContext(PARENT, kept)


def test_a_span_is_named_by_headers_and_found_by_them() -> None:
    span = SpanContext(0xABC, 0xDEF, True, TraceFlags(1), TraceState([("rojo", "1")]))
    assert text_of(span) == TraceContext(f"00-{0xABC:032x}-{0xDEF:016x}-01", "rojo=1")
    assert context_of(text_of(span)) == span


@pytest.mark.parametrize(
    "kept", [NO_TRACE, TraceContext("nonsense"), TraceContext(PARENT.replace("b7ad6b7169203331", "0" * 16))]
)
def test_what_names_no_span_is_no_context(kept: TraceContext) -> None:
    assert context_of(kept) is None
