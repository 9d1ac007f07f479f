"""Random histories of the three logs: of any length, always valid, the same for the same seed.

Candidates of every event type are made at random, and kept where the models and the deciders take them. So the
histories hold what no example thinks of: corrections of corrections, answers withdrawn and given again, focus areas
rated before they are introduced, experts accredited again, operations cancelled with reports in.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from random import Random

from hypothesis import strategies as st

from proposals import Proposals
from wco_common.decider import later_than_tomorrow
from wco_common.event import Event
from wco_common.instant import DAY, Instant, end_of_day, start_of_day, utc_day
from wco_events.event_type import LOG_NAMES, LogName

History = dict[LogName, list[bytes]]
"""Each log's recorded events, in order, as their canonical bytes: the lines of a bundle."""

FIRST, LAST = start_of_day(date(2022, 6, 1)), end_of_day(date(2025, 12, 31))
"""The earliest and the latest recorded time."""

_SHARES: dict[LogName, int] = {"plan-registry": 20, "survey-intake": 45, "operations-feed": 35}
"""Of each log its share of a history, in percent."""


def history(seed: int, events: int) -> History:
    """Return the history of this seed: the plan's adoption at `FIRST`, and so many events after it."""
    random = Random(seed)
    counts = Counter(random.choices(LOG_NAMES, weights=list(_SHARES.values()), k=events))
    written: History = {}
    for log in _SHARES:
        times = list(_times(random, counts[log]))
        if log == "plan-registry":
            times.insert(0, FIRST)
        written[log] = list(_written(log, Proposals(log, random, "urn:example:histories"), times))
    return written


def histories(most: int = 120) -> st.SearchStrategy[History]:
    """Return a strategy of histories with up to so many events after the adoption."""
    return st.builds(history, seed=st.integers(0, 2**32 - 1), events=st.integers(0, most))


def _times(random: Random, count: int) -> Iterator[Instant]:
    """Yield recorded times in order: some just before, at or after midnight, some shared by events of one commit."""
    last = FIRST
    for drawn in sorted(_near_midnight(random, random.randint(FIRST, LAST)) for _ in range(count)):
        if random.random() < 0.9:
            last = drawn
        yield last


def _near_midnight(random: Random, time: Instant) -> Instant:
    return time if random.random() < 0.9 else max(FIRST, time - time % DAY + random.randint(-1, 1))


def _written(log: LogName, proposals: Proposals, times: list[Instant]) -> Iterator[bytes]:
    versions: Counter[tuple[str, str]] = Counter()
    for sequence, time in enumerate(times, start=1):
        event = _next_event(f"{log}-{sequence}", proposals, utc_day(time))
        versions[event.kind, event.subject] += 1
        yield event.recorded(sequence, time, versions[event.kind, event.subject])


def _next_event(event_id: str, proposals: Proposals, today: date) -> Event:
    """Return an event that the models and the decider take."""
    while True:
        event, faults = proposals.next(event_id, today.toordinal())
        if not faults and not later_than_tomorrow(event, today):
            proposals.record(event)
            return event
