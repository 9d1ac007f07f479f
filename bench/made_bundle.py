"""Bundles to measure with: invented, deterministic, valid, of any size."""

from pathlib import Path
from random import Random

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


def write_bundle(folder: Path, events: int, fresh: float) -> None:
    """Write a bundle of so many events, three years of them; see MANY_FACTS for `fresh`."""
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
