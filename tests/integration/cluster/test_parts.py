"""A part is started, answers, ends, and leaves nothing; here a small program of the tests' own."""

import asyncio
import os
import select
import signal
import socket
import subprocess
import sys
import textwrap
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from parts import SETTINGS, processes_of
from wco_cluster.part import Part, PartFailed, Running, free_port, started

_LISTENS = """
import os, signal, socket, sys
folder, port, stubborn = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
if stubborn:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("is to listen as", os.environ["GREETING"], flush=True)  # before anybody takes it for started
with socket.create_server(("127.0.0.1", port)) as server:
    while True:
        server.accept()[0].close()
"""
_SAYS_WHY_AND_ENDS = "import sys; sys.exit('the disk is on fire')"
_SLEEPS = "import time; print('sleeps', flush=True); time.sleep(3600)"


def part(folder: Path, program: str, *arguments: str) -> Part:
    port = free_port()
    return Part(
        name="example",
        port=port,
        command=(sys.executable, "-c", program, str(folder), str(port), *arguments),
        output=folder / "output",
        answers=partial(_answers, port),
        environment={"GREETING": "an example"},
    )


async def _answers(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


async def test_a_part_is_started_once_it_answers_and_its_output_is_kept(tmp_path: Path) -> None:
    running = await started(part(tmp_path, _LISTENS), SETTINGS)

    assert await running.part.answers()
    assert running.part.output.read_text() == "is to listen as an example\n"
    assert [line.split()[0] for line in processes_of(tmp_path)] == [str(running.pid)]
    assert await running.stop(patience=60) == -signal.SIGTERM
    assert not await running.part.answers()
    assert processes_of(tmp_path) == []


async def test_a_part_that_does_not_end_when_it_is_told_to_is_killed(tmp_path: Path) -> None:
    running = await started(part(tmp_path, _LISTENS, "stubborn"), SETTINGS)

    assert await running.stop(patience=0.1) == -signal.SIGKILL


async def test_whoever_waits_is_told_that_a_part_has_ended(tmp_path: Path) -> None:
    running = await started(part(tmp_path, _LISTENS), SETTINGS)
    waiting = [asyncio.create_task(running.ended()) for _ in range(3)]
    gave_up = waiting.pop()
    gave_up.cancel()

    os.kill(running.pid, signal.SIGKILL)
    assert await asyncio.gather(*waiting) == [-signal.SIGKILL] * 2


async def test_a_part_that_was_killed_can_be_started_again(tmp_path: Path) -> None:
    example = part(tmp_path, _LISTENS)
    first = await started(example, SETTINGS)
    await first.kill()
    second = await started(example, SETTINGS)

    assert second.pid != first.pid
    assert example.output.read_text() == "is to listen as an example\n" * 2
    await second.stop(patience=60)


async def test_a_part_that_ends_instead_of_answering_fails_with_its_last_words(tmp_path: Path) -> None:
    with pytest.raises(PartFailed, match=r"example ended with status 1; the last lines of .*\n.*the disk is on fire"):
        await started(part(tmp_path, _SAYS_WHY_AND_ENDS), SETTINGS)


async def test_a_part_that_never_answers_is_given_up_and_ended(tmp_path: Path) -> None:
    with pytest.raises(PartFailed, match=r"example did not answer within 0\.2 s"):
        await started(part(tmp_path, _SLEEPS), SETTINGS.model_copy(update={"start_timeout": 0.2}))
    assert processes_of(tmp_path) == []


async def test_a_start_that_is_cancelled_leaves_no_process(tmp_path: Path) -> None:
    sleeps = asyncio.Event()
    example = part(tmp_path, _SLEEPS)

    async def not_yet() -> bool:
        if example.output.read_text():  # a process has its arguments, by which it is found, only once it runs
            sleeps.set()
        return False

    starting = asyncio.create_task(started(replace(example, answers=not_yet), SETTINGS))
    await sleeps.wait()
    assert len(processes_of(tmp_path)) == 1
    starting.cancel()

    with pytest.raises(asyncio.CancelledError):
        await starting
    assert processes_of(tmp_path) == []


async def test_the_answer_of_another_program_is_not_taken_for_a_part_s(tmp_path: Path) -> None:
    example = part(tmp_path, _LISTENS)
    with (
        socket.create_server(("127.0.0.1", example.port)),
        pytest.raises(PartFailed, match=f"example was not started: another program has 127.0.0.1:{example.port}"),
    ):
        await started(example, SETTINGS.model_copy(update={"lock_timeout": 0.1}))


async def test_a_start_waits_for_the_port_of_what_was_killed(tmp_path: Path) -> None:
    example = part(tmp_path, _LISTENS)
    with socket.create_server(("127.0.0.1", example.port)) as left:
        starting = asyncio.create_task(started(example, SETTINGS.model_copy(update={"lock_timeout": 60})))
        await asyncio.wait([starting], timeout=0.1)
        assert not starting.done()
        left.close()

        await (await starting).stop(patience=60)


async def test_a_part_that_runs_is_not_started_again_beside_itself(tmp_path: Path) -> None:
    first = await started(part(tmp_path, _LISTENS), SETTINGS)
    with pytest.raises(PartFailed, match=r"another process has .*/output\.lock: this one was not started"):
        await started(part(tmp_path, _LISTENS), SETTINGS.model_copy(update={"lock_timeout": 0}))

    assert await first.part.answers()
    await first.stop(patience=60)


async def test_a_start_waits_for_what_a_killed_part_has_left(tmp_path: Path) -> None:
    first = await started(part(tmp_path, _LISTENS, "stubborn"), SETTINGS)
    starting = asyncio.create_task(started(part(tmp_path, _LISTENS), SETTINGS.model_copy(update={"lock_timeout": 60})))
    await asyncio.wait([starting], timeout=0.1)
    await first.kill()

    await (await starting).stop(patience=60)


async def test_a_thread_that_may_end_before_the_part_does_not_start_it(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="the main thread"):
        await asyncio.to_thread(Running, part(tmp_path, _SLEEPS), SETTINGS)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a program with its parent")
def test_a_part_ends_when_whoever_started_it_is_killed(tmp_path: Path) -> None:
    supervisor = textwrap.dedent(f"""
        import sys, time
        from pathlib import Path
        from wco_cluster.part import Part, Running
        from wco_cluster.settings import ClusterSettings
        folder = Path({str(tmp_path)!r})
        command = (sys.executable, "-c", {_SLEEPS!r}, str(folder))
        example = Part("example", 1, command, folder / "output", lambda: None)
        print(Running(example, ClusterSettings()).pid, flush=True)
        time.sleep(3600)
    """)
    with subprocess.Popen([sys.executable, "-c", supervisor], stdout=subprocess.PIPE, text=True) as starting:
        assert starting.stdout is not None
        pid = int(starting.stdout.readline())
        orphan = os.pidfd_open(pid)
        try:
            starting.kill()
            assert select.select([orphan], [], [], 60)[0], "the part lives on without its supervisor"
        finally:
            os.close(orphan)
