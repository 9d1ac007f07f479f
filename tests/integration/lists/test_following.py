"""How lists follow their log: through restarts, in several instances, anew where they have to, and stopped in view."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from integration.lists.conftest import Lists, adopt
from settable_clock import SettableClock
from wco_common.engine import DatabaseSettings, create_engine
from wco_common.event import RecordedEvent
from wco_common.lists.deriving import Change, Derived, by_subject
from wco_common.lists.opened import SCHEMA, lists_url
from wco_common.lists.opened import Lists as Declared
from wco_common.lists.settings import ListsSettings
from wco_common.lists.table import Key, Row
from wco_common.lists.writing import ListTables
from wco_common.log_service import LogService
from wco_common.settings import LogSettings
from wco_common.writer import Writer, writer
from wco_embedded.logs import LOGS

REGISTRY = LOGS["plan-registry"]
PATIENCE = 60.0


@asynccontextmanager
async def served(url: str, declared: Declared, **settings: Any) -> AsyncIterator[Lists]:
    """plan-registry with lists that are declared otherwise, perhaps."""
    async with (
        LogService(
            "plan-registry",
            REGISTRY.decider(),
            LogSettings(database_url=url, readiness_timeout=PATIENCE),
            clock=SettableClock(),
            lists=declared,
            listing=ListsSettings(**{"every": 0, "retry": 0.01, "wait": PATIENCE} | settings),
        ) as service,
        httpx.AsyncClient(transport=httpx.ASGITransport(service.app), base_url="http://lists.test") as client,
    ):
        lists = Lists("plan-registry", service, client)
        lists.sequence = max(1, (await service.log.head()).sequence)
        yield lists


def declared(version: int, derived: Iterable[Derived] = REGISTRY.lists.tables.derived) -> Declared:
    return replace(REGISTRY.lists, tables=ListTables(version, list(derived)))


async def set_baseline(lists: Lists, kpi: str, value: str = "1") -> None:
    await lists.post("baseline.set", kpi, value=value, measured_on="2022-06-30", source="S")


async def baselines(lists: Lists) -> list[tuple[str, str]]:
    return [(row["kpi"], row["value"]) for row in (await lists.get("/v1/baselines"))["baselines"]]


def take_away(folder: Path) -> None:
    for file in folder.glob("log.sqlite*"):
        file.unlink()


async def told(lists: Lists) -> Any:
    return (await lists.client.get("/readyz")).json()["lists"]


async def test_lists_go_on_where_they_were_when_the_service_is_started_again(database_url: str) -> None:
    for value in ("1", "2"):
        async with served(database_url, REGISTRY.lists) as lists:
            if value == "1":
                await adopt(lists)
            await set_baseline(lists, "SP2.seizures", value)
            assert await baselines(lists) == [("SP2.seizures", value)]


async def test_batches_of_one_event_make_the_same_lists(database_url: str) -> None:
    async with served(database_url, REGISTRY.lists, batch=1) as lists:
        await adopt(lists)
        for kpi in ("SP2.seizures", "RES.satisfaction"):
            await set_baseline(lists, kpi)
        assert await baselines(lists) == [("RES.satisfaction", "1"), ("SP2.seizures", "1")]


async def test_two_instances_over_one_database_answer_alike(postgres_database: str) -> None:
    async with served(postgres_database, REGISTRY.lists) as one, served(postgres_database, REGISTRY.lists) as other:
        await adopt(one)
        for number in range(10):
            await set_baseline((one, other)[number % 2], "SP2.seizures", str(number))
            one.sequence = other.sequence = max(one.sequence, other.sequence)
            assert await baselines(one) == await baselines(other) == [("SP2.seizures", str(number))]


async def test_lists_of_a_later_version_are_made_anew_from_the_log(database_url: str) -> None:
    async with served(database_url, declared(1)) as lists:
        await adopt(lists)
        await set_baseline(lists, "SP2.seizures")
        answer = await lists.answer("/v1/focus-areas", limit="1")
        cursor = answer.links["next"]["url"]

    def doubled(event: RecordedEvent, old: Row) -> Row:
        return {name: event.data[name] for name in ("measured_on", "source")} | {"value": event.data["value"] * 2}

    tables = [
        replace(each, gives={"baseline.set": by_subject(doubled)}) if each.table.name == "baseline" else each
        for each in REGISTRY.lists.tables.derived
    ]
    async with served(database_url, declared(2, tables)) as lists:
        assert await baselines(lists) == [("SP2.seizures", "11")]
        answer = await lists.client.get(f"/v1/focus-areas{cursor}")
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/cursor")


async def test_an_earlier_version_leaves_the_lists_to_the_later_one_and_says_so(database_url: str) -> None:
    async with served(database_url, declared(2)) as lists:
        await adopt(lists)
        await lists.get("/v1/actions")
    async with served(database_url, declared(1)) as lists:
        await lists.service.lists.follower.until_stopped()
        assert "later version" in (await told(lists))["stopped"]
        assert len((await lists.client.get("/v1/focus-areas")).json()["focus_areas"]) == 3


async def test_what_another_instance_is_making_anew_is_not_answered_before_it_is_there(database_url: str) -> None:
    async with served(database_url, declared(1), wait=0.01) as lists:
        await adopt(lists)
        await lists.service.lists.follower.until(1, asyncio.get_running_loop().time() + PATIENCE)
        assert (await lists.client.get("/v1/focus-areas?as_of=plan-registry:1")).status_code == 200
        async with other_instance(database_url) as writes:
            stood = await writes.transact(declared(1).tables.standing)
            await writes.transact(partial(declared(2).tables.begin, log_id=str(lists.service.log.log_id), stood=stood))
        answer = await lists.client.get("/v1/focus-areas?as_of=plan-registry:1")
        assert (answer.status_code, answer.json()["type"]) == (504, "urn:wco-kpi:problem:not-reached")


@asynccontextmanager
async def other_instance(url: str) -> AsyncIterator[Writer]:
    """What writes the lists of a log in another process."""
    where = lists_url(url)
    engine = create_engine(where, DatabaseSettings(), SCHEMA if where.get_backend_name() == "postgresql" else "")
    writes = writer(engine, DatabaseSettings())
    yield writes
    await writes.aclose()
    await engine.dispose()


async def test_lists_of_another_log_are_made_anew(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'log.sqlite'}"
    async with served(url, REGISTRY.lists) as lists:
        await adopt(lists)
        await set_baseline(lists, "SP2.seizures")
        assert await baselines(lists) == [("SP2.seizures", "1")]
    take_away(tmp_path)
    async with served(url, REGISTRY.lists) as lists:
        await adopt(lists)
        assert await baselines(lists) == []


async def test_lists_that_are_ahead_of_their_log_are_made_anew(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'log.sqlite'}"
    async with served(url, REGISTRY.lists) as lists:
        await adopt(lists)
        await lists.get("/v1/actions")
    backup = (tmp_path / "log.sqlite").read_bytes()
    async with served(url, REGISTRY.lists) as lists:
        await set_baseline(lists, "SP2.seizures")
        assert await baselines(lists) == [("SP2.seizures", "1")]
    take_away(tmp_path)
    (tmp_path / "log.sqlite").write_bytes(backup)
    async with served(url, REGISTRY.lists) as lists:
        await set_baseline(lists, "RES.satisfaction")
        assert await baselines(lists) == [("RES.satisfaction", "1")]


async def test_an_event_that_no_rows_can_be_made_of_stops_the_lists_just_before_it_in_view(database_url: str) -> None:
    def unreadable(event: RecordedEvent) -> Iterable[tuple[Key, Change]]:
        raise KeyError(event.subject)

    broken = REGISTRY.lists.tables.derived[-1]
    assert broken.table.name == "baseline"
    tables = [*REGISTRY.lists.tables.derived[:-1], replace(broken, gives={"baseline.set": unreadable})]
    async with served(database_url, declared(1, tables), wait=0.01) as lists:
        await adopt(lists)
        await lists.post_at_once(
            ("baseline.set", "SP2.seizures", {"value": "1", "measured_on": "2022-06-30", "source": "S"}),
            ("members.listed", "members", {"effective_on": "2022-07-01", "members": []}),
        )
        await lists.service.lists.follower.until_stopped()
        said = await told(lists)
        assert (said["position"], said["head"]) == (1, 3)
        assert "event 2 (org.wcoomd.baseline.set.v1" in said["stopped"]
        metrics = (await lists.client.get("/metrics")).text
        assert "wco_kpi_lists_stopped 1.0" in metrics
        assert "wco_kpi_lists_lag_events 2.0" in metrics
        assert (await lists.answer("/v1/actions")).status_code == 504
        assert len((await lists.client.get("/v1/focus-areas")).json()["focus_areas"]) == 3
    async with served(database_url, REGISTRY.lists) as lists:
        assert await baselines(lists) == [("SP2.seizures", "1")]
        assert await told(lists) == {"position": 3, "head": 3, "stopped": None}
