"""What is recorded, and what is answered for it."""

import asyncio
from itertools import pairwise

import msgspec

from accounts import LOG, noted, opened, paid
from contract.log.conftest import Opening
from traces import TRACE
from wco_common.append import AppendSettings
from wco_common.canonical import canonical
from wco_common.event import LOG_ATTRIBUTES, decode_recorded
from wco_common.log import Head
from wco_common.sql_log import SqlLog
from wco_common.trace_context import NO_TRACE


async def test_a_new_log_is_at_0_and_has_an_id(log: SqlLog) -> None:
    assert (await log.head(), list(await log.read(0, 10))) == (Head(0, 0), [])
    assert log.log_id.version == 4


async def test_an_event_is_recorded_as_its_canonical_bytes_with_the_three_attributes_of_the_log(log: SqlLog) -> None:
    event = opened("a")
    (receipt,) = await log.appender.append([event])
    (line,) = await log.read(0, 10)
    recorded = msgspec.json.decode(line.body)
    assert canonical(recorded) == line.body
    assert {name: recorded.pop(name) for name in LOG_ATTRIBUTES} == {
        "sequence": "0000000000000001",
        "recordedtime": "2024-06-26T12:00:00.000000Z",
        "subjectversion": 1,
    }
    assert recorded == event.attributes
    assert receipt.body() == {
        "log": LOG,
        "sequence": 1,
        "recordedtime": "2024-06-26T12:00:00.000000Z",
        "source": event.source,
        "id": event.id,
        "subject": "a",
        "subjectversion": 1,
        "duplicate": False,
    }


async def test_sequences_are_dense_and_in_the_order_of_the_requests(log: SqlLog) -> None:
    events = [noted(f"n{number}") for number in range(50)]
    receipts = await asyncio.gather(*(log.appender.append([event]) for event in events))
    assert [receipt.sequence for (receipt,) in receipts] == list(range(1, 51))
    assert [decode_recorded(line.body).id for line in await log.read(0, 100)] == [event.id for event in events]


async def test_the_events_of_one_commit_share_their_recorded_time_and_the_next_commits_is_later(log: SqlLog) -> None:
    # The clock stands still, so that it is the log that tells commits apart.
    first = await asyncio.gather(*(log.appender.append([noted("n")]) for _ in range(3)))
    second = await asyncio.gather(*(log.appender.append([noted("n")]) for _ in range(3)))
    times = [{receipt.recordedtime for (receipt,) in commit} for commit in (first, second)]
    assert [len(time) for time in times] == [1, 1]
    assert times[1] == {time + 1 for time in times[0]}
    assert (await log.head()).closed == times[1].pop()


async def test_versions_count_per_kind_and_subject(log: SqlLog) -> None:
    receipts = await log.appender.append([opened("a"), noted("a"), paid("a"), noted("b"), noted("a")])
    assert [receipt.subjectversion for receipt in receipts] == [1, 1, 2, 1, 2]
    (receipt,) = await log.appender.append([paid("a")])
    assert receipt.subjectversion == 3


async def test_a_source_and_id_of_any_length_are_recorded_and_known_again(log: SqlLog) -> None:
    # An index of PostgreSQL takes 2,704 bytes; an event may have 65,000.
    event = noted("n", id="é" * 20_000)
    event.attributes["source"] = "urn:" + "x" * 20_000
    (first,) = await log.appender.append([event])
    (again,) = await log.appender.append([event])
    assert (first.duplicate, again.duplicate, again.sequence) == (False, True, first.sequence)


async def test_source_and_id_are_told_apart_wherever_one_ends(log: SqlLog) -> None:
    for source, id_ in (("urn:a", "bc"), ("urn:ab", "c"), ("urn:a ", "bc")):
        event = noted("n", id=id_)
        event.attributes["source"] = source
        (receipt,) = await log.appender.append([event])
        assert not receipt.duplicate


async def test_the_trace_is_kept_beside_the_event_and_not_in_it(log: SqlLog) -> None:
    await log.appender.append([noted("n"), noted("n")], trace=TRACE)
    await log.appender.append([noted("n")])
    lines = await log.read(0, 10)
    assert [line.trace for line in lines] == [TRACE, TRACE, NO_TRACE]
    assert not any(b"4bf92f3577b34da6a3ce929d0e0e4736" in line.body for line in lines)


async def test_no_events_are_recorded_at_once(log: SqlLog) -> None:
    assert await log.appender.append([]) == []


async def test_what_was_recorded_is_there_when_the_log_is_opened_again(opening: Opening) -> None:
    async with opening() as log:
        await log.appender.append([opened("a"), paid("a", amount=5)])
        head, log_id = await log.head(), log.log_id
    async with opening() as log:
        assert (await log.head(), log.log_id, log.latest.head) == (head, log_id, head)
        (receipt,) = await log.appender.append([paid("a", amount=-5)])
        assert (receipt.sequence, receipt.subjectversion) == (3, 3)


async def test_more_events_than_share_a_commit_are_recorded_in_several(opening: Opening) -> None:
    commits: list[int] = []
    async with opening(
        settings=AppendSettings(events_a_commit=4), observe=lambda events, seconds: commits.append(events)
    ) as log:
        batches = [[noted("n")] * 1, [noted("n") for _ in range(3)], [noted("n") for _ in range(6)], [noted("n")]]
        await asyncio.gather(*(log.appender.append(batch) for batch in batches))
        times = [decode_recorded(line.body).recordedtime for line in await log.read(0, 100)]
    assert commits == [4, 6, 1]
    assert len(set(times)) == 3
    assert all(earlier <= later for earlier, later in pairwise(times))
