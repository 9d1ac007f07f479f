"""The first page: of `wco-kpi up` on a directory of a million events, each time of a moment that nobody asked about."""

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
from posting import event, post
from wco_common.instant import DAY, format_instant
from wco_events.event_type import LOG_NAMES

VIEWS = 21
_LOG = "survey-intake"
_OPENED = {
    "kind": "assistance",
    "title": "After a workshop",
    "opens_on": "2025-06-01",
    "closes_on": "2025-06-29",
    "scale": {"min": 1, "max": 5},
    "topics": ["overall"],
}
_A_LIST = {"plan-registry": "actions", "survey-intake": "surveys", "operations-feed": "operations"}
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
            now = [_after_an_event(client, address, number) for number in range(VIEWS)]
            again = [milliseconds(client, "/", {"period": PERIOD}) for _ in range(VIEWS)]
    return [
        at_most(f"the first page, past moments, {LARGE:,} events: median", median(past), MOST, "{:.0f} ms"),
        Figure("the slowest of these", f"{max(past):.0f} ms"),
        at_most(f"the first page, now, after an event, {LARGE:,} events: median", median(now), MOST, "{:.0f} ms"),
        Figure("the same while nothing is posted: median", f"{median(again):.0f} ms"),
    ]


def _after_an_event(client: httpx.Client, address: str, number: int) -> float:
    """Post an event, wait until it is in what is answered, and return how long the page takes then."""
    opened = event("survey.opened", f"first-view-{number}", f"opened-{number}", **_OPENED)
    sequence = post(address, f"/{_LOG}/v1/events", opened)["sequence"]
    client.get("/kpi-projector/v1/plan", params={"after": f"{_LOG}:{sequence}"}).raise_for_status()
    return milliseconds(client, "/", {"period": PERIOD})


def _folded(client: httpx.Client) -> None:
    """Return once answers have all that is recorded, and so have the lists, which are made beside."""
    until = time.monotonic() + PATIENCE
    for log in LOG_NAMES:
        head = client.get(f"/{log}/v1/head").raise_for_status().json()["sequence"]
        for path in ("kpi-projector/v1/plan", f"{log}/v1/{_A_LIST[log]}"):
            while client.get(f"/{path}", params={"after": f"{log}:{head}"}).status_code != 200:
                if time.monotonic() > until:
                    raise SystemExit("a million events are not folded in time")
                time.sleep(1)


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
