"""Bundles to measure with: invented, deterministic, valid, of any size."""

import atexit
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from made_log import DAYS, FIRST, write_log
from made_operations import MadeOperations
from made_plan import MadePlan
from made_surveys import MadeSurveys
from wco_common.bundle import LogWriter, Manifest, new_bundle, write_manifest
from wco_common.instant import DAY, format_instant, start_of_day
from wco_events.event_type import LogName

MANY_FACTS, FEW_FACTS = 0.9, 0.05
"""Which share of submissions and seizure reports is of something new; the rest corrects what was there."""

_SURVEY_SHARE = 0.6


_UNTIL_THE_END = ExitStack()
atexit.register(_UNTIL_THE_END.close)


@cache
def bundle(events: int, fresh: float) -> Path:
    """Return the folder of a bundle, which is made once for all benchmarks of a run; see MANY_FACTS for `fresh`."""
    print(f"  making {events:,} events, {fresh:.0%} of them of something new", flush=True)
    folder = Path(_UNTIL_THE_END.enter_context(TemporaryDirectory(prefix="wco-kpi-bench-"))) / "bundle"
    _write_bundle(folder, events, fresh)
    return folder


def _write_bundle(folder: Path, events: int, fresh: float) -> None:
    """Write a bundle of so many events, three years of them."""
    closed = format_instant(start_of_day(FIRST) + DAYS * DAY)
    random = Random(f"{events} {fresh}")
    plan, surveys, operations = MadePlan(random), MadeSurveys(random, fresh), MadeOperations(random, fresh)
    of_surveys = round((events - plan.scheduled) * _SURVEY_SHARE)
    logs: dict[LogName, tuple[MadePlan | MadeSurveys | MadeOperations, int]] = {
        "plan-registry": (plan, plan.scheduled),
        "survey-intake": (surveys, of_surveys),
        "operations-feed": (operations, events - plan.scheduled - of_surveys),
    }
    entries = {}
    with new_bundle(folder) as unfinished:
        for log, (made, number) in logs.items():
            with LogWriter(unfinished, log) as file:
                write_log(log, file, made.days(number))
            entries[log] = file.entry(closed)
        write_manifest(unfinished, Manifest(entries))
