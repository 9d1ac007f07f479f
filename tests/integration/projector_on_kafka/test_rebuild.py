"""From Kafka alone, into an empty database, come the answers of a replay."""

from pathlib import Path

import pytest

from folding import in_memory, positions_at, times
from integration.projector_on_kafka.conftest import Recorded
from kpi_projector.moment import Moment
from logs_on_kafka import (
    NOWHERE,
    LogsOnKafka,
    all_answers,
    all_replayed,
    carried_whole,
    logs_on_kafka,
    projecting,
    scorecard,
)
from wco_common.instant import format_instant, utc_day
from wco_common.kafka import KafkaSettings
from wco_kpi.board import Board


@pytest.mark.parametrize("batch", [1_000, 7])
async def test_a_projector_that_has_nothing_but_the_topics_answers_as_a_replay(
    tmp_path: Path, kafka_settings: KafkaSettings, postgres_database: str, recorded: Recorded, batch: int
) -> None:
    async with logs_on_kafka(tmp_path / "logs", kafka_settings, recorded.lines):
        await carried_whole(tmp_path / "logs", kafka_settings, recorded.positions)
    async with projecting(postgres_database, kafka_settings, NOWHERE, fold_batch=batch) as rebuilt:
        await rebuilt.folded(recorded.positions)
        board, moment = recorded.board, recorded.moment
        assert await all_answers(rebuilt, board, recorded.as_of) == all_replayed(board, moment)
        for time in times(recorded.events)[::40]:
            positions = positions_at(recorded.events, time)
            past = Board(in_memory(recorded.events, positions), utc_day(time))
            for period in past.plan.windows:
                answer = await rebuilt.get("v1/scorecard", period=period, as_of=format_instant(time))
                assert answer == scorecard(past, Moment(time, positions, fixed=True), period)


async def test_a_projector_that_starts_again_folds_on_where_it_stood(
    postgres_database: str, logs: LogsOnKafka, recorded: Recorded
) -> None:
    async with projecting(postgres_database, logs.kafka, logs.clients()) as projector:
        await projector.folded(recorded.positions)
    sequence = await logs.launch("again")
    async with projecting(postgres_database, logs.kafka, logs.clients()) as projector:
        answer = await projector.get("v1/scorecard", period="2022-23", after=f"operations-feed:{sequence}")
        assert answer["as_of"]["positions"] == recorded.positions | {"operations-feed": sequence}
        assert await all_answers(projector, recorded.board, recorded.as_of) == all_replayed(
            recorded.board, recorded.moment
        )
        assert await projector.metric("wco_kpi_topic_events_missing_total", log="operations-feed") == 0
