"""A relay publishes every event of a log in order, and says by marks how far the topic is."""

from accounts import noted
from integration.relay.conftest import Relaying, Topics
from wco_common.sql_log import SqlLog


async def test_every_event_is_published_in_order_as_it_is_stored(
    log: SqlLog, relaying: Relaying, topics: Topics
) -> None:
    await log.appender.append([noted(f"s{number}") for number in range(1_000)])
    await log.appender.append([noted(f"s{number}") for number in range(1_000)])
    async with relaying():
        await topics.marked(2_000)
        await log.appender.append([noted("later")])
        await topics.marked(2_001)

    lines = await log.read(0, 3_000)
    records = await topics.events()
    assert [record.value for record in records] == [line.body for line in lines]
