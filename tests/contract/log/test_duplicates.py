"""The same event again gets the first answer; its id for another event is refused."""

import asyncio

import pytest
from msgspec.structs import replace

from accounts import noted, opened, paid
from settable_clock import SettableClock
from wco_common.problem import IdReused
from wco_common.sql_log import SqlLog
from wco_events.fault import Fault


async def test_the_same_event_again_gets_the_same_receipt_as_a_duplicate(log: SqlLog) -> None:
    (first,) = await log.appender.append([opened("a", id="1")])
    (again,) = await log.appender.append([opened("a", id="1")])
    assert again == replace(first, duplicate=True)
    assert (await log.head()).sequence == 1


async def test_two_requests_with_the_same_event_in_one_commit_record_it_once(log: SqlLog) -> None:
    (first,), (again,) = await asyncio.gather(*(log.appender.append([opened("a", id="1")]) for _ in range(2)))
    assert (first.duplicate, again) == (False, replace(first, duplicate=True))
    assert (await log.head()).sequence == 1


async def test_the_same_event_twice_in_a_batch_is_recorded_once(log: SqlLog) -> None:
    receipts = await log.appender.append([opened("a"), paid("a", id="1"), paid("a", id="1"), paid("a")])
    assert [(receipt.sequence, receipt.duplicate) for receipt in receipts] == [
        (1, False),
        (2, False),
        (2, True),
        (3, False),
    ]


async def test_a_batch_sent_again_with_more_in_it_records_what_is_new(log: SqlLog) -> None:
    batch = [opened("a", id="1"), paid("a", id="2")]
    first = await log.appender.append(batch)
    again = await log.appender.append([*batch, paid("a", id="3")])
    assert again[:2] == [replace(receipt, duplicate=True) for receipt in first]
    assert (again[2].sequence, again[2].subjectversion, again[2].duplicate) == (3, 3, False)


async def test_a_duplicate_is_one_however_its_keys_are_ordered(log: SqlLog) -> None:
    (first,) = await log.appender.append([noted("n", id="1")])
    event = noted("n", id="1")
    (again,) = await log.appender.append([replace(event, attributes=dict(reversed(event.attributes.items())))])
    assert again == replace(first, duplicate=True)


@pytest.mark.parametrize("difference", [{"time": "2024-01-01T00:00:00Z"}, {"subject": "o"}, {"data": {"owner": "Bob"}}])
async def test_an_id_is_refused_for_another_event(log: SqlLog, difference: dict[str, object]) -> None:
    event = noted("n", id="1")
    await log.appender.append([event])
    with pytest.raises(IdReused) as refused:
        await log.appender.append([replace(event, attributes=event.attributes | difference)])
    assert refused.value.faults == [
        Fault("/id", "was used by the same source for event 1, whose content is another", None)
    ]
    assert (await log.head()).sequence == 1


async def test_true_is_not_1(log: SqlLog) -> None:
    event = noted("n", id="1")
    await log.appender.append([replace(event, attributes=event.attributes | {"flag": True})])
    with pytest.raises(IdReused):
        await log.appender.append([replace(event, attributes=event.attributes | {"flag": 1})])


async def test_an_id_used_twice_within_a_batch_for_two_events_is_refused_with_the_place_of_the_second(
    log: SqlLog,
) -> None:
    with pytest.raises(IdReused) as refused:
        await log.appender.append([noted("n", id="1"), noted("m", id="1")])
    assert [(fault.pointer, fault.index) for fault in refused.value.faults] == [("/id", 1)]
    assert (await log.head()).sequence == 0


async def test_of_a_batch_the_first_event_that_is_refused_tells_why(log: SqlLog) -> None:
    await log.appender.append([noted("n", id="1")])
    with pytest.raises(IdReused):
        await log.appender.append([noted("m", id="1"), paid("nowhere")])


async def test_another_source_may_use_the_same_id(log: SqlLog) -> None:
    event = noted("n", id="1")
    await log.appender.append([event])
    (other,) = await log.appender.append([replace(event, attributes=event.attributes | {"source": "urn:other"})])
    assert (other.sequence, other.duplicate) == (2, False)


async def test_a_duplicate_is_answered_whatever_has_happened_since(log: SqlLog, clock: SettableClock) -> None:
    event = paid("a", id="1", amount=-1, paid_on="2024-06-27")
    await log.appender.append([opened("a"), paid("a"), event])
    # By now it would be refused: there is nothing left in the account, and it is dated later than tomorrow.
    clock.set("2024-06-20T12:00:00Z")
    (again,) = await log.appender.append([event], if_match=77)
    assert (again.sequence, again.duplicate) == (3, True)
