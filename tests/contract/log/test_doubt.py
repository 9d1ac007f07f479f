"""A commit whose outcome is not known is looked up; nothing is said of it until it is."""

import asyncio

import pytest

from accounts import noted, opened, paid
from contract.log.conftest import Opening
from settable_clock import SettableClock
from wco_common.append import AppendSettings
from wco_common.log import Head
from wco_common.problem import CommitUnknown, Conflict, Unavailable
from wco_common.writer import Step


class Lost(Exception):
    """The connection was lost."""


class Failing:
    """Fails at the steps to come, in that order: at `commit` nothing is persisted, at `committed` everything is.

    It leaves alone what comes before them in a step's turn, and everything when there are none left.
    """

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.failed = 0

    def at(self, *steps: Step) -> None:
        self.steps = list(steps)

    def __call__(self, step: Step) -> None:
        if self.steps and self.steps[0] == step:
            self.steps.pop(0)
            self.failed += 1
            raise Lost


@pytest.fixture
def failing() -> Failing:
    return Failing()


AGAIN: tuple[Step, ...] = ("commit",)
QUICKLY = AppendSettings(settle_for=0.2, settle_pause=0.01)


async def test_an_event_that_was_persisted_though_its_commit_failed_is_recorded(
    opening: Opening, failing: Failing
) -> None:
    async with opening(faults=failing) as log:
        failing.at("committed")
        (receipt,) = await log.appender.append([noted("n")])
        assert (receipt.sequence, receipt.duplicate) == (1, False)
        (line,) = await log.read(0, 10)
        assert line.sequence == 1
        assert log.latest.head == await log.head()


async def test_an_event_that_was_not_persisted_is_refused_and_may_come_again(
    opening: Opening, failing: Failing
) -> None:
    async with opening(faults=failing) as log:
        failing.at("commit")
        with pytest.raises(Unavailable, match="nothing was recorded"):
            await log.appender.append([noted("n", id="1")])
        assert await log.read(0, 10) == []
        (receipt,) = await log.appender.append([noted("n", id="1")])
        assert (receipt.sequence, receipt.duplicate) == (1, False)


@pytest.mark.parametrize(("step", "recorded"), [("committed", True), ("commit", False)])
async def test_all_that_share_a_commit_in_doubt_share_its_outcome(
    opening: Opening, failing: Failing, step: Step, recorded: bool
) -> None:
    async with opening(faults=failing) as log:
        await log.appender.append([opened("a", id="1")])
        failing.at(step)
        answers = await asyncio.gather(
            log.appender.append([paid("a")]),
            log.appender.append([paid("a", amount=-7)]),
            log.appender.append([opened("a", id="1")]),
            log.appender.append([opened("b"), paid("b")]),
            log.appender.append([paid("b")], dry_run=True),
            log.close(),
            return_exceptions=True,
        )
        if recorded:
            assert [type(answer) for answer in answers] == [list, Conflict, list, list, list, Head]
        else:
            assert [type(answer) for answer in answers] == [Unavailable] * 6
        assert (await log.head()).sequence == (4 if recorded else 1)


async def test_neither_success_nor_refusal_is_said_while_it_cannot_be_found_out(
    opening: Opening, failing: Failing
) -> None:
    async with opening(faults=failing, settings=AppendSettings(settle_pause=0.01)) as log:
        failing.at("committed", *AGAIN * 4)
        appending = asyncio.create_task(log.appender.append([noted("n")]))
        following = asyncio.create_task(log.appender.append([noted("n")]))
        while failing.failed < 5:
            assert not appending.done()
            assert not following.done()
            await asyncio.sleep(0)
        (first,), (second,) = await asyncio.gather(appending, following)
        assert (first.sequence, second.sequence) == (1, 2)


@pytest.mark.parametrize(("step", "recorded"), [("committed", True), ("commit", False)])
async def test_what_cannot_be_found_out_in_time_is_said_to_be_unknown_and_the_log_goes_on(
    opening: Opening, failing: Failing, step: Step, recorded: bool
) -> None:
    async with opening(faults=failing, settings=QUICKLY) as log:
        failing.at(step, *AGAIN * 1_000)
        with pytest.raises(CommitUnknown, match="send the same event again"):
            await log.appender.append([noted("n", id="1")])
        failing.at()
        (receipt,) = await log.appender.append([noted("n", id="1")])
        assert (receipt.sequence, receipt.duplicate) == (1, recorded)


async def test_a_close_in_doubt_is_settled_too(opening: Opening, failing: Failing, clock: SettableClock) -> None:
    async with opening(faults=failing, settings=QUICKLY) as log:
        steps: tuple[Step, ...] = ("commit", "committed")
        for step in steps:
            failing.at(step)
            head = await log.close(clock.time)
            assert head.closed >= clock.time
            assert await log.head() == head


async def test_who_closes_a_log_is_never_told_that_a_commit_is_unknown(opening: Opening, failing: Failing) -> None:
    async with opening(faults=failing, settings=QUICKLY) as log:
        failing.at(*AGAIN * 1_000)
        appended, closed = await asyncio.gather(log.appender.append([noted("n")]), log.close(), return_exceptions=True)
        assert (type(appended), type(closed)) == (CommitUnknown, Unavailable)


async def test_whatever_fails_and_when_every_event_is_recorded_once_and_no_answer_is_wrong(
    opening: Opening, failing: Failing
) -> None:
    answered: dict[str, int] = {}

    async def append(name: str) -> None:
        for number in range(10):
            event = noted(name, id=f"{name}{number}")
            while event.id not in answered:
                try:
                    (receipt,) = await log.appender.append([event])
                except (Unavailable, CommitUnknown):
                    continue
                answered[event.id] = receipt.sequence

    async with opening(faults=failing, settings=QUICKLY) as log:
        failing.at("committed", "commit", "commit", "committed", "committed", "commit", "commit")
        await asyncio.gather(*(append(name) for name in "abcd"))
        lines = await log.read(0, 100)
        assert failing.steps == []
    assert [line.sequence for line in lines] == list(range(1, 41))
    assert sorted(answered.values()) == list(range(1, 41))
