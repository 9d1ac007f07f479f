"""A gate lets nobody begin while it is closed, and is closed once all who began have come to their end."""

import asyncio

from chaos.gate import Gate


async def test_who_is_inside_comes_to_an_end_before_it_is_closed_and_nobody_begins_before_it_is_open() -> None:
    gate, done = Gate(), list[str]()
    began, may_end = asyncio.Event(), asyncio.Event()

    async def work(name: str) -> None:
        async with gate.work():
            done.append(f"{name} begins")
            began.set()
            await may_end.wait()
            done.append(f"{name} ends")

    async with asyncio.TaskGroup() as group:
        group.create_task(work("first"))
        await began.wait()
        closing = group.create_task(_closed(gate, done))
        await asyncio.sleep(0)
        group.create_task(work("second"))
        await asyncio.sleep(0)
        may_end.set()
        await closing

    assert done == ["first begins", "first ends", "closed", "second begins", "second ends"]


async def test_who_waits_does_not_begin_when_it_is_closed_again_as_soon_as_it_opens() -> None:
    gate, inside, seen = Gate(), list[str](), list[list[str]]()

    async def work() -> None:
        async with gate.work():
            inside.append("somebody")

    async with asyncio.TaskGroup() as group:
        async with gate.closed():
            group.create_task(work())
            await asyncio.sleep(0)
        async with gate.closed():
            for _ in range(3):
                await asyncio.sleep(0)
            seen.append([*inside])

    assert seen == [[]]
    assert inside == ["somebody"]


async def _closed(gate: Gate, done: list[str]) -> None:
    async with gate.closed():
        await asyncio.sleep(0)
        done.append("closed")
