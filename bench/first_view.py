"""The first page: of `wco-kpi up` on a directory of a million events, each time of another moment."""

import json
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import httpx

from as_of import LARGE, LAST, PERIOD, milliseconds
from figure import Figure, at_most
from made_bundle import MANY_FACTS, bundle
from post_to_kpi import answering
from wco_common.instant import DAY, format_instant
from wco_events.event_type import LOG_NAMES

VIEWS = 21
MOST = 300.0
PATIENCE = 900.0
"""Seconds in which a million events are folded."""


def run() -> list[Figure]:
    """Measure it."""
    with TemporaryDirectory(prefix="wco-kpi-bench-") as name:
        folder = Path(name) / "data"
        command = str(Path(sys.executable).with_name("wco-kpi"))
        subprocess.run([command, "restore", bundle(LARGE, MANY_FACTS), "--data-dir", folder], check=True)
        with answering("up", folder) as address, httpx.Client(base_url=address, timeout=60) as client:
            print("  folding", flush=True)
            _folded(client)
            moments = [format_instant(LAST - number * DAY) for number in range(VIEWS)]
            past = [milliseconds(client, "/", {"period": PERIOD, "as_of": moment}) for moment in moments]
            now = [milliseconds(client, "/", {"period": PERIOD}) for _ in range(VIEWS)]
    return [
        at_most(f"the first page, past moments, {LARGE:,} events: median", median(past), MOST, "{:.0f} ms"),
        Figure("the slowest of these", f"{max(past):.0f} ms"),
        at_most(f"the first page, now, {LARGE:,} events: median", median(now), MOST, "{:.0f} ms"),
    ]


def _folded(client: httpx.Client) -> None:
    """Return once answers have all that is recorded."""
    until = time.monotonic() + PATIENCE
    for log in LOG_NAMES:
        head = client.get(f"/{log}/v1/head").raise_for_status().json()["sequence"]
        while client.get("/kpi-projector/v1/plan", params={"after": f"{log}:{head}"}).status_code != 200:
            if time.monotonic() > until:
                raise SystemExit("a million events are not folded in time")
            time.sleep(1)


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
