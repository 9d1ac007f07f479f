"""How much of a benchmark is done: all of it, or a part to try it by (`BENCH_SCALE=0.1 make bench ARGS=rebuild`)."""

import os

SCALE = float(os.environ.get("BENCH_SCALE", "1"))


def scaled(number: int, least: int = 1) -> int:
    """Return so much of a number of events, rounds or seconds as is to be done, but at least so many."""
    return max(least, round(number * SCALE))
