"""Programs that append: killed in the middle of it, and several to one log."""

import asyncio
import random
from asyncio.subprocess import Process

import pytest

from accounts import LOG, Accounts, paid
from integration.log.appending import AT_A_TIME
from integration.log.conftest import Start
from wco_common.clock import SystemClock
from wco_common.event import RecordedEvent, decode_recorded
from wco_common.sql_log import SqlLog, SubjectVersion, open_log

ROUNDS = 3


async def told(process: Process, until: int | None = None) -> dict[str, int]:
    """The sequences by id that a program has told of: the first `until` of them, or all to its end."""
    assert process.stdout is not None
    lines: dict[str, int] = {}
    while until is None or len(lines) < until:
        line = await process.stdout.readline()
        if not line.endswith(b"\n"):  # the end, or a line in the middle of which the program was killed
            break
        id_, sequence = line.decode().split()
        lines[id_] = int(sequence)
    return lines


async def events_of(log: SqlLog) -> list[RecordedEvent]:
    """All events of a log, seen to have no gap, no id twice, and times that never run backwards."""
    events = [decode_recorded(line.body) for line in await log.read(0, 100_000)]
    assert [int(event.sequence) for event in events] == list(range(1, len(events) + 1))
    assert [event.subjectversion for event in events] == list(range(1, len(events) + 1))
    assert len({event.id for event in events}) == len(events)
    times = [event.recordedtime for event in events]
    assert times == sorted(times)
    return events


async def test_after_kills_at_any_moment_every_event_that_was_told_is_there_once(log_url: str, start: Start) -> None:
    chance = random.Random(7)
    recorded: dict[str, int] = {}
    for round_ in range(ROUNDS):
        process = await start(log_url, f"round{round_}-", 10_000)
        recorded |= await told(process, chance.randint(2, 120))
        process.kill()
        recorded |= await told(process)
        assert await process.wait() == -9
    async with open_log(LOG, log_url, Accounts(), SystemClock(5)) as log:
        # A server may still be at the last commit of a program that is gone; to close the log waits for its lock.
        await log.close()
        events = await events_of(log)
        assert recorded.items() <= {event.id: int(event.sequence) for event in events}.items()
        # At most what was under way at a kill is there without having been told.
        assert len(events) <= len(recorded) + ROUNDS * AT_A_TIME
        # What the rules remember is there to the last event too: the account holds what was paid in, and no more.
        payments = len(events) - 1
        assert await log.subject("account", "a") == SubjectVersion(len(events), len(events))
        await log.appender.append([paid("a", amount=-payments)])


@pytest.mark.parametrize(("names", "events"), [(("x", "y"), 401), (("z", "z"), 201)], ids=["two", "the same"])
async def test_two_programs_append_to_one_log_and_share_its_order(
    postgres_log_url: str, start: Start, names: tuple[str, str], events: int
) -> None:
    processes = [await start(postgres_log_url, name, 200) for name in names]
    first, second = await asyncio.gather(*(told(process) for process in processes))
    assert [await process.wait() for process in processes] == [0, 0]
    async with open_log(LOG, postgres_log_url, Accounts(), SystemClock(5)) as log:
        recorded = {event.id: int(event.sequence) for event in await events_of(log)}
    assert len(recorded) == events
    assert first | second == recorded
    # The same event from both was recorded once, and both were told where.
    assert all(second[id_] == sequence for id_, sequence in first.items() if id_ in second)
    # They took turns.
    turns = [id_ in first for id_ in sorted(recorded, key=recorded.__getitem__)]
    assert names[0] == names[1] or len(set(turns[:-50])) == 2
