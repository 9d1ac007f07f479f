"""Random histories of the three logs: of any length, always valid, the same for the same seed.

Candidates of every event type are made at random, and kept where the models and the deciders take them. So the
histories hold what no example thinks of: corrections of corrections, answers withdrawn and given again, focus areas
rated before they are introduced, experts accredited again, operations cancelled with reports in.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from random import Random

from hypothesis import strategies as st

from candidates import Candidates
from operations_feed.decide import OperationsFeedDecider
from operations_feed_candidates import OperationsFeedCandidates
from plan_registry.decide import PlanRegistryDecider
from plan_registry_candidates import PlanRegistryCandidates
from survey_intake.decide import SurveyIntakeDecider
from survey_intake_candidates import SurveyIntakeCandidates
from wco_common.decider import Decider, Key, State, later_than_tomorrow
from wco_common.event import Event
from wco_common.instant import DAY, Instant, end_of_day, start_of_day, utc_day
from wco_events.event_type import LOG_NAMES, PREFIX, SUFFIX, LogName
from wco_events.registry import EVENT_TYPES, faults_of

History = dict[LogName, list[bytes]]
"""Each log's recorded events, in order, as their canonical bytes: the lines of a bundle."""

FIRST, LAST = start_of_day(date(2022, 6, 1)), end_of_day(date(2025, 12, 31))
"""The earliest and the latest recorded time."""

_LOGS: dict[LogName, tuple[type[Decider], Callable[[Random], Candidates], int]] = {
    "plan-registry": (PlanRegistryDecider, PlanRegistryCandidates, 20),
    "survey-intake": (SurveyIntakeDecider, SurveyIntakeCandidates, 45),
    "operations-feed": (OperationsFeedDecider, OperationsFeedCandidates, 35),
}
"""Of each log its decider, its candidates, and its share of a history in percent."""


def history(seed: int, events: int) -> History:
    """Return the history of this seed: the plan's adoption at `FIRST`, and so many events after it."""
    random = Random(seed)
    shares = [share for _, _, share in _LOGS.values()]
    counts = Counter(random.choices(LOG_NAMES, weights=shares, k=events))
    written: History = {}
    for log, (decider, candidates, _) in _LOGS.items():
        times = list(_times(random, counts[log]))
        if log == "plan-registry":
            times.insert(0, FIRST)
        written[log] = list(_written(log, decider(), candidates(random), times))
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


def _written(log: LogName, decider: Decider, candidates: Candidates, times: list[Instant]) -> Iterator[bytes]:
    states: dict[Key, State] = {}
    versions: Counter[tuple[str, str]] = Counter()
    for sequence, time in enumerate(times, start=1):
        event = _next_event(f"{log}-{sequence}", decider, states, candidates, utc_day(time))
        versions[event.kind, event.subject] += 1
        yield event.recorded(sequence, time, versions[event.kind, event.subject])


def _next_event(
    event_id: str, decider: Decider, states: dict[Key, State], candidates: Candidates, today: date
) -> Event:
    """Return an event that the models and the decider take, and change the states as it does."""
    while True:
        candidate = candidates.next(today.toordinal())
        event_type = EVENT_TYPES[f"{PREFIX}{candidate.name}{SUFFIX}"]
        if faults_of(event_type, candidate.subject, candidate.data):
            continue
        event = Event(
            event_type,
            {
                "specversion": "1.0",
                "id": event_id,
                "source": "urn:example:histories",
                "type": event_type.type,
                "subject": candidate.subject,
                "datacontenttype": "application/json",
                "data": candidate.data,
            },
        )
        concerned = {key: states.get(key) for key in decider.concerns(event)}
        if not decider.decide(event, concerned) and not later_than_tomorrow(event, today):
            states |= decider.evolve(event, concerned)
            return event
