"""A supervisor starts again what ends, says what runs, and stops all of it."""

import asyncio
import json
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from integration.cluster.listening import part
from parts import SETTINGS, processes_of
from wco_cluster.part import PartFailed
from wco_cluster.supervising import Supervisor

EAGER = SETTINGS.model_copy(update={"first_pause": 0.01, "longest_pause": 0.05})


def said(folder: Path) -> list[dict[str, Any]]:
    parts: list[dict[str, Any]] = json.loads((folder / "parts.json").read_bytes())
    return parts


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_a_part_that_is_killed_is_started_again_each_time_and_the_file_says_so(tmp_path: Path) -> None:
    supervisor = Supervisor(EAGER, tmp_path / "parts.json")
    assert said(tmp_path) == []
    example = part(tmp_path)
    await supervisor.start(example)
    pids = set()
    for _ in range(3):
        (told,) = said(tmp_path)
        assert told == {"name": "example", "pid": told["pid"], "address": example.address}
        pids.add(told["pid"])
        os.kill(told["pid"], signal.SIGKILL)
        await until(lambda: said(tmp_path) == [] or said(tmp_path)[0]["pid"] not in pids)
        await until(lambda: len(said(tmp_path)) == 1)
        assert await example.answers()
    await supervisor.stop(example)

    assert len(pids) == 3
    assert said(tmp_path) == []
    assert processes_of(tmp_path) == []


async def test_a_part_that_hangs_is_ended_and_started_again(tmp_path: Path) -> None:
    supervisor = Supervisor(
        EAGER.model_copy(update={"probe_every": 0.05, "probe_timeout": 0.5, "stop_timeout": 0.1}),
        tmp_path / "parts.json",
    )
    example = part(tmp_path)
    await supervisor.start(example)
    pid = said(tmp_path)[0]["pid"]
    os.kill(pid, signal.SIGSTOP)
    await until(lambda: [one["pid"] for one in said(tmp_path)] not in ([pid], []))

    # A machine that is busy with others may have the next one taken for hanging too, and started again.
    async with asyncio.timeout(60):
        while not await example.answers():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await supervisor.stop(example)
    assert processes_of(tmp_path) == []


async def test_a_part_that_answers_again_before_it_is_given_up_is_left_alone(tmp_path: Path) -> None:
    answers = iter([True, *[False, False, True] * 5])
    told_all = asyncio.Event()

    async def as_told() -> bool:
        if (answer := next(answers, None)) is None:
            told_all.set()
        return answer is not False

    supervisor = Supervisor(EAGER.model_copy(update={"probe_every": 0.01}), tmp_path / "parts.json")
    example = replace(part(tmp_path), answers=as_told)
    await supervisor.start(example)
    before = said(tmp_path)
    async with asyncio.timeout(60):
        await told_all.wait()
    assert said(tmp_path) == before
    await supervisor.stop(example)


async def test_a_part_that_cannot_be_started_again_is_tried_until_it_can(tmp_path: Path) -> None:
    supervisor = Supervisor(EAGER, tmp_path / "parts.json")
    example = part(tmp_path)
    await supervisor.start(example)
    hindrance = tmp_path / "hindrance"
    hindrance.touch()
    os.kill(said(tmp_path)[0]["pid"], signal.SIGKILL)
    await until(lambda: example.output.read_text().count("something hinders it") > 1)
    assert said(tmp_path) == []
    hindrance.unlink()
    await until(lambda: len(said(tmp_path)) == 1)
    await supervisor.stop(example)


async def test_a_part_that_is_being_started_again_is_stopped_too(tmp_path: Path) -> None:
    supervisor = Supervisor(SETTINGS.model_copy(update={"first_pause": 60}), tmp_path / "parts.json")
    example = part(tmp_path)
    await supervisor.start(example)
    os.kill(said(tmp_path)[0]["pid"], signal.SIGKILL)
    await until(lambda: said(tmp_path) == [])
    async with asyncio.timeout(30):
        await supervisor.stop(example)

    assert processes_of(tmp_path) == []


async def test_a_part_that_does_not_start_the_first_time_is_not_kept(tmp_path: Path) -> None:
    supervisor = Supervisor(EAGER, tmp_path / "parts.json")
    (tmp_path / "hindrance").touch()
    with pytest.raises(PartFailed, match="something hinders it"):
        await supervisor.start(part(tmp_path))
    await supervisor.stop(part(tmp_path))

    assert said(tmp_path) == []
