"""`python -m chaos`: break a cluster while it works, and print what became of it. Exit status 1: something is lost."""

import argparse
import asyncio
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import uvloop

from chaos.run import Run
from chaos.tally import table

PAGE = Path(__file__).parents[2] / "docs" / "chaos.md"


_HEAD = """# Chaos

Written by `make chaos ARGS=--page`. A cluster works under a load of which every event is known, while its parts are
killed and stopped, its connections cut, slowed, stalled, torn and swallowed, and requests broken off by clients, one at
a time and together ([why it is made so](decisions/0045-chaos.md)). After each, all that was acknowledged has to be in
its log at its sequence, in Kafka and in the answers; no answer about the past may be another than before; streams that
were resumed have to have told how things stand. `--seed` repeats what is posted, asked and broken; `--kills` says how
many parts are killed.
"""


def main() -> int:
    """Run it, and return the exit status."""
    parser = argparse.ArgumentParser(prog="chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="Of what is posted, asked and broken (1).")
    parser.add_argument(
        "--kills", type=int, default=200, help="Parts that are killed (200); other faults come besides."
    )
    parser.add_argument("--page", action="store_true", help=f"Write the table to docs/{PAGE.name} too.")
    chosen = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="wco-kpi-chaos-"))
    began = time.monotonic()
    run = Run(chosen.seed, chosen.kills, folder, lambda line: print(f"{_taken(began)} {line}", flush=True))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run.go())
    rows = [*run.tally.rows(run.figures()), ("minutes", f"{(time.monotonic() - began) / 60:.0f}")]
    print(table(rows))
    if run.findings.all:
        print("\n".join(["It does not hold:", *run.findings.all, f"All that was kept is in {folder}."]))
        return 1
    shutil.rmtree(folder)
    if chosen.page:
        PAGE.write_text(page(rows, chosen.seed, chosen.kills), encoding="utf-8")
    return 0


def page(rows: Sequence[tuple[str, str]], seed: int, kills: int) -> str:
    """Return the page of a run that is just over."""
    cores, memory = len(os.sched_getaffinity(0)), os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f'{_HEAD}\nMade on {datetime.now(UTC).date()} by `make chaos ARGS="--seed {seed} --kills {kills}"`: '
        f"{cores} cores, {memory:.0f} GiB of memory, {platform.system()} on {platform.machine()}.\n\n{table(rows)}\n"
    )


def _taken(began: float) -> str:
    minutes, seconds = divmod(round(time.monotonic() - began), 60)
    return f"{minutes:02}:{seconds:02}"


if __name__ == "__main__":
    sys.exit(main())
