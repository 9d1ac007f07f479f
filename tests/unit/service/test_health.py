"""Health: readiness is what its checks find, and a check that fails or hangs hinders too."""

import asyncio

from prometheus_client import CollectorRegistry

from wco_common.health import Check, Health


async def hindrances(seconds: float = 1, **checks: Check) -> dict[str, str]:
    return await Health(checks, seconds, CollectorRegistry()).hindrances()


async def well() -> None:
    return None


async def unwell() -> str:
    return "is behind"


async def failing() -> None:
    raise OSError("postgresql://user:secret@host")


async def hanging() -> None:
    await asyncio.Event().wait()


async def test_without_a_hindrance_it_is_ready() -> None:
    assert await hindrances() == {}
    assert await hindrances(log=well) == {}


async def test_every_hindrance_is_told_by_its_checks_name() -> None:
    assert await hindrances(0.01, log=well, fold=unwell, database=failing, kafka=hanging) == {
        "fold": "is behind",
        "database": "failed: OSError",
        "kafka": "gave no answer in 0.01 s",
    }
