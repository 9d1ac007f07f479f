"""A task that loses a cancellation, as one can that waits for Kafka, is ended all the same."""

import asyncio

import pytest

from wco_common.ending import end


async def test_a_task_that_loses_a_cancellation_is_ended_all_the_same() -> None:
    lost = 0

    async def goes_on() -> None:
        nonlocal lost
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                if lost:
                    raise
                lost += 1

    task = asyncio.create_task(goes_on())
    await asyncio.sleep(0)
    await end(task)
    assert (lost, task.cancelled()) == (1, True)


async def test_what_a_task_fails_with_as_it_ends_is_told() -> None:
    async def fails() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise ValueError("a defect")

    task = asyncio.create_task(fails())
    await asyncio.sleep(0)
    with pytest.raises(ValueError, match="a defect"):
        await end(task)
