"""Live, replayed and as of: however a position is come to, its answer is the same."""

import json
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from folding import Events, board_at, decoded, in_memory, positions_at, times
from histories import history
from kpi_projector.moment import Moment
from settable_clock import SettableClock
from system import System, opened, restored
from wco_common.event import RecordedEvent
from wco_common.instant import Instant, end_of_day, format_instant, parse_instant, utc_day
from wco_events.event_type import LOG_NAMES, PREFIX, SUFFIX, LogName
from wco_kpi.board import Board
from wco_kpi.scorecard import group_answers, heading, kpi_answer, kpi_answers

PERIODS = ["2022-23", "2023-24", "2024-25", "sp-2022-2025"]


def as_json(value: Any) -> Any:
    """What a client reads of an answer."""
    return json.loads(msgspec.json.Encoder(decimal_format="number").encode(value))


def replayed(events: Events, positions: dict[LogName, int], time: Instant, period: str) -> Any:
    """The scorecard as section 5 answers, by a replay in memory up to those positions."""
    board = Board(in_memory(events, positions), utc_day(time))
    as_of = Moment(time, positions, fixed=True).answer()
    return as_json(heading(board, period) | {"as_of": as_of, "kpis": kpi_answers(board, period)})


def by_time(events: Events) -> list[tuple[RecordedEvent, LogName]]:
    """Every event with its log, as they were recorded; the adoption of the plan first."""
    together = [(event, log) for log in LOG_NAMES for event in events[log]]
    return sorted(together, key=lambda one: (one[0].recordedtime, LOG_NAMES.index(one[1]), one[0].sequence))


@pytest.mark.parametrize("seed", [11, 12])
async def test_at_every_position_an_answer_as_of_is_a_replay_up_to_there(tmp_path: Path, seed: int) -> None:
    lines = history(seed, 50)
    await restored(tmp_path, lines)
    events = decoded(lines)
    async with AsyncExitStack() as stack:
        system = await opened(stack, tmp_path)
        positions: dict[LogName, int] = dict.fromkeys(LOG_NAMES, 0)
        for number, (event, log) in enumerate(by_time(events)):
            positions[log] += 1
            time = parse_instant(event.recordedtime)
            period = PERIODS[number % len(PERIODS)]
            said = ",".join(f"{name}:{at}" for name, at in positions.items())
            assert await system.get("scorecard", period=period, as_of=said) == replayed(events, positions, time, period)
            settled = positions_at(events, time)
            for moment in (time, end_of_day(utc_day(time))):
                expected = replayed(events, positions_at(events, moment), moment, period)
                text = format_instant(moment) if moment == time else str(utc_day(time))
                assert await system.get("scorecard", period=period, as_of=text) == expected, settled


async def test_posted_live_every_answer_is_a_replay_up_to_there_and_is_given_again_as_of(tmp_path: Path) -> None:
    given = by_time(decoded(history(13, 60)))
    clock = SettableClock(given[0][0].recordedtime)
    live: list[tuple[str, Any]] = []
    async with AsyncExitStack() as stack:
        system = await opened(stack, tmp_path, clock)
        for number, (event, log) in enumerate(given):
            clock.set(event.recordedtime)
            name = event.type.removeprefix(PREFIX).removesuffix(SUFFIX)
            place = await system.post(log, name, event.subject, **event.data)
            period = PERIODS[number % len(PERIODS)]
            live.append((period, await system.get("scorecard", period=period, after=place)))
        events = await recorded(system)
        for period, answer in live:
            time, positions = answer["as_of"]["time"], answer["as_of"]["positions"]
            assert answer == replayed(events, positions, parse_instant(time), period)
            assert await system.get("scorecard", period=period, as_of=time) == answer


async def recorded(system: System) -> Events:
    """Read all logs back."""
    logs = {log: await system.client.get(f"/{log}/v1/events", params={"limit": 1000}) for log in LOG_NAMES}
    return decoded({log: [msgspec.json.encode(event) for event in answer.json()] for log, answer in logs.items()})


async def test_every_dimension_of_every_kpi_is_that_of_a_replay(tmp_path: Path) -> None:
    lines = history(14, 150)
    await restored(tmp_path, lines)
    events = decoded(lines)
    time = times(events)[-1]
    board = board_at(events, time)
    async with AsyncExitStack() as stack:
        system = await opened(stack, tmp_path)
        for kpi, definition in board.plan.kpis.items():
            for dimension in definition.measure.dimensions:
                answer = await system.get(
                    f"kpis/{kpi}", period="sp-2022-2025", by=dimension, as_of=format_instant(time)
                )
                groups = as_json(group_answers(board, kpi, "sp-2022-2025", dimension))
                assert answer["groups"] == groups, (kpi, dimension)
                assert answer["kpi"] == as_json(kpi_answer(board, kpi, "sp-2022-2025"))


@pytest.mark.timeout(300)  # a replay up to the end of every day, also while the machine has other things to do
@pytest.mark.parametrize("stretch", [5, 10_000])
async def test_history_has_each_time_and_day_at_which_a_replay_comes_to_another_figure(
    tmp_path: Path, stretch: int
) -> None:
    lines = history(15, 60)
    await restored(tmp_path, lines)
    events = decoded(lines)
    async with AsyncExitStack() as stack:
        system = await opened(stack, tmp_path, stretch=stretch)
        for log in LOG_NAMES:
            await system.shown(f"{log}:{len(lines[log])}")
        for kpi, period in (
            ("RES.completion", "2023-24"),
            ("SP3.external-experts", "2023-24"),
            ("SO1.satisfaction", "sp-2022-2025"),
        ):
            entries: list[Any] = []
            query: dict[str, str] | None = {"period": period, "limit": "7"}
            while query is not None:
                answer = await system.client.get(f"/kpi-projector/v1/kpis/{kpi}/history", params=query)
                entries += answer.json()["entries"]
                until = parse_instant(answer.json()["as_of"]["time"])
                following = answer.links.get("next")
                query = None if following is None else dict(answer.url.join(following["url"]).params)
            told = [(each["time"], each["numerator"], each["denominator"], each["status"]) for each in entries]
            days = kpi == "RES.completion"
            assert told == expected_history(events, kpi, period, until, days=days)
            assert [each["cause"] is None for each in entries] == [
                each["time"].endswith("T23:59:59.999999Z") and parse_instant(each["time"]) not in times(events)
                for each in entries
            ]
            for each in entries:
                assert each["positions"] == positions_at(events, parse_instant(each["time"]))


def expected_history(
    events: Events, kpi: str, period: str, until: Instant, *, days: bool
) -> list[tuple[str, str, str, str]]:
    """Each recorded time, and with `days` each end of a day, at which numerator or denominator became others."""
    recorded_times = times(events)
    first = utc_day(recorded_times[0])
    ends = [end_of_day(first + timedelta(days=day)) for day in range((utc_day(until + 1) - first).days)] if days else []
    entries: list[tuple[str, str, str, str]] = []
    was: tuple[str, str] | None
    moments = sorted({*recorded_times, *ends})
    for time in moments:
        board = Board(in_memory(events, positions_at(events, time)), utc_day(time))
        if time in recorded_times:
            # Just before: what was recorded by then, seen from the same day.
            was = None if time == moments[0] else figure(events, positions_at(events, time - 1), time, kpi, period)
        else:
            was = entries[-1][1:3]
        now = figure(events, positions_at(events, time), time, kpi, period)
        if was != now:
            entries.append((format_instant(time), *now, str(board.status(kpi, period))))
    return entries


def figure(events: Events, positions: dict[LogName, int], time: Instant, kpi: str, period: str) -> tuple[str, str]:
    answer = kpi_answer(Board(in_memory(events, positions), utc_day(time)), kpi, period)
    return answer["numerator"], answer["denominator"]
