"""From Kafka into the read model on PostgreSQL, against a bare COPY of its rows, and against `eventsourcing`."""

import json
import subprocess
import sys
from statistics import median

from bare_copy import copied
from figure import Figure, at_least
from kpi_projector.migrate import upgrade
from made_bundle import MANY_FACTS, bundle
from running_parts import broker, dropped, new_database, open_folder, postgres_server, text
from running_parts import run as done
from scale import scaled
from serving import HERE
from topics import STATE, TABLES, Folding, projectors, published
from wco_common.engine import DatabaseSettings

EVENTS = scaled(200_000, 10_000)
PLAIN_EVENTS = scaled(10_000, 1_000)
ROUNDS = 3
LEAST_TO_COPY, LEAST_TO_PLAIN = 0.4, 5.0


def run() -> list[Figure]:
    """Measure it."""
    made = bundle(EVENTS, MANY_FACTS)
    rates, copies, plains = [], [], []
    with open_folder() as folder, postgres_server(folder) as server, broker(folder) as kafka:
        print(f"  publishing {EVENTS:,} events", flush=True)
        numbers = done(published(made, kafka))
        for turn in range(ROUNDS):
            print(f"  folding, copying, and projecting: {turn + 1} of {ROUNDS}", flush=True)
            state, twin, plain = (new_database(server, f"{name}_{turn}") for name in ("state", "twin", "plain"))
            with projectors(folder / f"{turn}", state, kafka):
                folding = Folding(state, numbers)
                (began, before), (ended, after) = done(folding.until(0)), done(folding.until())
            rates.append((after - before) / (ended - began))
            done(upgrade(text(twin), DatabaseSettings()))
            copies.append(EVENTS / done(copied(state, twin, TABLES, schema=STATE)))
            command = [sys.executable, str(HERE / "plain_projection.py"), text(plain), str(made), str(PLAIN_EVENTS)]
            plains.append(float(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout))
            dropped(server, f"state_{turn}", f"twin_{turn}", f"plain_{turn}")
    to_copy = median(ours / copy for ours, copy in zip(rates, copies, strict=True))
    to_plain = median(ours / plain for ours, plain in zip(rates, plains, strict=True))
    return [
        Figure("from Kafka into the read model: events a second", f"{median(rates):,.0f}"),
        Figure("a bare COPY of the rows that it writes: events a second", f"{median(copies):,.0f}"),
        Figure("a projection by `eventsourcing`: events a second", f"{median(plains):,.0f}"),
        at_least("to the bare COPY", to_copy, LEAST_TO_COPY, "{:.2f} ×"),
        at_least("to `eventsourcing`", to_plain, LEAST_TO_PLAIN, "{:.1f} ×"),
    ]


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
