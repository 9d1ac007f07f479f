"""A log whose topic is not its own becomes read-only, and a person heals it, on each kind of database.

A backup is a copy of a log's database. Put in the log's place it lacks what was recorded and published after it.
"""

import shutil
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from accounts import LOG, Accounts, admit, noted, opened, paid
from integration.relay.conftest import Relaying, Topics, hold, opened_log, until
from publishing import publisher
from traces import TRACE
from wco_common.heal import healing
from wco_common.kafka import KafkaSettings
from wco_common.log import Line
from wco_common.migrate import upgrade
from wco_common.problem import Unavailable
from wco_common.producer import Record
from wco_common.relay import Relay, RelaySettings
from wco_common.sql_log import SubjectVersion
from wco_common.taking_back import NotHealed

Copying = Callable[[str], Awaitable[str]]
SETTINGS = RelaySettings(log=LOG)


@pytest.fixture
async def log_url(database_url: str) -> str:
    """The URL of a database in which a log was born, of each kind."""
    await upgrade(database_url, LOG)
    return database_url


@pytest.fixture
async def copying(tmp_path: Path) -> AsyncIterator[Callable[[str], Awaitable[str]]]:
    """Copies a database that nobody is connected to, and returns the copy's URL."""
    made: list[str] = []

    @asynccontextmanager
    async def server(url: str) -> AsyncIterator[Callable[[str], Awaitable[object]]]:
        engine = create_async_engine(make_url(url).set(database="postgres"), isolation_level="AUTOCOMMIT")
        async with engine.connect() as connection:
            yield lambda statement: connection.execute(text(statement))
        await engine.dispose()

    async def copy(url: str) -> str:
        name = f"copy_{uuid.uuid4().hex}"
        if url.startswith("sqlite"):
            shutil.copy(make_url(url).database or "", tmp_path / name)
            return f"sqlite+aiosqlite:///{tmp_path / name}"
        async with server(url) as execute:
            await execute(f"CREATE DATABASE {name} TEMPLATE {make_url(url).database}")
        made.append(make_url(url).set(database=name).render_as_string(hide_password=False))
        return made[-1]

    yield copy
    for url in made:
        async with server(url) as execute:
            await execute(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")


@pytest.fixture
async def lines() -> list[Line]:
    """What the log had, when the backup takes its place."""
    return []


@pytest.fixture
async def backup(log_url: str, copying: Copying, relaying: Relaying, topics: Topics, lines: list[Line]) -> str:
    """A backup that was made when 7 events were recorded, of a log that recorded 10 and published them."""
    async with opened_log(log_url) as log:
        await log.appender.append([opened("a"), *(paid("a") for _ in range(5)), noted("n")])
    copy = await copying(log_url)
    async with opened_log(log_url) as log, relaying():
        await log.appender.append([paid("a", id="8")], trace=TRACE)
        await log.appender.append([paid("a", id="9"), opened("b", id="10")])
        await topics.marked(10)
        lines += await log.read(0, 100)
    return copy


async def reason(relay: Relay) -> str:
    """Wait until a relay knows that its log is read-only, and return why."""

    async def is_known() -> bool:
        return relay.heartbeat.read_only is not None

    await until(is_known)
    return str(relay.heartbeat.read_only)


async def test_a_backup_in_the_log_s_place_is_made_read_only_and_publishes_nothing(
    backup: str, relaying: Relaying, topics: Topics
) -> None:
    events, marks = await topics.events(), await topics.marks()
    async with relaying(backup) as relay, opened_log(backup) as log:
        why = await reason(relay)
        assert why == "it has lost events: it ends at 7, and its topic at 10"
        for dry_run in (False, True):
            with pytest.raises(Unavailable, match=f"{LOG} is read-only: {why}"):
                await log.appender.append([noted("n")], dry_run=dry_run)
        closed = (await log.head()).closed
        assert (await log.close()).closed == closed
        assert relay.heartbeat.hindrance(60) == f"publishes nothing of a log that is read-only: {why}"
    assert len(await topics.events()) == len(events)
    assert await topics.marks() == marks


async def test_a_log_takes_back_what_it_has_lost_as_it_was_recorded_and_goes_on(
    backup: str, kafka_settings: KafkaSettings, relaying: Relaying, topics: Topics, lines: list[Line]
) -> None:
    last = (await topics.marks())[-1]
    async with relaying(backup) as relay, opened_log(backup) as log:
        await reason(relay)
        async with healing(backup, kafka_settings, SETTINGS) as heals:
            healed = await heals.take_back(Accounts(), admit)
        assert (healed.events, healed.head.sequence) == (3, 10)
        assert healed.head.closed >= last.closed
        assert await log.read(0, 100) == lines
        assert await log.read_only() is None
        # What the rules and the clients need is there as well.
        assert await log.subject("account", "a") == SubjectVersion(8, 9)
        (again,) = await log.appender.append([paid("a", id="8")])
        assert (again.duplicate, again.sequence) == (True, 8)
        await log.appender.append([paid("a", amount=-7), paid("b")])
        await topics.marked(12)
    await hold_of(backup, topics)


async def test_the_topic_of_another_log_is_left_alone_until_a_person_says_to_empty_it(
    backup: str, copying: Copying, database_url: str, kafka_settings: KafkaSettings, relaying: Relaying, topics: Topics,
    sqlite_url: str,
) -> None:  # fmt: skip
    other = sqlite_url + ".other"
    await upgrade(other, LOG)
    async with opened_log(other) as log:
        await log.appender.append([noted(f"other{number}") for number in range(3)])
        async with relaying(other) as relay:
            why = await reason(relay)
            assert why.startswith("its topic is that of another log of this name: ")
            assert str(log.log_id) in why
            async with healing(other, kafka_settings, SETTINGS) as heals:
                with pytest.raises(NotHealed, match="is that of another log, and has nothing that this one has lost"):
                    await heals.take_back(Accounts(), admit)
            assert len(await topics.events()) == 10
            async with healing(other, kafka_settings, SETTINGS) as heals:
                assert (await heals.empty_topic()).head.sequence == 3
            await marked(topics, log.log_id, 3)
        assert [record.value for record in await topics.events()] == [line.body for line in await log.read(0, 10)]
        assert [record.offset for record in await topics.events()] == [10, 11, 12]


async def marked(topics: Topics, log_id: uuid.UUID, sequence: int) -> None:
    """Wait for a mark of a log up to a sequence."""

    async def is_marked() -> bool:
        return any(mark.log_id == log_id and mark.sequence == sequence for mark in await topics.marks())

    await until(is_marked)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (1, "it has lost events: it ends at 8, and its topic at 10"),
        (4, "its topic has another event at 10"),
    ],
)
async def test_a_backup_that_recorded_others_in_the_place_of_lost_events_takes_none_back(
    backup: str, kafka_settings: KafkaSettings, relaying: Relaying, topics: Topics, more: int, why: str
) -> None:
    async with opened_log(backup) as log:
        for _ in range(more):
            await log.appender.append([noted("n")])
        async with relaying(backup) as relay:
            assert await reason(relay) == why
            async with healing(backup, kafka_settings, SETTINGS) as heals:
                with pytest.raises(NotHealed, match=r"another event at (8|10)"):
                    await heals.take_back(Accounts(), admit)
            assert await log.read_only() == why
            assert (await log.head()).sequence == 7 + more
            async with healing(backup, kafka_settings, SETTINGS) as heals:
                await heals.empty_topic()
            await marked(topics, log.log_id, 7 + more)
        records = await topics.events()
        assert [record.value for record in records] == [line.body for line in await log.read(0, 100)]


async def test_an_empty_log_gets_all_that_its_topic_has_and_becomes_the_log_that_it_is_from(
    backup: str, sqlite_url: str, kafka_settings: KafkaSettings, relaying: Relaying, topics: Topics, lines: list[Line]
) -> None:
    empty = sqlite_url + ".empty"
    await upgrade(empty, LOG)
    async with healing(empty, kafka_settings, SETTINGS) as heals:
        assert (await heals.take_back(Accounts(), admit)).events == 10
    async with opened_log(empty) as log, relaying(empty):
        assert await log.read(0, 100) == lines
        assert log.log_id == (await topics.marks())[0].log_id
        await log.appender.append([paid("b")])
        await topics.marked(11)
    await hold_of(empty, topics)


async def test_repeats_and_foreign_records_in_the_topic_are_passed_over(
    backup: str, kafka_settings: KafkaSettings, lines: list[Line]
) -> None:
    async with publisher(LOG, kafka_settings) as others:
        await others.publish(lines[2:5])
        await others.write([Record(b"", b"no event", []), Record(b"", b'{"sequence":"x"}', [])])
    async with healing(backup, kafka_settings, SETTINGS) as heals:
        assert (await heals.take_back(Accounts(), admit)).events == 3
    async with opened_log(backup) as log:
        assert await log.read(0, 100) == lines


async def test_an_event_that_the_log_would_not_have_recorded_so_is_not_taken_back(
    backup: str, kafka_settings: KafkaSettings, lines: list[Line]
) -> None:
    forged = lines[-1].body.replace(b'"sequence":"0000000000000010"', b'"sequence":"0000000000000011"')
    async with publisher(LOG, kafka_settings) as others:
        await others.publish([Line(11, forged)])
    async with healing(backup, kafka_settings, SETTINGS) as heals:
        with pytest.raises(NotHealed, match="event 11 of the topic is not what the log records there"):
            await heals.take_back(Accounts(), admit)
    async with opened_log(backup) as log:
        assert (await log.head()).sequence == 7
        assert await log.read_only() == "it has lost events: it ends at 7, and its topic at 11"


async def test_a_log_whose_topic_is_its_own_is_not_healed(
    log_url: str, kafka_settings: KafkaSettings, relaying: Relaying, topics: Topics
) -> None:
    async with opened_log(log_url) as log, relaying():
        await log.appender.append([noted("n")])
        await topics.marked(1)
        with pytest.raises(NotHealed, match="there is nothing to heal"):
            async with healing(log_url, kafka_settings, SETTINGS):
                pass
        await log.appender.append([noted("n")])


async def hold_of(url: str, topics: Topics) -> None:
    async with opened_log(url) as log:
        await hold(log, topics)
