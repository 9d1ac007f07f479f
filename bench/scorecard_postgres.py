"""Scorecards on PostgreSQL: at ten thousand events and at a million, and while several ask at once."""

import asyncio
import json
import time
from contextlib import ExitStack
from random import Random

import httpx
import uvloop

from as_of import LARGE, MOST_TO_SMALL, PERIOD, SMALL, scorecards, some_past
from figure import Figure, at_most, percentile
from made_bundle import MANY_FACTS, bundle
from running_parts import new_database, open_folder, postgres_server, text
from scale import scaled
from serving import server

ASKING = 4
SECONDS = scaled(15, 2)


def run() -> list[Figure]:
    """Measure it."""
    with ExitStack() as stack:
        folder = stack.enter_context(open_folder())
        databases = stack.enter_context(postgres_server(folder))
        addresses = {
            events: stack.enter_context(
                server(
                    "projector_at_rest.py",
                    bundle(events, MANY_FACTS),
                    text(new_database(databases, f"events_{events}")),
                )
            )
            for events in (SMALL, LARGE)
        }
        clients = {
            events: stack.enter_context(httpx.Client(base_url=address, timeout=30))
            for events, address in addresses.items()
        }
        small, large, current = scorecards(clients[SMALL], clients[LARGE])
        print(f"  {ASKING} ask at once for {SECONDS} s", flush=True)
        taken = uvloop.run(_load(addresses[LARGE]))
    return [
        Figure(f"scorecard as of a moment, {SMALL:,} events", f"{small:.1f} ms"),
        Figure(f"scorecard as of a moment, {LARGE:,} events", f"{large:.1f} ms"),
        Figure(f"current scorecard, {LARGE:,} events", f"{current:.1f} ms"),
        at_most(f"as of a moment: {LARGE:,} events to {SMALL:,}", large / small, MOST_TO_SMALL, "{:.2f} ×"),
        Figure(f"{ASKING} asking at once, {LARGE:,} events: scorecards a second", f"{len(taken) / SECONDS:.0f}"),
        Figure(
            f"{ASKING} asking at once, {LARGE:,} events: p50 and p99",
            f"{percentile(taken, 50):.0f} and {percentile(taken, 99):.0f} ms",
        ),
    ]


async def _load(address: str) -> list[float]:
    """Have several ask for scorecards of moments of their own, and return how many milliseconds each took."""
    taken: list[float] = []
    until = time.perf_counter() + SECONDS

    async def ask(random: Random) -> None:
        while time.perf_counter() < until:
            past = {"period": PERIOD, "as_of": some_past(random)}
            began = time.perf_counter()
            (await client.get("/v1/scorecard", params=past)).raise_for_status()
            taken.append(1000 * (time.perf_counter() - began))

    async with httpx.AsyncClient(base_url=address, timeout=30) as client:
        await asyncio.gather(*(ask(Random(number)) for number in range(ASKING)))
    return taken


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
