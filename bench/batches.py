"""Batches of 500 over HTTP, on PostgreSQL, against a bare COPY of the same rows in commits of 500."""

import json
from statistics import median

from bare_copy import copied
from figure import Figure, at_least
from posting import OPENED, batched, loaded, post
from running_parts import dropped, new_database, open_folder, postgres_server, text
from running_parts import run as done
from scale import scaled
from serving import server
from wco_common.cloudevents import BATCHED
from wco_common.migrate import upgrade

BATCH = 500
CONNECTIONS = 4
BATCHES, WARMING = scaled(60, 8), 8
ROUNDS = 9
LEAST = 0.25

_ROWS = ("event", "entity")
"""The tables in which each event has a row of its own."""


def run() -> list[Figure]:
    """Measure it."""
    rates, copies, logs = [], [], []
    events = (WARMING + BATCHES) * BATCH
    with open_folder() as folder, postgres_server(folder) as databases:
        for turn in range(ROUNDS):
            print(f"  {BATCHES} batches of {BATCH}, then the same rows by COPY: {turn + 1} of {ROUNDS}", flush=True)
            posted, twin, log = (new_database(databases, name) for name in ("posted", "twin", "log"))
            with server("survey_server.py", text(posted)) as address:
                post(address, "/v1/events", OPENED)
                bodies = [batched(number * BATCH, BATCH) for number in range(WARMING + BATCHES)]
                loaded(address, bodies[:WARMING], BATCHED, CONNECTIONS)
                rates.append(BATCH * loaded(address, bodies[WARMING:], BATCHED, CONNECTIONS)[0])
            for database in (twin, log):
                done(upgrade(database, "survey-intake"))
            copies.append(events / done(copied(posted, twin, _ROWS, rows=BATCH)))
            logs.append(events / done(copied(posted, log, _ROWS[:1], rows=BATCH)))
            dropped(databases, "posted", "twin", "log")
    return [
        Figure(f"batches of {BATCH}: events a second", f"{median(rates):,.0f}"),
        Figure(f"a bare COPY of the same rows in commits of {BATCH}: events a second", f"{median(copies):,.0f}"),
        at_least("batches to the bare COPY", _ratio(rates, copies), LEAST, "{:.2f} ×"),
        Figure("batches to a bare COPY of the events alone, without the states", f"{_ratio(rates, logs):.2f} ×"),
    ]


def _ratio(rates: list[float], others: list[float]) -> float:
    return median(ours / other for ours, other in zip(rates, others, strict=True))


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
