"""Past answers: a scorecard as of a moment, at ten thousand events and at a million, and `by` on every KPI."""

import json
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory

import httpx

from figure import Figure, at_most
from made_bundle import MANY_FACTS, bundle
from scale import scaled
from serving import server
from wco_common.instant import DAY, format_instant, parse_instant

SMALL, LARGE = 10_000, scaled(1_000_000, 20_000)
REQUESTS = 60
ROUNDS = 21
PERIOD = "sp-2022-2025"
LAST = parse_instant("2025-06-29T00:00:00Z")
MOST_TO_SMALL, MOST_TO_CURRENT, MOST_BY = 1.5, 1.2, 50.0

_GET = "/v1/scorecard"


def milliseconds(client: httpx.Client, path: str, query: Mapping[str, str]) -> float:
    """Ask, and return how long the answer took."""
    began = time.perf_counter()
    client.get(path, params=query).raise_for_status()
    return 1000 * (time.perf_counter() - began)


def some_past(random: Random) -> str:
    """Return one of the last moments of a bundle."""
    return format_instant(LAST - random.randrange(60 * DAY))


def run() -> list[Figure]:
    """Measure it."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="wco-kpi-bench-")))
        clients = {}
        for events in (SMALL, LARGE):
            database = f"sqlite+aiosqlite:///{folder / f'{events}.sqlite'}"
            address = stack.enter_context(server("projector_at_rest.py", bundle(events, MANY_FACTS), database))
            clients[events] = stack.enter_context(httpx.Client(base_url=address, timeout=30))
        small, large, current = scorecards(clients[SMALL], clients[LARGE])
        slowest, which = max(_by(clients[LARGE]))
    return [
        Figure(f"scorecard as of a moment, {SMALL:,} events", f"{small:.1f} ms"),
        Figure(f"scorecard as of a moment, {LARGE:,} events", f"{large:.1f} ms"),
        Figure(f"current scorecard, {LARGE:,} events", f"{current:.1f} ms"),
        at_most(f"as of a moment: {LARGE:,} events to {SMALL:,}", large / small, MOST_TO_SMALL, "{:.2f} ×"),
        at_most(f"{LARGE:,} events: as of a moment to current", large / current, MOST_TO_CURRENT, "{:.2f} ×"),
        at_most(f"slowest `by`, {LARGE:,} events ({which})", slowest, MOST_BY, "{:.1f} ms"),
    ]


def scorecards(small: httpx.Client, large: httpx.Client) -> tuple[float, float, float]:
    """Return the median times of past scorecards at both sizes and of current ones, asked in turns."""
    random = Random(1)
    times: tuple[list[float], list[float], list[float]] = ([], [], [])
    for turn in range(REQUESTS + 10):
        past = {"period": PERIOD, "as_of": some_past(random)}
        taken = (
            milliseconds(small, _GET, past),
            milliseconds(large, _GET, past),
            milliseconds(large, _GET, {"period": PERIOD}),
        )
        if turn >= 10:
            for each, one in zip(times, taken, strict=True):
                each.append(one)
    return median(times[0]), median(times[1]), median(times[2])


def _by(client: httpx.Client) -> list[tuple[float, str]]:
    """Return the median time of each KPI by each of its dimensions, each asked first of the current moment."""
    random = Random(2)

    def taken(kpi: str, by: str) -> float:
        client.get("/v1/plan", params={"as_of": some_past(random)}).raise_for_status()
        return milliseconds(client, f"/v1/kpis/{kpi}", {"period": PERIOD, "by": by})

    kpis = client.get("/v1/plan").raise_for_status().json()["kpis"]
    return [
        (median(taken(kpi["id"], by) for _ in range(ROUNDS)), f"`{kpi['id']}` by {by}")
        for kpi in kpis
        for by in kpi["by"]
    ]


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
