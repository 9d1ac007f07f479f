"""Reading a log by type and subject, and asking after subjects. What whoever follows one asks is in test_seam."""

from collections.abc import Sequence

import pytest

from accounts import NOTED, OPENED, PAID, Accounts, noted, opened, paid
from settable_clock import SettableClock
from wco_common.log import Line
from wco_common.sql_log import SqlLog, SubjectVersion, open_log


def sequences(lines: Sequence[Line]) -> list[int]:
    return [line.sequence for line in lines]


@pytest.fixture
async def six(log: SqlLog) -> SqlLog:
    await log.appender.append([opened("a"), noted("b"), paid("a"), opened("b"), noted("a"), paid("a")])
    return log


async def test_it_is_read_by_type_by_subject_and_by_both(six: SqlLog) -> None:
    assert sequences(await six.read(0, 9, type=PAID.type)) == [3, 6]
    assert sequences(await six.read(0, 9, subject="b")) == [2, 4]
    assert sequences(await six.read(1, 1, subject="a")) == [3]
    assert sequences(await six.read(0, 9, type=NOTED.type, subject="a")) == [5]
    assert sequences(await six.read(1, 9, type=OPENED.type, subject="a")) == []


async def test_one_event_is_read_by_its_position(six: SqlLog) -> None:
    lines = await six.read(0, 9)
    assert await six.event(3) == lines[2]
    assert isinstance(lines[2], Line)
    assert (await six.event(0), await six.event(7)) == (None, None)


async def test_a_subject_has_a_version_and_a_last_event_for_each_kind(six: SqlLog) -> None:
    assert await six.subject("account", "a") == SubjectVersion(3, 6)
    assert await six.subject("note", "a") == SubjectVersion(1, 5)
    assert await six.subject("account", "c") is None


async def test_a_database_that_holds_another_log_is_not_opened(log_url: str, clock: SettableClock) -> None:
    with pytest.raises(ValueError, match="holds the log operations-feed, not survey-intake"):
        await open_log("survey-intake", log_url, Accounts(), clock).__aenter__()
