"""What the logs of a made bundle share: days, happenings, and how a log's events are written in order.

A log says beforehand what happens on which day; what is missing to the number of events that is wanted, it fills up
day by day. So a history has the same surveys, operations and months whether it has ten thousand events or a million.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

from wco_common.bundle import LogWriter
from wco_common.canonical import canonical
from wco_common.instant import DAY, format_instant, start_of_day
from wco_events.event_type import PREFIX, SUFFIX, LogName

FIRST = date(2022, 7, 1)
DAYS = 1096
"""The three years of the plan."""

_FILLED = DAYS - 1
"""The last day is left to what ends."""

_SOURCE = "urn:example:bench"


class Happening(NamedTuple):
    """An event to come: its type's name, subject and data."""

    name: str
    subject: str
    data: dict[str, Any]


def iso(day: int) -> str:
    """Return the date of a day, by its number from 0."""
    return (FIRST + timedelta(days=day)).isoformat()


class MadeLog:
    """One log: what happens on its days, and what fills it up."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.morning: defaultdict[int, list[Happening]] = defaultdict(list)
        self.evening: defaultdict[int, list[Happening]] = defaultdict(list)

    @property
    def scheduled(self) -> int:
        """How many events are certain to happen."""
        return sum(map(len, self.morning.values())) + sum(map(len, self.evening.values()))

    def filling(self, day: int) -> Happening:
        """Return one more thing that happens on a day."""
        raise NotImplementedError

    def days(self, events: int) -> Iterable[tuple[int, list[Happening]]]:
        """Yield the days in order, each with what happens on it, so many events in all."""
        missing = max(events - self.scheduled, 0)
        for day in range(DAYS):
            number = missing * (day + 1) // _FILLED - missing * day // _FILLED if day < _FILLED else 0
            filled = [self.filling(day) for _ in range(number)]
            yield day, [*self.morning[day], *filled, *self.evening[day]]


def write_log(log: LogName, file: LogWriter, days: Iterable[tuple[int, list[Happening]]]) -> int:
    """Write a log's events as it would have recorded them, spread over their days, and return how many there are."""
    sequence = 0
    versions: Counter[str] = Counter()
    for day, happenings in days:
        start, step = start_of_day(FIRST + timedelta(days=day)), DAY // (len(happenings) + 1)
        for number, (name, subject, data) in enumerate(happenings, start=1):
            sequence += 1
            versioned = f"{name.partition('.')[0]} {subject}"
            versions[versioned] += 1
            file.write(
                canonical(
                    {
                        "specversion": "1.0",
                        "id": f"{log}-{sequence}",
                        "source": _SOURCE,
                        "type": f"{PREFIX}{name}{SUFFIX}",
                        "subject": subject,
                        "datacontenttype": "application/json",
                        "data": data,
                        "sequence": f"{sequence:016d}",
                        "recordedtime": format_instant(start + number * step),
                        "subjectversion": versions[versioned],
                    }
                )
            )
    return sequence
