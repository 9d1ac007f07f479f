"""The latest head that a process knows."""

import asyncio

from wco_common.latest import Latest
from wco_common.log import Head


async def test_everybody_who_waits_is_woken_and_told_the_latest_head() -> None:
    latest = Latest()
    waiting = [asyncio.create_task(latest.beyond(Head(0, 0))) for _ in range(3)]
    await asyncio.sleep(0)
    latest.move(Head(1, 10))
    latest.move(Head(1, 20))
    assert await asyncio.gather(*waiting) == [Head(1, 20)] * 3


async def test_a_head_that_is_not_later_changes_nothing() -> None:
    latest = Latest()
    latest.move(Head(2, 20))
    waiting = asyncio.create_task(latest.beyond(Head(2, 20)))
    await asyncio.sleep(0)
    latest.move(Head(1, 10))
    latest.move(Head(2, 20))
    await asyncio.sleep(0)
    assert not waiting.done()
    assert latest.head == Head(2, 20)
    latest.move(Head(2, 21))
    assert await waiting == Head(2, 21)
