"""A state is built beside the one that answers, in view, and takes over once it stands where that one stands."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from integration.projector_on_kafka.conftest import Recorded
from kpi_projector.app import KpiProjector
from kpi_projector.progress import within
from kpi_projector.serving import StateId
from kpi_projector.settings import ProjectorSettings
from listed_log import ListedLog
from logs_on_kafka import NOWHERE, PATIENCE, LogsOnKafka, Projector, all_answers, all_replayed, projecting
from publishing import Publisher, publisher
from wco_common.clock import SystemClock
from wco_common.kafka import KafkaSettings
from wco_common.log import Head, Line
from wco_events.event_type import LOG_NAMES, LogName

LOG: LogName = "operations-feed"
CLOSED = 1_800_000_000_000_000


@asynccontextmanager
async def publishers(kafka: KafkaSettings) -> AsyncIterator[dict[LogName, Publisher]]:
    async with AsyncExitStack() as stack:
        yield {log: await stack.enter_async_context(publisher(log, kafka)) for log in LOG_NAMES}


async def ready(projector: Projector, yes: bool) -> str:
    """Wait until a projector is ready, or is not because of its state, and return what it says then."""
    serving, heartbeats = projector.it.serving, projector.it.heartbeats
    assert serving is not None
    async with asyncio.timeout(PATIENCE):
        while serving.serves is not yes or (yes and heartbeats.hindrance(30)):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    answer = await projector.get("readyz", 200 if yes else 503)
    return str(answer if yes else next(each["detail"] for each in answer["errors"] if each["pointer"] == "/state"))


async def test_it_takes_over_when_it_has_all_and_not_before(
    kafka_settings: KafkaSettings, postgres_database: str, recorded: Recorded
) -> None:
    lines = {log: [Line(number, body) for number, body in enumerate(recorded.lines[log], 1)] for log in LOG_NAMES}
    async with publishers(kafka_settings) as writing:
        for log in LOG_NAMES:
            await writing[log].publish(lines[log])
            await writing[log].mark(Head(len(lines[log]), CLOSED))
        async with projecting(postgres_database, kafka_settings, NOWHERE) as before:
            await before.folded(recorded.positions)
            await ready(before, True)
            answers = await all_answers(before, recorded.board, recorded.as_of)
            # A topic of another prefix lacks an event: the state that is built comes no further for now.
            other = kafka_settings.model_copy(update={"topic_prefix": f"{kafka_settings.topic_prefix}again."})
            async with publishers(other) as again:
                for log in LOG_NAMES:
                    await again[log].publish(lines[log][:5] if log == LOG else lines[log])
                    again[log].log_id = writing[log].log_id
                    await again[log].mark(Head(5 if log == LOG else len(lines[log]), CLOSED))
                async with projecting(postgres_database, other, NOWHERE, state="b") as after:
                    await after.folded(recorded.positions | {LOG: 5})
                    said = await ready(after, False)
                    assert said.startswith("is built beside fold_1, and has ")
                    assert f"{LOG} 5 of {recorded.positions[LOG]}" in said
                    assert 0 < await after.metric("wco_kpi_state_built") < 1
                    await ready(before, True)
                    await again[LOG].publish(lines[LOG][5:])
                    await again[LOG].mark(Head(len(lines[LOG]), CLOSED + 1))
                    await ready(after, True)
                    assert await after.metric("wco_kpi_state_built") == 1
                    assert (await ready(before, False)).startswith("is no more asked: fold_1_b answers since 20")
                    assert await all_answers(after, recorded.board, recorded.as_of) == answers
                    # Whoever asks the one before still gets its answers.
                    assert await all_answers(before, recorded.board, recorded.as_of) == answers
    assert answers == all_replayed(recorded.board, recorded.moment)


async def test_while_events_come_it_catches_up_and_an_earlier_state_takes_nothing_back(
    postgres_database: str, logs: LogsOnKafka, recorded: Recorded
) -> None:
    async with projecting(postgres_database, logs.kafka, logs.clients()) as before:
        await before.folded(recorded.positions)
        for number in range(10):
            sequence = await logs.launch(f"op-{number}")
        async with projecting(postgres_database, logs.kafka, logs.clients(), state="b") as after:
            await ready(after, True)
            place = f"{LOG}:{sequence}"
            answers = [await each.get("v1/scorecard", period="2022-23", after=place) for each in (before, after)]
            assert answers[0] == answers[1]
    async with projecting(postgres_database, logs.kafka, logs.clients()) as earlier:
        await earlier.folded(recorded.positions)
        await ready(earlier, False)
    async with projecting(postgres_database, logs.kafka, logs.clients(), state="b") as after:
        await ready(after, True)


async def test_of_states_that_begin_at_once_one_answers_and_in_the_end_the_latest(
    postgres_database: str, logs: LogsOnKafka, recorded: Recorded
) -> None:
    async with AsyncExitStack() as stack:
        states = ["", "a", "b", "b"]
        started = await asyncio.gather(
            *(
                stack.enter_async_context(projecting(postgres_database, logs.kafka, logs.clients(), state=state))
                for state in states
            )
        )
        for projector, state in zip(started, states, strict=True):
            await projector.folded(recorded.positions)
            await ready(projector, state == "b")


async def test_a_state_of_another_log_that_took_the_first_one_s_place_takes_over_when_it_has_all_of_that(
    kafka_settings: KafkaSettings, postgres_database: str, recorded: Recorded
) -> None:
    lines = {log: [Line(number, body) for number, body in enumerate(recorded.lines[log], 1)] for log in LOG_NAMES}
    async with publishers(kafka_settings) as writing:
        for log in LOG_NAMES:
            await writing[log].publish(lines[log])
            await writing[log].mark(Head(len(lines[log]), CLOSED))
        async with projecting(postgres_database, kafka_settings, NOWHERE) as before:
            await before.folded(recorded.positions)
        # A log that was begun again from half a backup has fewer events than the one that was folded.
        other = kafka_settings.model_copy(update={"topic_prefix": f"{kafka_settings.topic_prefix}again."})
        half = len(lines[LOG]) // 2
        async with publishers(other) as again:
            for log in LOG_NAMES:
                await again[log].publish(lines[log])
                again[log].log_id = writing[log].log_id if log != LOG else again[log].log_id
                await again[log].mark(Head(half if log == LOG else len(lines[log]), CLOSED))
            async with projecting(postgres_database, other, NOWHERE, state="b") as after:
                await ready(after, True)
                assert after.it.progress.positions == recorded.positions | {LOG: half}


async def test_a_state_from_before_there_were_several_answers_on_and_is_not_folded_again(
    kafka_settings: KafkaSettings, postgres_database: str, recorded: Recorded
) -> None:
    logs = [ListedLog(log, recorded.lines[log]) for log in LOG_NAMES]
    alone = KpiProjector(logs, SystemClock(5), ProjectorSettings(database_url=postgres_database))
    async with alone:
        there = alone.progress.positions
        assert await alone.progress.until(lambda: there == recorded.positions, within(PATIENCE))
    # Nothing is in the topics that it could be folded from.
    async with projecting(postgres_database, kafka_settings, NOWHERE) as projector:
        await ready(projector, True)
        assert await projector.it.state.positions() == recorded.positions


@pytest.mark.parametrize(
    ("earlier", "later"), [((1, ""), (2, "")), ((1, ""), (1, "a")), ((1, "a"), (1, "b")), ((9, "z"), (10, ""))]
)
def test_a_later_fold_takes_over_and_of_one_fold_the_later_name(
    earlier: tuple[int, str], later: tuple[int, str]
) -> None:
    assert StateId(*earlier) < StateId(*later)
    assert StateId(*earlier).schema != StateId(*later).schema
