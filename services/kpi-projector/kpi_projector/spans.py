"""The projector's spans: of folds, and of the answers that what was folded is in."""

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import NamedTuple

from opentelemetry.trace import INVALID_SPAN, Span, SpanContext, SpanKind

from kpi_projector.moment import Moment
from wco_common.instant import format_instant
from wco_common.trace_context import TraceContext, context_of
from wco_common.tracing import NO_SPAN, UNTRACED, Tracing
from wco_events.event_type import LOG_NAMES, LogName

_FOLDS = 128
"""Folds of a log, the last ones, that answers are linked to."""


class _Fold(NamedTuple):
    first: int
    last: int
    span: SpanContext


class Spans:
    """Makes them, and knows which of the last folds an answer rests on. Another instance's folds it does not know."""

    def __init__(self, tracing: Tracing = UNTRACED) -> None:
        self._tracing = tracing
        self._folds: dict[LogName, deque[_Fold]] = {log: deque(maxlen=_FOLDS) for log in LOG_NAMES}

    def fold(self, log: LogName, first: int, last: int, traces: Sequence[TraceContext]) -> AbstractContextManager[Span]:
        """Make the span of folding events: in the first of the traces that they came with, linked to the others."""
        return self._fold(log, first, last, traces) if self._tracing.is_wanted else NO_SPAN

    def answer(self, moment: Moment) -> AbstractContextManager[Span]:
        """Make the span of working out an answer, within its request's: linked to the last fold of each log in it."""
        if self._tracing.current() is None:
            return NO_SPAN
        newest = [self._between(log, 0, moment.positions[log])[-1:] for log in LOG_NAMES]
        return self._tracing.step(
            "evaluate", [span for spans in newest for span in spans], time=format_instant(moment.time)
        )

    def difference(self, since: Moment, until: Moment, period: str) -> AbstractContextManager[Span]:
        """Make the span of working out what the stream tells: of work for the folds between two moments."""
        if not self._tracing.is_wanted:
            return NO_SPAN
        between = [self._between(log, since.positions[log], until.positions[log]) for log in LOG_NAMES]
        return self._tracing.work(
            "evaluate changes",
            [span for spans in between for span in spans],
            period=period,
            time=format_instant(until.time),
        )

    def told(self, kpis: Sequence[str]) -> None:
        """Say of the span that is under way which KPIs it found changed."""
        self._tracing.describe(kpis=kpis)

    @contextmanager
    def _fold(self, log: LogName, first: int, last: int, traces: Sequence[TraceContext]) -> Iterator[Span]:
        contexts = map(context_of, traces)
        with self._tracing.work(
            f"fold {log}", contexts, kind=SpanKind.CONSUMER, log=log, first=first, last=last
        ) as span:
            yield span
        if span is not INVALID_SPAN:
            self._folds[log].append(_Fold(first, last, span.get_span_context()))

    def _between(self, log: LogName, after: int, until: int) -> list[SpanContext]:
        """Return the spans of the folds that events after a position and up to another were in."""
        return [fold.span for fold in self._folds[log] if fold.last > after and fold.first <= until]
