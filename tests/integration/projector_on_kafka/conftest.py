"""Logs that hold a history, and topics that carry it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from folding import Events, decoded, in_memory, times
from histories import History, history
from kpi_projector.moment import Moment
from logs_on_kafka import LogsOnKafka, logs_on_kafka, relayed
from wco_common.instant import utc_day
from wco_common.kafka import KafkaSettings
from wco_events.event_type import LOG_NAMES, LogName
from wco_kpi.board import Board


@dataclass
class Recorded:
    """A history, and what a replay of it answers."""

    lines: History

    @property
    def events(self) -> Events:
        return decoded(self.lines)

    @property
    def positions(self) -> dict[LogName, int]:
        return {log: len(self.lines[log]) for log in LOG_NAMES}

    @property
    def as_of(self) -> str:
        return ",".join(f"{log}:{sequence}" for log, sequence in self.positions.items())

    @property
    def moment(self) -> Moment:
        return Moment(times(self.events)[-1], self.positions, fixed=True)

    @property
    def board(self) -> Board:
        return Board(in_memory(self.events, self.positions), utc_day(self.moment.time))


@pytest.fixture(scope="session")
def recorded() -> Recorded:
    return Recorded(history(31, 400))


@pytest.fixture
async def logs(tmp_path: Path, kafka_settings: KafkaSettings, recorded: Recorded) -> AsyncIterator[LogsOnKafka]:
    """The logs of the history, served and carried into their topics."""
    folder = tmp_path / "logs"
    async with logs_on_kafka(folder, kafka_settings, recorded.lines) as logs, relayed(folder, kafka_settings):
        yield logs
