"""Log lines: one JSON object a line, with the request they belong to, and nothing of what clients send."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from opentelemetry.trace import SpanContext, TraceFlags

from exported import Exported
from wco_common.structured_log import configure_logging, current_request, request_id
from wco_common.trace_context import text_of

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

SILENCED = ("uvicorn.access", "opentelemetry.trace.span")


def request_with(*headers: tuple[bytes, bytes]) -> dict[str, Any]:
    return {"type": "http", "headers": list(headers)}


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    root, silenced = logging.getLogger(), [logging.getLogger(name) for name in SILENCED]
    handlers, level, disabled = root.handlers, root.level, [logger.disabled for logger in silenced]
    yield
    root.handlers = handlers
    for logger, was in zip(silenced, disabled, strict=True):
        logger.disabled = was
    root.setLevel(level)
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_lines_of_ours_and_of_libraries_have_one_form(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info")
    structlog.get_logger("ours").info("recorded", events=2)
    logging.getLogger("theirs").warning("slow: %d s", 3)
    ours, theirs = lines(capsys)
    assert (ours["event"], ours["events"], ours["level"], ours["logger"]) == ("recorded", 2, "info", "ours")
    assert (theirs["event"], theirs["level"], theirs["logger"]) == ("slow: 3 s", "warning", "theirs")
    assert ours["timestamp"].endswith("Z")


def test_lines_below_the_level_and_lines_with_clients_addresses_are_not_written(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging("warning")
    structlog.get_logger().info("not wanted")
    logging.getLogger("uvicorn.access").error("127.0.0.1 - GET /")
    assert lines(capsys) == []


def test_a_line_names_the_request_that_it_belongs_to(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()
    token = current_request.set(request_with((b"x-request-id", b"r-1"), (b"traceparent", TRACE.encode())))
    structlog.get_logger().info("within")
    current_request.reset(token)
    structlog.get_logger().info("outside")
    within, outside = lines(capsys)
    assert (within["request_id"], within["traceparent"]) == ("r-1", TRACE)
    assert "request_id" not in outside


def test_a_traceback_shows_no_values(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()

    def fail(comments: str) -> None:
        raise KeyError(len(comments))

    try:
        fail(" ".join(["a", "private", "remark"]))
    except KeyError:
        structlog.get_logger().exception("unexpected error")
    (line,) = lines(capsys)
    assert "KeyError" in line["exception"]
    assert "a private remark" not in json.dumps(line)


def test_a_request_id_is_the_clients_if_plain_and_else_one_of_its_own() -> None:
    assert request_id(request_with((b"x-request-id", b"Abc.1~_-"))) == "Abc.1~_-"
    for headers in ([], [(b"x-request-id", b"a b")], [(b"x-request-id", b"a"), (b"x-request-id", b"b")]):
        request = request_with(*headers)
        assert len(request_id(request)) == 32
        assert request_id(request) == request_id(request)


def test_a_line_within_a_span_names_the_span(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()
    with Exported().of("a-service").work("fold", [SpanContext(1, 2, True, TraceFlags(TraceFlags.SAMPLED))]) as span:
        structlog.get_logger().info("within")
    [line] = lines(capsys)
    assert line["traceparent"] == text_of(span.get_span_context()).traceparent


def test_what_a_client_sends_as_its_tracestate_is_in_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()
    logging.getLogger("opentelemetry.trace.span").warning("Member doesn't match %s", "what a client sent")
    assert lines(capsys) == []
