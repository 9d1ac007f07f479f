"""`wco-kpi replay` on a million events, against a plain fold of the same file by the same decoder."""

import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import NamedTuple

from figure import Figure, at_least
from made_bundle import FEW_FACTS, MANY_FACTS, bundle
from scale import scaled
from serving import HERE

EVENTS = scaled(1_000_000, 10_000)
ROUNDS = 3
LEAST = 150_000
PLAIN_THERE = 750_000
"""What the plain decode and fold ran at on the machine that the target was set on: in a ratio it holds on any."""


class Used(NamedTuple):
    """What a process used: seconds of a core, and its largest size in MiB."""

    seconds: float
    mebibytes: float


def used(*command: str | Path) -> Used:
    """Run a command to its end, and return what it used."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return Used(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def run() -> list[Figure]:
    """Measure it."""
    figures = []
    rates = {}
    for name, fresh in (("many facts", MANY_FACTS), ("few facts, much corrected", FEW_FACTS)):
        made = bundle(EVENTS, fresh)
        replays, plains = [], []
        for turn in range(ROUNDS):
            print(f"  replaying, {turn + 1} of {ROUNDS}", flush=True)
            command = Path(sys.executable).with_name("wco-kpi")
            replays.append(used(command, "replay", made, "--period", "sp-2022-2025", "--json"))
            plains.append(used(sys.executable, HERE / "plain_fold.py", made))
        rates[name] = EVENTS / median(replay.seconds for replay in replays)
        plain = EVENTS / median(plain.seconds for plain in plains)
        size = median(replay.mebibytes for replay in replays)
        figures += [
            at_least(f"`wco-kpi replay`, {name}: events a second of one core", rates[name], LEAST, "{:,.0f}"),
            Figure(f"the same, a plain decode and keyed fold (the whole program): {name}", f"{plain:,.0f}"),
            at_least(f"to the plain one, {name}", rates[name] / plain, LEAST / PLAIN_THERE, "{:.2f} ×"),
            Figure(f"memory at most, {name}", f"{size:,.0f} MiB"),
        ]
    return figures


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
