"""The stream of section 5, read over a real socket as any listener would."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from kpi_projector.app import KpiProjector
from kpi_projector.settings import ProjectorSettings
from listener import PATIENCE, listening
from settable_clock import SettableClock
from system import System, database, opened, served
from wco_common.clock import Clock, SystemClock
from wco_common.instant import Instant


@pytest.fixture
async def address(system: System) -> AsyncIterator[str]:
    await system.adopt()
    async with served(system.app) as address:
        yield address


async def deliver(system: System, activity: str, *, on: str = "2023-01-10", aligned_with: tuple[str, ...] = ()) -> str:
    return await system.post(
        "operations-feed",
        "assistance.delivered",
        activity,
        title=activity,
        delivered_on=on,
        members=["KEN"],
        aligned_with=list(aligned_with),
        delivered_by="accredited",
    )


def of(kpi: str, period: str, **figures: str) -> Callable[[dict[str, Any]], bool]:
    def holds(data: dict[str, Any]) -> bool:
        told = data["kpi"]
        return (told["id"], data["period"]) == (kpi, period) and all(told[key] == figures[key] for key in figures)

    return holds


def told_of(data: dict[str, Any], place: str) -> bool:
    return place == f"{data['cause']['log']}:{data['cause']['sequence']}"


async def test_what_an_event_changes_is_told_as_it_is_answered(system: System, address: str) -> None:
    async with listening(address, period="2022-23") as listener:
        assert listener.response.headers["content-type"].startswith("text/event-stream")
        place = await deliver(system, "a1", aligned_with=("SO1",))
        told = {}
        for _ in range(3):
            _, data = await listener.until(lambda data: True)
            told[data["kpi"]["id"]] = data
        answer = await system.get("scorecard", period="2022-23", after=place)
        asked = {kpi["id"]: kpi for kpi in answer["kpis"]}
        # Funds have no cost to count; the share of KPIs that are met goes with the alignment.
        assert set(told) == {"SP3.alignment", "SP3.accredited-delivery", "RES.completion"}
        for kpi, data in told.items():
            assert data == {
                "plan": "sp-2022-2025",
                "period": "2022-23",
                "as_of": answer["as_of"],
                "kpi": asked[kpi],
                "cause": {"log": "operations-feed", "sequence": 1},
            } | ({"notice": answer["notice"]} if "notice" in answer else {})


async def test_a_new_listener_gets_nothing_until_something_changes(system: System, address: str) -> None:
    await system.shown(await deliver(system, "a1"))
    async with listening(address) as listener:
        await deliver(system, "a2")
        _, data = await listener.until(lambda data: True)
        # The first thing that is told is the second activity.
        assert data["cause"] == {"log": "operations-feed", "sequence": 2}


async def test_without_a_period_those_of_all_are_told_and_with_one_no_other(system: System, address: str) -> None:
    async with listening(address) as everything, listening(address, period="2023-24") as one:
        await deliver(system, "a1", on="2023-01-10")
        await deliver(system, "a2", on="2023-07-10")
        await everything.until(of("SP3.alignment", "2022-23", denominator="1"))
        await everything.until(of("SP3.alignment", "sp-2022-2025", denominator="2"))
        seen = await one.until(lambda data: True)
        assert seen[1]["period"] == "2023-24"


async def test_a_reference_that_moves_is_told_with_the_event_that_moved_it(system: System, address: str) -> None:
    async with listening(address, period="2023-24") as listener:
        await system.post("plan-registry", "baseline.set", "SP3.funds", value="5", measured_on="2022-06-30", source="x")
        _, data = await listener.until(of("SP3.funds", "2023-24"))
        assert data["kpi"]["reference"] == {"value": 5, "kind": "baseline"}
        assert data["cause"] == {"log": "plan-registry", "sequence": 2}
        # An activity of the year before has nothing to do with this year, save as what it is compared with.
        await deliver(system, "a1", on="2023-01-10")
        _, data = await listener.until(of("SP3.accredited-delivery", "2023-24"))
        assert data["kpi"]["reference"] == {"value": 100, "kind": "previous"}
        assert data["cause"] == {"log": "operations-feed", "sequence": 1}


async def test_the_last_event_id_resumes_on_any_instance(system: System, address: str, tmp_path: Path) -> None:
    async with listening(address, period="2022-23") as listener:
        await deliver(system, "a1", aligned_with=("SO1",))
        first, _ = await listener.until(lambda data: True)
        rest = [(await listener.until(lambda data: True))[1]["kpi"]["id"] for _ in range(2)]
    await deliver(system, "a2", aligned_with=())
    async with another_instance(system, tmp_path) as other:
        for number, where in enumerate((address, other)):
            # An answer of now may be of a moment ago, and another instance's of longer ago.
            await shown_at(where, f"operations-feed:{number + 2}")
            async with listening(where, first, period="2022-23") as listener:
                missed = [(await listener.until(lambda data: True))[1] for _ in range(4)]
                assert [data["kpi"]["id"] for data in missed[:2]] == rest
                assert {data["cause"]["sequence"] for data in missed[:2]} == {1}
                assert {data["cause"]["sequence"] for data in missed[2:]} == {number + 2}
                place = await deliver(system, f"a{number + 3}", aligned_with=())
                await listener.until(lambda data, place=place: told_of(data, place))  # type: ignore[misc]


async def shown_at(address: str, place: str) -> None:
    """Return once an instance has in its answers what stands at a place."""
    async with httpx.AsyncClient(base_url=address, timeout=PATIENCE) as client:
        answer = await client.get("/kpi-projector/v1/plan", params={"after": place})
    assert answer.status_code == 200, answer.text


class Faltering(SystemClock):
    """A clock that fails once, in a way that nobody expects, when it is told to."""

    def __init__(self) -> None:
        super().__init__(leap=5)
        self.fails = False
        self.failed = asyncio.Event()

    def now(self) -> Instant:
        if self.fails:
            self.fails = False
            self.failed.set()
            raise KeyError("clock")
        return super().now()


async def test_listeners_are_told_on_after_an_error_that_nobody_expected(system: System, tmp_path: Path) -> None:
    await system.adopt()
    clock = Faltering()
    async with another_instance(system, tmp_path, clock) as address, listening(address, period="2022-23") as listener:
        await listener.next()
        clock.fails = True
        await clock.failed.wait()
        place = await deliver(system, "a1", aligned_with=("SO1",))
        _, data = await listener.until(of("SP3.alignment", "2022-23"))
        assert told_of(data, place)


@asynccontextmanager
async def another_instance(system: System, folder: Path, clock: Clock | None = None) -> AsyncIterator[str]:
    """Another projector, which has folded nothing yet, of the same logs."""
    logs = [service.log for service in system.logs.values()]
    settings = ProjectorSettings(database_url=database(folder, "another"), wait=PATIENCE)
    async with (
        KpiProjector(logs, clock or SystemClock(leap=5), settings) as projector,
        served(Starlette(routes=[Mount("/kpi-projector", projector.app)])) as address,
    ):
        yield address


async def test_what_is_missed_may_merge_into_one_difference(system: System, address: str) -> None:
    async with listening(address, period="2022-23") as listener:
        await deliver(system, "a1", aligned_with=("SO1",))
        last = None
        for _ in range(3):
            last, _ = await listener.until(lambda data: True)
    for number in range(5):
        place = await deliver(system, f"missed-{number}", aligned_with=("SO1",))
    now = await system.get("kpis/SP3.alignment", period="2022-23", after=place)
    async with listening(address, last, period="2022-23") as listener:
        _, data = await listener.until(of("SP3.alignment", "2022-23"))
        assert data["kpi"] == now["kpi"]
        assert data["cause"] == {"log": "operations-feed", "sequence": 6}


async def test_a_comment_line_comes_again_and_again(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        system = await opened(stack, tmp_path, comment_every=0.05)
        await system.adopt()
        address = await stack.enter_async_context(served(system.app))
        async with listening(address) as listener:
            for _ in range(4):
                assert await listener.next() is None


async def test_days_that_pass_are_told_with_the_time_as_their_cause(tmp_path: Path) -> None:
    clock = SettableClock("2023-06-30T23:59:50Z")
    async with AsyncExitStack() as stack:
        system = await opened(stack, tmp_path, clock)
        await system.adopt()
        place = await system.post(
            "plan-registry",
            "implementation-plan.published",
            "2022-23",
            plan="sp-2022-2025",
            period="2022-23",
            actions=[{"id": "act", "objective": "SO1", "title": "Act", "due_on": "2023-01-01"}],
        )
        await system.get("plan", after=place)
        address = await stack.enter_async_context(served(system.app))
        async with listening(address, period="2022-23") as listener:
            clock.set("2023-07-01T00:00:01Z")
            _, data = await listener.until(of("SO1.completion", "2022-23"))
            assert (data["kpi"]["status"], data["cause"]) == ("missed", "time")
            assert data["as_of"]["time"] == "2023-07-01T00:00:00.000000Z"


async def test_streams_end_at_once_with_the_server_or_the_projector(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        # A stream that nobody tells does not come to its end by itself, as it would before its next comment.
        system = await opened(stack, tmp_path, comment_every=10 * PATIENCE)
        await system.adopt()
        async with AsyncExitStack() as serving:
            address = await serving.enter_async_context(served(system.app))
            async with listening(address) as listener:
                await listener.next()
                async with asyncio.timeout(PATIENCE):
                    await serving.aclose()
                    with pytest.raises(StopAsyncIteration):
                        await listener.next()
        address = await stack.enter_async_context(served(system.app))
        async with listening(address) as listener:
            await listener.next()
            async with asyncio.timeout(PATIENCE):
                await system.projector.__aexit__(None, None, None)
                with pytest.raises(StopAsyncIteration):
                    await listener.next()
