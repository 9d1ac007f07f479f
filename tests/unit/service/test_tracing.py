"""Spans of work on several traces, and whither spans go by the environment."""

import subprocess
import sys

import pytest
from opentelemetry.trace import SpanContext, TraceFlags

from exported import Exported
from wco_common.settings import WrongSettings
from wco_common.span_export import NOT_EXPORTED, OtelSettings, span_export
from wco_common.tracing import UNTRACED, Tracing


def context(number: int, *, sampled: bool = True) -> SpanContext:
    return SpanContext(number, number, True, TraceFlags(TraceFlags.SAMPLED if sampled else TraceFlags.DEFAULT))


@pytest.fixture
def exported() -> Exported:
    return Exported()


@pytest.fixture
def tracing(exported: Exported) -> Tracing:
    return exported.of("a-service")


def test_work_is_a_span_of_the_first_trace_and_linked_to_every_other_once(exported: Exported, tracing: Tracing) -> None:
    with tracing.work("fold", [None, context(1), context(2), context(1), context(3)], log="x"):
        pass
    [span] = exported.spans
    assert span.parent == context(1)
    assert [link.context for link in span.links] == [context(2), context(3)]
    assert span.attributes == {"wco_kpi.log": "x", "wco_kpi.traces": 3}


def test_work_on_nothing_that_is_sampled_makes_no_span(exported: Exported, tracing: Tracing) -> None:
    with tracing.work("fold", [None, context(1, sampled=False)]) as span:
        assert not span.is_recording()
    assert exported.spans == []


def test_what_is_not_sampled_is_neither_parent_nor_linked(exported: Exported, tracing: Tracing) -> None:
    with tracing.work("fold", [context(1, sampled=False), context(2), context(3, sampled=False)]):
        pass
    [span] = exported.spans
    assert (span.parent, len(span.links)) == (context(2), 0)


def test_no_more_spans_are_linked_than_the_standard_variable_allows(
    monkeypatch: pytest.MonkeyPatch, exported: Exported
) -> None:
    monkeypatch.setenv("OTEL_SPAN_LINK_COUNT_LIMIT", "3")
    with exported.of("limited").work("fold", [context(number) for number in range(1, 10)]):
        pass
    [span] = exported.spans
    assert (span.attributes or {})["wco_kpi.traces"] == 9
    assert [link.context for link in span.links] == [context(2), context(3), context(4)]


def test_work_that_fails_says_so(exported: Exported, tracing: Tracing) -> None:
    with pytest.raises(ValueError, match="no"), tracing.work("fold", [context(1)]):
        raise ValueError("no")
    [span] = exported.spans
    assert not span.status.is_ok


def test_a_step_is_made_within_a_span_that_is_under_way_and_nowhere_else(exported: Exported, tracing: Tracing) -> None:
    with tracing.step("evaluate", [context(7)]):
        pass
    assert exported.spans == []
    with tracing.work("fold", [context(1)]) as outer, tracing.step("evaluate", [context(7)]):
        pass
    step = exported.named("evaluate")[0]
    assert step.parent == outer.get_span_context()
    assert [link.context for link in step.links] == [context(7)]


def test_who_wants_no_spans_looks_at_nothing() -> None:
    def not_to_be_asked() -> SpanContext:
        raise AssertionError

    with UNTRACED.work("fold", (not_to_be_asked() for _ in range(1))) as span:
        assert not span.is_recording()
    assert UNTRACED.current() is None
    assert UNTRACED.of_requests["tracing"] is False


@pytest.mark.parametrize(
    ("environment", "exporter"),
    [
        ({}, None),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}, "otlp"),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"}, "otlp"),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, "otlp"),
        ({"OTEL_TRACES_EXPORTER": "console"}, "console"),
        ({"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}, None),
        ({"OTEL_SDK_DISABLED": "true", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}, None),
    ],
)
def test_the_standard_variables_say_whether_there_are_spans(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], exporter: str | None
) -> None:
    for variable in OtelSettings.variables():
        monkeypatch.delenv(variable, raising=False)
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    assert OtelSettings().exporter == exporter


def test_an_exporter_that_there_is_not_is_named() -> None:
    with pytest.raises(WrongSettings, match="OTEL_TRACES_EXPORTER is 'zipkin', but must be one of"):
        OtelSettings(traces_exporter="zipkin")


def test_without_an_exporter_nothing_of_the_sdk_is_loaded() -> None:
    assert span_export(OtelSettings(sdk_disabled=True), 1) is NOT_EXPORTED
    loaded = "import sys, survey_intake.app, kpi_projector.program; print('opentelemetry.sdk' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "False"
