"""What is refused, in which order things are looked at, and that a refusal records nothing."""

import asyncio
from typing import Any

import pytest

from accounts import noted, opened, paid
from contract.log.conftest import Opening
from settable_clock import SettableClock
from wco_common.problem import Conflict, IdReused, Invalid, VersionMismatch
from wco_common.sql_log import SqlLog
from wco_events.fault import Fault


async def test_what_contradicts_the_record_is_refused_with_all_its_faults(log: SqlLog) -> None:
    await log.appender.append([opened("a")])
    with pytest.raises(Conflict) as refused:
        await log.appender.append([paid("a", amount=-1, to="b")])
    assert refused.value.faults == [Fault("/data/to", "is not open"), Fault("/data/amount", "is not there")]
    assert (await log.head()).sequence == 1


async def test_later_events_of_a_batch_see_the_earlier_ones(log: SqlLog) -> None:
    receipts = await log.appender.append(
        [opened("a"), opened("b"), paid("a", amount=3), paid("a", amount=-3, to="b"), paid("b", amount=-3)]
    )
    assert [receipt.sequence for receipt in receipts] == [1, 2, 3, 4, 5]


async def test_a_batch_is_recorded_whole_or_not_at_all(log: SqlLog) -> None:
    with pytest.raises(Conflict) as refused:
        await log.appender.append([opened("a"), paid("a"), paid("a", amount=-2), opened("a")])
    assert refused.value.faults == [Fault("/data/amount", "is not there", 2)]
    assert (await log.head()).sequence == 0
    # Nothing of it is remembered either.
    (receipt,) = await log.appender.append([opened("a")])
    assert (receipt.sequence, receipt.subjectversion) == (1, 1)


async def test_a_batch_of_one_names_the_place_too_if_it_is_told_to_be_a_batch(log: SqlLog) -> None:
    for batch, index in ((True, 0), (False, None), (None, None)):
        with pytest.raises(Conflict) as refused:
            await log.appender.append([paid("nowhere")], batch=batch)
        assert [fault.index for fault in refused.value.faults] == [index]


async def test_a_refused_request_costs_its_neighbours_in_the_same_commit_nothing(log: SqlLog) -> None:
    answers = await asyncio.gather(
        log.appender.append([opened("a")]),
        log.appender.append([opened("b"), paid("a", amount=100), opened("a")]),
        log.appender.append([paid("b")]),
        log.appender.append([paid("a", amount=-1)]),
        log.appender.append([paid("a", amount=1)]),
        return_exceptions=True,
    )
    assert [type(answer) for answer in answers] == [list, Conflict, Conflict, Conflict, list]
    lines = await log.read(0, 10)
    assert [line.sequence for line in lines] == [1, 2]
    with pytest.raises(Conflict):
        await log.appender.append([paid("a", amount=-2)])


async def test_a_rule_that_fails_is_the_matter_of_its_request_alone(log: SqlLog) -> None:
    unreadable = paid("a")
    unreadable.data["amount"] = "much"
    answers = await asyncio.gather(
        log.appender.append([opened("a")]),
        log.appender.append([unreadable]),
        log.appender.append([paid("a")]),
        return_exceptions=True,
    )
    assert [type(answer) for answer in answers] == [list, TypeError, list]


async def test_what_happened_is_dated_tomorrow_at_the_latest(log: SqlLog, clock: SettableClock) -> None:
    clock.set("2024-06-26T23:59:59.000000Z")
    await log.appender.append([opened("a"), paid("a", paid_on="2024-06-27")])
    with pytest.raises(Invalid) as refused:
        await log.appender.append([paid("a", paid_on="2024-06-28")])
    assert [(fault.pointer, fault.index) for fault in refused.value.faults] == [("/data/paid_on", None)]


async def test_the_day_that_counts_is_that_of_the_recorded_time(log: SqlLog, clock: SettableClock) -> None:
    clock.set("2024-06-26T23:59:59.999999Z")
    await log.appender.append([opened("a")])
    # The clock stands still, but the next commit is a microsecond later: the day after.
    await log.appender.append([paid("a", paid_on="2024-06-28")])


async def test_of_a_batch_every_event_that_is_dated_too_late_is_named(log: SqlLog) -> None:
    late = {"paid_on": "2025-01-01"}
    with pytest.raises(Invalid) as refused:
        # That the first of them also contradicts the record is not looked at.
        await log.appender.append([paid("nowhere", **late), opened("a"), paid("a"), paid("a", **late)])
    assert [(fault.pointer, fault.index) for fault in refused.value.faults] == [
        ("/data/paid_on", 0),
        ("/data/paid_on", 3),
    ]


async def test_a_request_is_recorded_if_its_subject_is_at_the_version_that_it_expects(log: SqlLog) -> None:
    await log.appender.append([opened("a")], if_match=0)
    await log.appender.append([noted("a")], if_match=0)
    await log.appender.append([paid("a")], if_match=1)
    with pytest.raises(VersionMismatch) as refused:
        await log.appender.append([paid("a")], if_match=1)
    assert refused.value.faults == [Fault("If-Match", "names version 1, but account a is at version 2")]
    with pytest.raises(VersionMismatch) as refused:
        await log.appender.append([opened("b")], if_match=3)
    assert refused.value.faults == [Fault("If-Match", "names version 3, but account b does not exist yet")]


async def test_of_two_requests_at_once_that_expect_the_same_version_one_is_recorded(log: SqlLog) -> None:
    await log.appender.append([opened("a")])
    answers = await asyncio.gather(
        *(log.appender.append([paid("a")], if_match=1) for _ in range(5)), return_exceptions=True
    )
    assert [type(answer) for answer in answers] == [list] + [VersionMismatch] * 4


async def test_things_are_looked_at_in_the_order_of_the_contract(log: SqlLog) -> None:
    await log.appender.append([opened("a"), paid("a", id="1")])
    with pytest.raises(IdReused):
        await log.appender.append([paid("a", id="1", paid_on="2025-01-01", amount=-7)], if_match=9)
    with pytest.raises(Invalid):
        await log.appender.append([paid("a", paid_on="2025-01-01", amount=-7)], if_match=9)
    with pytest.raises(VersionMismatch):
        await log.appender.append([paid("a", amount=-7)], if_match=9)
    with pytest.raises(Conflict):
        await log.appender.append([paid("a", amount=-7)], if_match=2)


async def test_a_dry_run_answers_the_same_and_records_nothing(log: SqlLog) -> None:
    await log.appender.append([opened("a", id="1")])
    before = await log.head()
    batch = [opened("a", id="1"), paid("a", id="2"), paid("a", id="2"), paid("a", id="3", amount=-1)]
    dry = await log.appender.append(batch, dry_run=True)
    assert await log.head() == before
    assert dry == await log.appender.append(batch)


@pytest.mark.parametrize(
    ("problem", "data", "if_match"),
    [
        (IdReused, {"id": "2", "amount": 9}, None),
        (Invalid, {"paid_on": "2025-01-01"}, None),
        (VersionMismatch, {}, 7),
        (Conflict, {"amount": -9}, None),
    ],
)
async def test_a_dry_run_is_refused_as_the_event_would_be(
    log: SqlLog, problem: type[Exception], data: dict[str, Any], if_match: int | None
) -> None:
    await log.appender.append([opened("a"), paid("a", id="2")])
    with pytest.raises(problem):
        await log.appender.append([paid("a", **data)], if_match=if_match, dry_run=True)


async def test_a_dry_run_leaves_no_trace_for_its_neighbours_in_the_same_commit(log: SqlLog) -> None:
    dry, real, after = await asyncio.gather(
        log.appender.append([opened("a", id="1")], dry_run=True),
        log.appender.append([opened("a", id="1")]),
        log.appender.append([paid("a")], dry_run=True),
    )
    assert dry == real
    assert (after[0].sequence, after[0].subjectversion) == (2, 2)
    assert (await log.head()).sequence == 1


async def test_a_commit_that_records_nothing_moves_nothing(opening: Opening) -> None:
    commits: list[int] = []
    async with opening(observe=lambda events, seconds: commits.append(events)) as log:
        await log.appender.append([opened("a", id="1")])
        head = await log.head()
        await log.appender.append([opened("a", id="1")])
        with pytest.raises(Conflict):
            await log.appender.append([opened("a")])
        assert await log.head() == head
    assert commits == [1, 0, 0]
