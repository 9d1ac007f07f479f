"""What is read in pages is worked out once for all of them, and beside what others ask."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Engine, event

from system import System, opened

KPI = "SP3.alignment"
ACTIVITIES = 6
LISTINGS = {"evidence": "evidence", "history": "entries"}
WORK = {"evidence": "activity|", "history": "JOIN version"}
"""What stands in the statements by which each listing is worked out: the facts are read, or what moved them."""


@pytest.fixture
async def system(tmp_path: Path) -> AsyncIterator[System]:
    """A system with a plan and some activities, which keeps one listing of each kind."""
    async with AsyncExitStack() as stack:
        system = await opened(stack, tmp_path, listings=1)
        await system.adopt()
        for number in range(ACTIVITIES):
            place = await deliver(system, f"a{number}")
        await system.get("plan", after=place)
        yield system


async def deliver(system: System, activity: str) -> str:
    return await system.post(
        "operations-feed", "assistance.delivered", activity,
        title=activity, delivered_on="2023-01-10", members=[], aligned_with=["SO1"], delivered_by="other",
    )  # fmt: skip


async def page(system: System, kind: str, following: str | None = None, limit: int = 2) -> tuple[list[Any], str | None]:
    """A page of a listing, the first or the one that follows, and where the next one is."""
    path = f"/kpi-projector/v1/kpis/{KPI}/{kind}"
    answer = await system.client.get(path + (following or f"?period=2022-23&limit={limit}"))
    assert answer.status_code == 200, answer.text
    return answer.json()[LISTINGS[kind]], answer.links["next"]["url"] if "next" in answer.links else None


async def pages(system: System, kind: str) -> list[Any]:
    rows, following = await page(system, kind)
    while following is not None:
        more, following = await page(system, kind, following)
        rows += more
    return rows


@contextmanager
def counted(what: str) -> Iterator[Callable[[], int]]:
    """Counts the statements in which something stands, be it a parameter."""
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        if what in f"{statement} {parameters}":
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield lambda: len(seen)
    event.remove(Engine, "before_cursor_execute", note)


@pytest.mark.parametrize("kind", LISTINGS)
async def test_the_pages_of_a_listing_are_worked_out_once(system: System, kind: str) -> None:
    with counted(WORK[kind]) as worked_out:
        rows, following = await page(system, kind)
        once = worked_out()
        assert once > 0
        while following is not None:
            more, following = await page(system, kind, following)
            rows += more
        assert worked_out() == once
    assert len(rows) >= ACTIVITIES


@pytest.mark.parametrize("kind", LISTINGS)
async def test_a_listing_that_is_kept_no_longer_is_worked_out_again_and_is_the_same(system: System, kind: str) -> None:
    whole, nothing = await page(system, kind, limit=1000)
    assert nothing is None
    first, following = await page(system, kind)
    assert following is not None
    second, _ = await page(system, kind, following)
    # Another listing takes the one place that there is.
    await deliver(system, "another")
    await system.get("plan", after=f"operations-feed:{ACTIVITIES + 1}")
    await pages(system, kind)
    with counted(WORK[kind]) as worked_out:
        again, _ = await page(system, kind, following)
        assert worked_out() > 0
    assert again == second
    assert first + second == whole[:4]


async def test_the_positions_of_all_entries_of_a_page_are_asked_for_in_one_statement(system: System) -> None:
    with counted("WITH wanted (time)") as looked_up:
        few, _ = await page(system, "history", limit=2)
        assert looked_up() == 1
        many, _ = await page(system, "history", limit=ACTIVITIES)
        assert looked_up() == 2
    assert len(few) < len(many)


class Threads(ThreadPoolExecutor):
    """The loop's threads, and how many pieces of work they were given."""

    given = 0

    def submit(self, work: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        self.given += 1
        return super().submit(work, *arguments, **named)


@pytest.mark.parametrize(
    "path",
    [
        f"kpis/{KPI}/evidence?period=2022-23",
        f"kpis/{KPI}/history?period=2022-23",
        "changes?period=2022-23&from=plan-registry:1,survey-intake:0,operations-feed:1"
        "&to=plan-registry:1,survey-intake:0,operations-feed:3",
    ],
)
async def test_what_may_take_long_is_worked_out_on_a_thread(system: System, path: str) -> None:
    threads = Threads(2)
    asyncio.get_running_loop().set_default_executor(threads)
    assert (await system.client.get(f"/kpi-projector/v1/{path}")).status_code == 200
    assert threads.given > 0


async def test_while_a_long_question_is_worked_out_others_are_answered(system: System) -> None:
    answers = system.projector.answers
    others = Event()
    moments = system.projector.moments
    moment = await moments.current(moments.deadline())
    long = asyncio.create_task(answers.ask_apart(moment, lambda board: others.wait(20)))
    assert (await system.get("plan"))["plan"] == "sp-2022-2025"
    others.set()
    assert await long
