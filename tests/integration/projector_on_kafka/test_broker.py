"""A broker that is killed and started again loses nothing, and brings nothing twice."""

from pathlib import Path

import pytest

from integration.projector_on_kafka.conftest import Recorded
from integration.projector_on_kafka.test_instances import answer_as_a_replay
from logs_on_kafka import PATIENCE, logs_on_kafka, projecting, relayed
from parts import SETTINGS
from wco_cluster.kafka import kafka
from wco_cluster.part import started
from wco_common.kafka import KafkaSettings


@pytest.mark.timeout(300)  # a broker is started twice
async def test_while_a_broker_is_gone_what_is_settled_is_answered_and_the_rest_once_it_is_back(
    tmp_path: Path, postgres_database: str, recorded: Recorded
) -> None:
    part = kafka(tmp_path / "kafka", SETTINGS)
    broker = await started(part, SETTINGS)
    try:
        settings = KafkaSettings(bootstrap_servers=part.address, request_timeout=5)
        async with (
            logs_on_kafka(tmp_path / "logs", settings, recorded.lines) as logs,
            relayed(tmp_path / "logs", settings),
            projecting(postgres_database, settings, logs.clients(), wait=PATIENCE) as projector,
        ):
            await projector.folded(recorded.positions)
            before = await projector.get("v1/scorecard", period="2022-23")
            await broker.kill()
            sequence = await logs.launch("op")
            # It is recorded, and not in an answer yet; that grows old, and stays right.
            assert await projector.get("v1/scorecard", period="2022-23") == before
            broker = await started(part, SETTINGS)
            answer = await projector.get("v1/scorecard", period="2022-23", after=f"operations-feed:{sequence}")
            assert answer["as_of"]["positions"]["operations-feed"] == sequence
            await answer_as_a_replay(logs, recorded, projector)
    finally:
        await broker.kill()
