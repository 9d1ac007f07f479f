"""Whatever a topic holds, a log is read from it as it was recorded: whole, in order, each event once."""

import json
import random
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from accounts import noted
from integration.kafka_log.conftest import Topic
from publishing import record_of
from wco_common.canonical import canonical
from wco_common.event_record import event_record
from wco_common.log import Head, Line
from wco_common.problem import Unavailable
from wco_common.producer import Record
from wco_common.trace_context import NO_TRACE


async def test_events_that_are_there_again_are_read_once(topic: Topic) -> None:
    lines = await topic.events(12)
    await topic.publisher.publish([*lines[:8], *lines[5:9], *lines[2:9], *lines[8:]])
    await topic.mark()
    log = await topic.followed()
    assert await log.read(0, 100) == lines
    assert topic.counted("events_repeated") == 3 + 7 + 1
    assert (topic.counted("events_missing"), topic.reasons()) == (0, [])


async def test_from_wherever_it_is_read_repeats_are_passed_by(topic: Topic) -> None:
    chance = random.Random(5)
    lines = await topic.events(150)
    # Relays that take over one from another, each sending again what the one before had on its way.
    sent = 0
    while sent < len(lines):
        again = max(0, sent - chance.randint(0, 30))
        sent = min(len(lines), max(sent, again + chance.randint(1, 40)))
        await topic.publisher.publish(lines[again:sent])
    await topic.mark()
    log = await topic.followed()
    for after in chance.sample(range(150), 40):
        assert await log.read(after, 7) == lines[after : after + 7]
    assert topic.counted("events_missing") == 0


@pytest.mark.parametrize("missing", [slice(0, 1), slice(0, 5), slice(4, 5), slice(3, 9), slice(9, 10), slice(7, 10)])
async def test_events_that_are_missing_are_had_from_the_log_itself(topic: Topic, missing: slice) -> None:
    lines = await topic.events(10)
    await topic.publisher.publish([line for line in lines if line not in lines[missing]])
    await topic.mark()
    log = await topic.followed()
    assert await log.read(0, 100) == lines
    assert topic.counted("events_missing") == len(lines[missing])
    assert topic.reasons() == []


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
async def test_however_few_are_read_at_once_none_is_left_out(topic: Topic, limit: int) -> None:
    lines = await topic.events(12)
    await topic.publisher.publish([*lines[1:3], *lines[1:2], *lines[7:10]])
    await topic.mark()
    log = await topic.followed()
    read: list[Line] = []
    while len(read) < 12:
        some = await log.read(len(read), limit)
        assert 0 < len(some) <= limit
        read += some
    assert read == lines


async def test_an_empty_topic_of_a_log_that_has_events_is_one_hole(topic: Topic) -> None:
    lines = await topic.events(1_500)
    await topic.mark()
    log = await topic.followed()
    read = list(await log.read(0, 2_000))
    read += await log.read(len(read), 2_000)
    assert read == lines


async def test_what_is_before_a_hole_is_read_and_the_hole_named_while_the_log_cannot_be_asked(
    topic: Topic, nobody: httpx.AsyncClient
) -> None:
    lines = await topic.events(10)
    await topic.publisher.publish([*lines[:4], *lines[5:]])
    await topic.mark()
    log = await topic.followed(client=nobody)
    assert await log.read(0, 100) == lines[:4]
    for _ in range(2):
        with pytest.raises(Unavailable, match=r"event 5 is missing from the topic .* nobody is there"):
            await log.read(4, 100)
    # The hole is filled, or the log answers, and it goes on.
    assert await (await topic.followed()).read(4, 100) == lines[4:]


async def test_without_a_hole_nobody_asks_the_log(topic: Topic, nobody: httpx.AsyncClient) -> None:
    lines = await topic.events(10)
    await topic.publisher.publish([*lines[:5], *lines[3:5], *lines])
    await topic.mark()
    assert await (await topic.followed(client=nobody)).read(0, 100) == lines


def changed(line: Line, **differently: Any) -> bytes:
    return canonical(json.loads(line.body) | differently)


def as_it_is(line: Line, body: bytes) -> Record:
    return Record(record_of(line).key, body, [])


FOREIGN: dict[str, tuple[Callable[[Line], Record], str]] = {
    "nothing": (lambda line: Record(b"n", b"", []), "is no recorded event"),
    "text": (lambda line: as_it_is(line, b"hello"), "is no recorded event"),
    "bytes": (lambda line: as_it_is(line, b"\xff\xfe"), "is no recorded event"),
    "a list": (lambda line: as_it_is(line, b"[1]"), "is no recorded event"),
    "an event that nobody recorded": (
        lambda line: as_it_is(line, canonical({k: v for k, v in json.loads(line.body).items() if k != "sequence"})),
        "is no recorded event",
    ),
    "a sequence as a number": (lambda line: as_it_is(line, changed(line, sequence=4)), "is no recorded event"),
    "a short sequence": (lambda line: as_it_is(line, changed(line, sequence="4")), "has a sequence"),
    "the sequence 0": (lambda line: as_it_is(line, changed(line, sequence="0" * 16)), "has a sequence"),
    "another order of keys": (
        lambda line: as_it_is(
            line, json.dumps(json.loads(line.body), separators=(",", ":"), sort_keys=False).encode()[:-1] + b',"a":1}'
        ),
        "is not in the canonical form",
    ),
    "spaces": (lambda line: as_it_is(line, line.body.replace(b'":', b'": ')), "is not in the canonical form"),
    "a fraction": (lambda line: as_it_is(line, changed(line, data={"amount": 1.5})), "a number with a fraction"),
    "a time in another zone": (
        lambda line: as_it_is(line, changed(line, recordedtime="2024-06-26T14:00:00.000000+02:00")),
        "has a recorded time",
    ),
    "no time": (lambda line: as_it_is(line, changed(line, recordedtime="yesterday")), "is no recorded event"),
    "another key": (lambda line: Record(b"other", line.body, []), "does not have the event's subject as its key"),
    "another log's event": (
        lambda line: as_it_is(line, changed(line, type="org.wcoomd.survey.opened.v1")),
        "is an event of survey-intake",
    ),
    "nobody's event": (lambda line: as_it_is(line, changed(line, type="com.example.v1")), "is of a type that no log"),
}


@pytest.mark.parametrize(("make", "reason"), FOREIGN.values(), ids=FOREIGN)
async def test_a_record_that_is_no_event_of_the_log_is_set_aside_whole_and_takes_no_place(
    topic: Topic, make: Callable[[Line], Record], reason: str
) -> None:
    lines = await topic.events(6)
    foreign = make(lines[3])
    await topic.publisher.publish(lines[:3])
    await topic.publisher.write([foreign])
    await topic.publisher.publish(lines[3:])
    await topic.mark()
    log = await topic.followed()
    assert await log.read(0, 100) == lines
    (kept,) = topic.kept.quarantine
    assert reason in kept.reason
    assert (kept.offset, kept.key, kept.value) == (3, foreign.key, foreign.value)
    assert (topic.counted("records_foreign"), topic.counted("events_missing")) == (1, 0)


async def test_an_event_that_says_to_be_further_on_than_the_log_is_is_no_hole_but_foreign(topic: Topic) -> None:
    lines = await topic.events(6)
    ahead = changed(lines[3], sequence=f"{999:016d}", id="forged")
    await topic.publisher.publish(lines[:3])
    await topic.publisher.write([as_it_is(lines[3], ahead)])
    await topic.publisher.publish(lines[3:])
    await topic.mark()
    for after in (0, 2, 3, 5):
        assert await (await topic.followed()).read(after, 100) == lines[after:]
    assert set(topic.reasons()) == {"is not the event that the log has as 999"}
    assert topic.counted("events_missing") == 0


async def test_another_event_at_a_place_that_was_read_is_foreign(topic: Topic) -> None:
    lines = await topic.events(6)
    await topic.publisher.publish(lines[:4])
    await topic.publisher.write([as_it_is(lines[1], changed(lines[1], id="forged"))])
    await topic.publisher.publish(lines[4:])
    await topic.mark()
    assert await (await topic.followed()).read(0, 100) == lines
    assert topic.reasons() == ["is another event than the one that was read as 2 before"]


async def test_an_event_of_a_type_that_nobody_knows_is_an_event_of_the_log(topic: Topic) -> None:
    (line,) = await topic.events(1)
    body = changed(line, type="org.wcoomd.account.frozen.v1")
    await topic.publisher.write([event_record("n0", body, NO_TRACE)])
    await topic.publisher.mark(await topic.recorded.close())
    assert [line.body for line in await (await topic.followed()).read(0, 10)] == [body]


async def test_among_foreign_records_the_place_to_read_on_from_is_found(topic: Topic) -> None:
    lines = await topic.events(20)
    for line in lines:
        await topic.publisher.write([Record(b"?", b"?", [])] * 9)
        await topic.publisher.publish([line])
    await topic.publisher.write([Record(b"?", b"?", [])] * 200)
    await topic.mark()
    for after in range(0, 20, 3):
        assert await (await topic.followed()).read(after, 100) == lines[after:]


async def test_records_that_no_mark_speaks_of_are_not_read(topic: Topic) -> None:
    lines = await topic.events(6)
    await topic.publisher.publish(lines[:4])
    await topic.publisher.mark(Head(4, 1_000))
    await topic.publisher.publish(lines[4:])
    log = await topic.followed()
    assert await log.head() == Head(4, 1_000)
    assert await log.read(0, 100) == lines[:4]
    assert list(await log.read(4, 100)) == []
    await topic.mark()
    assert (await log.wait(Head(4, 1_000))).sequence == 6
    assert await log.read(4, 100) == lines[4:]


async def test_a_relay_that_was_held_up_sends_what_changes_nothing(topic: Topic) -> None:
    lines = await topic.events(9)
    await topic.publisher.publish(lines[:5])
    old = topic.publisher.offset
    await topic.publisher.publish(lines)
    head = await topic.mark()
    new, topic.publisher.offset = topic.publisher.offset, old
    await topic.publisher.mark(Head(5, 1_000))
    topic.publisher.offset = new
    log = await topic.followed()
    assert await log.head() == head
    assert await log.read(0, 100) == lines
    await topic.publisher.publish(lines[3:6])
    await topic.publisher.publish(more := (await topic.events(2))[9:])
    head = await topic.mark()
    assert await log.wait(Head(9, head.closed)) == head
    assert await log.read(9, 100) == more


async def test_more_events_than_one_fetch_carries_are_read(topic: Topic) -> None:
    for _ in range(8):
        await topic.recorded.appender.append([noted(f"n{each}", owner="x" * 2_000) for each in range(500)])
    lines = await topic.events(0)
    await topic.publisher.publish(lines)
    await topic.mark()
    log = await topic.followed()
    read: list[Line] = []
    while len(read) < len(lines):
        read += await log.read(len(read), 700)
    assert read == lines
    for after in (0, 3_999, 1_234, 2_999):
        assert await log.read(after, 3) == lines[after : after + 3]


@pytest.mark.parametrize("sent_late", [slice(8, 11), slice(0, 3), slice(19, 20), slice(5, 19)])
async def test_what_a_relay_sends_late_does_not_hide_what_is_before_it(
    topic: Topic, nobody: httpx.AsyncClient, sent_late: slice
) -> None:
    # A relay that was stopped sends a batch when another is far beyond it; from there on much is not behind it.
    lines = await topic.events(40)
    await topic.publisher.publish([*lines[:20], *lines[sent_late], *lines[20:], *lines[sent_late]])
    await topic.mark()
    for after in range(40):
        log = await topic.followed(client=nobody)
        assert await log.read(after, 100) == lines[after:]
    assert topic.counted("events_missing") == 0
