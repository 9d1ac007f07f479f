"""A state made anew: a million events from Kafka into an empty PostgreSQL, against a bare COPY of what results."""

import json
import time
from statistics import median

from bare_copy import copied_then_indexed
from figure import Figure, at_least, at_most
from kpi_projector.migrate import upgrade
from made_bundle import MANY_FACTS, bundle
from running_parts import broker, dropped, new_database, open_folder, postgres_server, text
from running_parts import run as done
from scale import scaled
from topics import STATE, TABLES, Folding, projectors, published, resident
from wco_common.engine import DatabaseSettings

EVENTS = scaled(1_000_000, 10_000)
ROUNDS = 2
LEAST = 0.5
FLAT = 1.1


def run() -> list[Figure]:
    """Measure it."""
    made = bundle(EVENTS, MANY_FACTS)
    rebuilds, copies, sizes = [], [], []
    with open_folder() as folder, postgres_server(folder) as server, broker(folder) as kafka:
        print(f"  publishing {EVENTS:,} events", flush=True)
        numbers = done(published(made, kafka))
        for turn in range(ROUNDS):
            print(f"  folding them into an empty database, then a bare COPY: {turn + 1} of {ROUNDS}", flush=True)
            state, twin = new_database(server, f"state_{turn}"), new_database(server, f"twin_{turn}")
            began = time.perf_counter()
            with projectors(folder / f"{turn}", state, kafka) as processes:
                size = []
                for share in (1 / 3, 2 / 3, 1.0):
                    ended, _ = done(Folding(state, numbers).until(share))
                    size.append(resident(processes))
                rebuilds.append(ended - began)
                sizes.append(size)
            done(upgrade(text(twin), DatabaseSettings()))
            copies.append(done(copied_then_indexed(state, twin, TABLES, schema=STATE)))
            dropped(server, f"state_{turn}", f"twin_{turn}")
    ratio = median(copy / rebuild for copy, rebuild in zip(copies, rebuilds, strict=True))
    memory = [median(each[part] for each in sizes) for part in range(3)]
    return [
        Figure(
            f"{EVENTS:,} events folded from the program's start: events a second", f"{EVENTS / median(rebuilds):,.0f}"
        ),
        Figure("a bare COPY of the rows, then their indexes: seconds", f"{median(copies):.1f} s"),
        at_least("rebuild to the bare COPY with its indexes", ratio, LEAST, "{:.2f} ×"),
        Figure("memory at a third, two thirds, the end", ", ".join(f"{each:.0f}" for each in memory) + " MiB"),
        at_most("memory at the end to that at a third", memory[2] / memory[0], FLAT, "{:.2f} ×"),
    ]


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
