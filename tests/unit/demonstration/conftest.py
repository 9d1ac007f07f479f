"""The committed demonstration: its folder, its events, and the board as of any day."""

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from folding import Events, board_at, decoded
from wco_common.bundle import log_file
from wco_common.event import RecordedEvent
from wco_common.instant import end_of_day
from wco_events.event_type import LOG_NAMES
from wco_kpi.scorecard import kpi_answers

BUNDLE = Path(__file__).parents[3] / "data" / "wco_data" / "demonstration"

Kpi = Callable[..., dict[str, Any]]
Recorded = Callable[..., list[RecordedEvent]]


@pytest.fixture(scope="session")
def events() -> Events:
    """The events of the three logs."""
    return decoded({log: (BUNDLE / log_file(log)).read_bytes().splitlines() for log in LOG_NAMES})


@pytest.fixture(scope="session")
def recorded(events: Events) -> Recorded:
    """The recorded events of a type, perhaps of one subject, in order."""

    def find(name: str, subject: str | None = None) -> list[RecordedEvent]:
        found = [
            event
            for log in LOG_NAMES
            for event in events[log]
            if event.type == f"org.wcoomd.{name}.v1" and subject in (None, event.subject)
        ]
        assert found, f"the demonstration has no {name}"
        return found

    return find


@pytest.fixture(scope="session")
def kpi(events: Events) -> Kpi:
    """A KPI of a period as it stood at the end of a day, as the projector answers."""

    @cache
    def scorecard(period: str, day: str) -> dict[str, dict[str, Any]]:
        board = board_at(events, end_of_day(date.fromisoformat(day)))
        return {answer["id"]: answer for answer in kpi_answers(board, period)}

    return lambda name, period, day: scorecard(period, day)[name]
