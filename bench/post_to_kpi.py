"""From the answer to a POST until the KPI shows the event, at 300 events a second, with everything in one process."""

import asyncio
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import uvloop

from client import Client
from figure import Figure, at_most, percentile
from posting import OPENED, STRUCTURED, post, submitted
from scale import scaled

RATE = 300
SECONDS = scaled(15, 2)
PAUSE = 0.01
"""Seconds between two questions of who asks again and again: they are in the figure."""

MOST = 100.0

_KPI = "/kpi-projector/v1/kpis/SP3.satisfaction?period=sp-2022-2025"
_LOG = "survey-intake"


@contextmanager
def answering(command: str, folder: Path) -> Iterator[str]:
    """Run `wco-kpi up` or `wco-kpi cluster`, and give its address."""
    program = [str(Path(sys.executable).with_name("wco-kpi")), command]
    with subprocess.Popen(
        [*program, "--no-demo", "--port", "0", "--data-dir", str(folder)], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            address = re.search(r"http://[^/]+", process.stdout.readline())
            if address is None:
                raise SystemExit(f"wco-kpi {command} does not say where it answers")
            yield address[0]
        finally:
            process.terminate()
            process.communicate()


class Following:
    """Posts at a steady rate, and follows an event until its KPI shows it, then another."""

    def __init__(self, client: Client, rate: int, how: str) -> None:
        self._client = client
        self._rate = rate
        self._how = how
        self._busy = False
        self.answered: list[float] = []
        self.shown: list[float] = []

    async def run(self, first: int) -> None:
        """Post the events that are numbered from `first`, each when it is due."""
        began = time.perf_counter()
        async with asyncio.TaskGroup() as tasks:
            for number in range(self._rate * SECONDS):
                await asyncio.sleep(max(0, began + number / self._rate - time.perf_counter()))
                tasks.create_task(self._one(first + number))

    async def _one(self, number: int) -> None:
        began = time.perf_counter()
        answer = await self._client.post(f"/{_LOG}/v1/events", submitted(number), STRUCTURED)
        recorded = time.perf_counter()
        sequence = answer.json()["sequence"]
        self.answered.append(1000 * (recorded - began))
        if self._busy:
            return
        self._busy = True
        if self._how == "after":
            (await self._client.get(f"{_KPI}&after={_LOG}:{sequence}")).json()
        else:
            while (await self._position()) < sequence:  # noqa: ASYNC110 (that is what is measured)
                await asyncio.sleep(PAUSE)
        self.shown.append(1000 * (time.perf_counter() - recorded))
        self._busy = False

    async def _position(self) -> int:
        answer = (await self._client.get(_KPI)).json()
        return int(answer["as_of"]["positions"][_LOG])


async def _measure(address: str, rate: int) -> dict[str, Following]:
    async with Client(address) as client:
        found = {how: Following(client, rate, how) for how in ("asking", "after")}
        for turn, following in enumerate(found.values()):
            print(f"  {rate} events a second for {SECONDS} s, then until all is shown", flush=True)
            await following.run(turn * rate * SECONDS)
    return found


def measured(command: str, rate: int, most: float) -> list[Figure]:
    """Measure it on `wco-kpi up` or `wco-kpi cluster`, at so many events a second; `most` is in milliseconds."""
    with TemporaryDirectory(prefix="wco-kpi-bench-") as folder, answering(command, Path(folder) / "data") as address:
        post(address, f"/{_LOG}/v1/events", OPENED)
        found = uvloop.run(_measure(address, rate))
    asking, after = found["asking"], found["after"]
    return [
        Figure(f"answer to a POST at {rate} a second, p99", f"{percentile(asking.answered, 99):.0f} ms"),
        Figure("POST's answer until the KPI shows it, p50", f"{median(asking.shown):.0f} ms"),
        at_most("POST's answer until the KPI shows it, p99", percentile(asking.shown, 99), most, "{:.0f} ms"),
        Figure("the same by one `GET …?after=`, p50", f"{median(after.shown):.0f} ms"),
        at_most("the same by one `GET …?after=`, p99", percentile(after.shown, 99), most, "{:.0f} ms"),
    ]


def run() -> list[Figure]:
    """Measure it."""
    return measured("up", RATE, MOST)


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
