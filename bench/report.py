"""What was found: for the terminal, and as docs/benchmarks.md, where each benchmark stands as it was run last."""

import os
import platform
import sqlite3
import textwrap
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from figure import Figure

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
FOUND = PAGE.with_suffix(".json")


class Result(msgspec.Struct, frozen=True):
    """What a benchmark found, on which day, and where."""

    measured_on: str
    machine: str
    figures: list[Figure]


_RESULTS = msgspec.json.Decoder(dict[str, Result])

_PACKAGES = (
    "fastapi",
    "uvicorn",
    "uvloop",
    "httptools",
    "sqlalchemy",
    "asyncpg",
    "aiokafka",
    "msgspec",
    "pydantic",
    "eventsourcing",
)
_SAYS = {None: "", True: "yes", False: "no"}

_HEAD = """
Written by `make bench`; `make bench ARGS=posting` runs one of them, and `BENCH_SCALE=0.1 make bench ARGS=rebuild` a
tenth of one, to try it, which is not written down. There are {names}. What matters are the ratios: both sides of each
are measured in the same run, in turns, and a figure is the median of several. A rate "of one core" counts the
processor time that the whole program took, from its start to its end, so that other work on the machine does not spoil
it. Servers have one worker process each, and their client is another process on the same machine.
"""

_FOOT = """
What is measured: bundles are invented by `bench/made_bundle.py`, the same for every run. They span three years, with
277 surveys, 60 operations, 185 Members and 1,000 activities whatever their size; *many facts* means that nine in ten
submissions and seizure reports are new, *few facts* that nineteen in twenty correct one that is there. Both sides of
posting store events in SQLite with `journal_mode=WAL` and `synchronous=FULL`.

PostgreSQL and Kafka are those of `wco-kpi cluster`, started by the benchmark, with each commit on the disk before it is
answered; both sides of a ratio are on the same server. A *bare COPY* is asyncpg's `copy_records_to_table` of the rows
that the product has written, read back in the order in which it wrote them, into tables of the same form. Two instances
of the projector, one a core, share the logs; a log is folded by one of them. A projection by `eventsourcing` keeps
submissions and the totals of surveys, without versions.

Between batches and 0.4 of a bare COPY stands what a COPY does not do, and what a log is for: each event is parsed by
strict rules, held against its type's schema, written in canonical form and hashed, looked up by its idempotency key,
decided upon, and answered; and one process does that on one core. Where the time of a fold goes is said in decisions
[46](decisions/0046-larger-pieces.md) and [52](decisions/0052-worked-out-ahead.md).

From `git clone` to the first scorecard by `make run`: `bench/clone.sh` does it in an empty home with empty caches, so
that every package is fetched anew, and says how long it took.
"""


def machine() -> str:
    """Say what it runs on, in plain words, and with which versions of what matters."""
    cores = len(os.sched_getaffinity(0))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(f"{package} {version(package)}" for package in _PACKAGES)
    return (
        f"{cores} cores, {memory:.0f} GiB of memory, {platform.system()} on {platform.machine()}; "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {versions}"
    )


def write(names: Iterable[str], found: Mapping[str, Result]) -> None:
    """Write down what was found, beside what was found before by benchmarks of these names, and the page of it all."""
    before = _RESULTS.decode(FOUND.read_bytes()) if FOUND.exists() else {}
    results = {name: result for name in names if (result := found.get(name) or before.get(name)) is not None}
    FOUND.write_bytes(msgspec.json.format(msgspec.json.encode(results)) + b"\n")
    PAGE.write_text(page(results), encoding="utf-8")


def page(results: Mapping[str, Result]) -> str:
    """Return the page."""
    days: dict[str, list[str]] = {}
    for result in results.values():
        days.setdefault(result.machine, []).append(result.measured_on)
    measured = "; ".join(f"on {' and '.join(dict.fromkeys(on))} with {what}" for what, on in days.items())
    head = _HEAD.format(names=", ".join(f"`{name}`" for name in results)) + f"\nMeasured {measured}."
    lines = [
        "# Benchmarks",
        *("\n" + textwrap.fill(part, 120) for part in head.strip().split("\n\n")),
        "",
        "| benchmark | what | found | target | met | measured on |",
        "|---|---|--:|--:|---|---|",
    ]
    for name, result in results.items():
        lines += [
            f"| {name} | {each.what} | {each.found} | {each.target} | {_SAYS[each.holds]} | {result.measured_on} |"
            for each in result.figures
        ]
    return "\n".join(lines) + "\n" + _FOOT


def printed(found: Mapping[str, list[Figure]]) -> None:
    """Print the table."""
    table = Table("benchmark", "what", "found", "target", "met")
    for name, figures in found.items():
        for each in figures:
            table.add_row(name, each.what, each.found, each.target, _SAYS[each.holds])
    Console().print(table)
