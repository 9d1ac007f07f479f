"""Whether served KPI values equal the replayed ones: now and at past moments, every period, every dimension."""

import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import msgspec

from kpi_projector.moment import Moment
from wco_common.bundle import FixedTime, Manifest, log_file
from wco_common.instant import Instant, format_instant, parse_instant
from wco_embedded.folded_bundle import FoldedBundle
from wco_embedded.progress import progress_bar
from wco_embedded.refusal import Refusal
from wco_embedded.replay import encode, scorecard
from wco_embedded.served import PLAN_NOT_ADOPTED, Served, Told
from wco_embedded.services import PROJECTOR
from wco_events.event_type import LOG_NAMES
from wco_kpi.board import Board
from wco_kpi.frame import NoPlan
from wco_kpi.scorecard import group_answers

PAST_MOMENTS = 4
"""Recorded times that are asked for, evenly spaced over the events, the first and the last among them."""

_READ_AT_ONCE = 1 << 20
"""Bytes of lines that are looked through before it is told how far that is."""

Answer = dict[str, Any]


class _Named(msgspec.Struct):
    id: str


class _Plan(msgspec.Struct):
    """What is read here of the plan in force."""

    plan: str
    periods: list[_Named]


class _AsOf(msgspec.Struct):
    time: FixedTime


class _Scorecard(msgspec.Struct):
    """What is read here of a scorecard."""

    period: str
    as_of: _AsOf
    kpis: list[_Named]


class _RecordedTime(msgspec.Struct):
    recordedtime: str


_recordedtime = msgspec.json.Decoder(_RecordedTime).decode


def current_answers(served: Served) -> list[Answer]:
    """Return every period's scorecard as it is served now; none where no plan is adopted."""
    try:
        plan = _get(served, "plan", {}, _Plan)
    except Told as told:
        if told.problem == PLAN_NOT_ADOPTED:
            return []
        raise
    periods = [*(period["id"] for period in plan["periods"]), plan["plan"]]
    return [_get(served, "scorecard", {"period": period}, _Scorecard) for period in periods]


def differences(served: Served, folder: Path, manifest: Manifest, current: list[Answer]) -> Iterator[str]:
    """Yield what is served otherwise than a bundle of the same services' logs gives when it is replayed.

    `current` are answers that were served, without as_of, before the bundle was cut.
    """
    past = _past_moments(folder)
    times = {*past, manifest.closed, *(_time(answer) for answer in current)}
    # Dimensions are many questions: at the newest moment, and at one in the middle of the past.
    thorough = {*past[PAST_MOMENTS // 2 : PAST_MOMENTS // 2 + 1], manifest.closed}
    with (
        progress_bar("Comparing", len(times)) as advance,
        FoldedBundle(folder, manifest, lambda size: None) as bundle,
    ):
        for time in sorted(times):
            moment = bundle.fold_to_time(time)
            try:
                board = Board(bundle.cells, moment.day)
            except NoPlan:
                yield from _without_plan(served, moment)
            else:
                yield from _scorecards(served, board, moment)
                if time in thorough:
                    yield from _groups(served, board, moment)
                for answer in current:
                    if _time(answer) == time:
                        yield from _now(answer, board, moment)
            advance(1)


def _past_moments(folder: Path) -> list[Instant]:
    files = [folder / log_file(log) for log in LOG_NAMES]
    times: list[str] = []
    with progress_bar("Looking for moments", sum(file.stat().st_size for file in files)) as advance:
        for file in files:
            with file.open("rb") as lines:
                while some := lines.readlines(_READ_AT_ONCE):
                    times += [_recordedtime(line).recordedtime for line in some]
                    advance(sum(map(len, some)))
    times.sort()
    last = len(times) - 1
    return [parse_instant(times[last * step // (PAST_MOMENTS - 1)]) for step in range(PAST_MOMENTS)] if times else []


def _time(answer: Answer) -> Instant:
    try:
        return parse_instant(answer["as_of"]["time"])
    except ValueError as error:
        raise Refusal(f"{PROJECTOR} answers as of a time that is none: {error}.") from None


def _get(served: Served, path: str, parameters: dict[str, str], shape: object) -> Answer:
    return served.get(PROJECTOR, f"v1/{path}", parameters, shape)


def _without_plan(served: Served, moment: Moment) -> Iterator[str]:
    as_of = format_instant(moment.time)
    try:
        _get(served, "plan", {"as_of": as_of}, Answer)
    except Told as told:
        if told.problem == PLAN_NOT_ADOPTED:
            return
        raise
    yield f"as of {as_of} a plan is served, but none was adopted by then"


def _now(answer: Answer, board: Board, moment: Moment) -> Iterator[str]:
    """Yield where a scorecard that was served without as_of is not that of its time."""
    period = answer["period"]
    if period in board.plan.windows:
        yield from _between(_expected(board, moment, period), answer, period, moment)
    else:
        yield f"{period}: a scorecard is served, but the plan has no such period"


def _scorecards(served: Served, board: Board, moment: Moment) -> Iterator[str]:
    for period in board.plan.windows:
        answer = _get(served, "scorecard", {"period": period, "as_of": format_instant(moment.time)}, _Scorecard)
        yield from _between(_expected(board, moment, period), answer, period, moment)


def _groups(served: Served, board: Board, moment: Moment) -> Iterator[str]:
    as_of = format_instant(moment.time)
    for kpi, definition in board.plan.kpis.items():
        for dimension, period in product(definition.measure.dimensions, board.plan.windows):
            answer = _get(served, f"kpis/{kpi}", {"period": period, "as_of": as_of, "by": dimension}, Answer)
            expected = json.loads(encode(group_answers(board, kpi, period, dimension)))
            if answer.get("groups") != expected:
                where = f"{kpi} by {dimension}, {period}, as of {as_of}"
                yield f"{where}: served {answer.get('groups')}, replayed {expected}"


def _expected(board: Board, moment: Moment, period: str) -> Answer:
    answer: Answer = json.loads(encode(scorecard(board, moment, period)))
    return answer


def _between(expected: Answer, answer: Answer, period: str, moment: Moment) -> Iterator[str]:
    """Yield where a served scorecard is not the expected one."""
    where = f"{period}, as of {format_instant(moment.time)}"
    kpis = {kpi["id"]: kpi for kpi in answer["kpis"]}
    for kpi in expected["kpis"]:
        served = kpis.pop(kpi["id"], {})
        for name in {**kpi, **served}:
            if served.get(name) != kpi.get(name):
                yield f"{kpi['id']}, {where}: {name} served {served.get(name)}, replayed {kpi.get(name)}"
    for kpi_id in kpis:
        yield f"{kpi_id}, {where}: served, but the plan does not have it"
    for name in {**expected, **answer}.keys() - {"kpis"}:
        if answer.get(name) != expected.get(name):
            yield f"{where}: {name} served {answer.get(name)}, replayed {expected.get(name)}"
