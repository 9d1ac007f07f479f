"""One event a request over 32 connections: survey-intake against plain FastAPI handlers with one insert each."""

import json
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from figure import Figure, at_least, percentile
from scale import scaled
from serving import HERE, server

CONNECTIONS = 32
EVENTS = scaled(4_000, 400)
ROUNDS = 9
LEAST = 1.5

SURVEY_INTAKE = "survey-intake"

STRUCTURED = "application/cloudevents+json"


def event(name: str, subject: str, event_id: str, **data: Any) -> bytes:
    """Return an event in structured mode."""
    return json.dumps(
        {
            "specversion": "1.0",
            "id": event_id,
            "source": "urn:example:bench",
            "type": f"org.wcoomd.{name}.v1",
            "subject": subject,
            "data": data,
        }
    ).encode()


OPENED = event(
    "survey.opened",
    "assistance-1",
    "opened",
    kind="assistance",
    title="After a workshop",
    opens_on="2022-07-01",
    closes_on="2025-06-30",
    scale={"min": 1, "max": 5},
    topics=["overall", "content", "trainer"],
)


def submitted(number: int) -> bytes:
    """Return a submission by a respondent of its own."""
    return event(
        "survey.submitted",
        "assistance-1",
        f"submitted-{number}",
        member="KEN",
        respondent=f"r{number}",
        submitted_on="2023-02-01",
        ratings={"overall": 1 + number % 5, "content": 3, "trainer": 4},
    )


def batched(first: int, number: int) -> bytes:
    """Return a batch of so many submissions."""
    return b"[" + b",".join(map(submitted, range(first, first + number))) + b"]"


def post(address: str, path: str, body: bytes) -> dict[str, Any]:
    """Post one event, and return the answer."""
    answer = httpx.post(address + path, content=body, headers={"Content-Type": STRUCTURED}, timeout=30)
    receipt: dict[str, Any] = answer.raise_for_status().json()
    return receipt


def loaded(
    address: str, bodies: list[bytes], media_type: str = STRUCTURED, connections: int = CONNECTIONS
) -> tuple[float, list[float]]:
    """Have another process post some bodies; return how many a second, and the milliseconds of the answers."""
    load = [sys.executable, str(HERE / "load.py"), address, "/v1/events", media_type, str(connections)]
    done = subprocess.run(load, input=b"\n".join(bodies), stdout=subprocess.PIPE, check=True)
    result = json.loads(done.stdout)
    return result["rate"], result["answers"]


def compared(ours: str, plain: Mapping[str, str], least: float) -> list[Figure]:
    """Measure survey-intake at an address against plain handlers, by name, at theirs."""
    post(ours, "/v1/events", OPENED)
    rates: dict[str, list[float]] = {name: [] for name in (SURVEY_INTAKE, *plain)}
    answers: list[float] = []
    for turn in range(ROUNDS + 1):
        print(f"  {EVENTS:,} events to each server, {turn} of {ROUNDS}", flush=True)
        bodies = [submitted(number) for number in range(turn * EVENTS, (turn + 1) * EVENTS)]
        for name, address in {SURVEY_INTAKE: ours, **plain}.items():
            rate, taken = loaded(address, bodies)
            if turn:  # the first round warms up
                rates[name].append(rate)
                answers += taken if name == SURVEY_INTAKE else []
    faster = max(plain, key=lambda name: median(rates[name]))
    ratio = median(mine / theirs for mine, theirs in zip(rates[SURVEY_INTAKE], rates[faster], strict=True))
    return [
        *(Figure(f"`{name}` with one insert: events a second", f"{median(rates[name]):,.0f}") for name in plain),
        Figure("survey-intake: events a second", f"{median(rates[SURVEY_INTAKE]):,.0f}"),
        Figure(
            "survey-intake: answer to a POST, p50 and p99",
            f"{median(answers):.1f} and {percentile(answers, 99):.1f} ms",
        ),
        at_least(f"survey-intake to the faster handler (`{faster}`)", ratio, least, "{:.2f} ×"),
    ]


def run() -> list[Figure]:
    """Measure it."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="wco-kpi-bench-")))
        database = f"sqlite+aiosqlite:///{folder / 'survey.sqlite'}"
        ours = stack.enter_context(server("survey_server.py", database))
        plain = {
            kind: stack.enter_context(server("plain_server.py", kind, folder / f"{kind.split()[0]}.sqlite"))
            for kind in ("def", "async def")
        }
        return compared(ours, plain, LEAST)


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
