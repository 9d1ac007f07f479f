"""Run the benchmarks, all or those that are named, print what they find, and write it to docs/benchmarks.md."""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

import as_of
import batches
import first_view
import kafka_to_read_model
import post_to_kpi
import post_to_kpi_kafka
import posting
import posting_postgres
import rebuild
import replay
import scorecard_postgres
from figure import Figure
from report import PAGE, Result, machine, printed, write
from scale import SCALE

BENCHMARKS: dict[str, Callable[[], list[Figure]]] = {
    "replay": replay.run,
    "as-of": as_of.run,
    "first-view": first_view.run,
    "posting": posting.run,
    "post-to-kpi": post_to_kpi.run,
    "posting-postgres": posting_postgres.run,
    "batches": batches.run,
    "kafka-to-read-model": kafka_to_read_model.run,
    "rebuild": rebuild.run,
    "post-to-kpi-kafka": post_to_kpi_kafka.run,
    "scorecard-postgres": scorecard_postgres.run,
}


def main(names: list[str]) -> int:
    """Run the benchmarks of these names, or all."""
    if unknown := [name for name in names if name not in BENCHMARKS]:
        print(f"There is no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}.", file=sys.stderr)
        return 2
    found: dict[str, list[Figure]] = {}
    for name in names or BENCHMARKS:
        began = time.monotonic()
        print(f"{name}: {(sys.modules[BENCHMARKS[name].__module__].__doc__ or '').splitlines()[0]}", flush=True)
        found[name] = BENCHMARKS[name]()
        print(f"  done in {time.monotonic() - began:.0f} s", flush=True)
        printed({name: found[name]})
    if SCALE == 1:
        today, where = datetime.now(UTC).date().isoformat(), machine()
        write(BENCHMARKS, {name: Result(today, where, figures) for name, figures in found.items()})
        print(f"Written to {PAGE}.")
    missed = [figure.what for figures in found.values() for figure in figures if figure.holds is False]
    print(f"Missed: {'; '.join(missed)}." if missed else "Every target is met.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
