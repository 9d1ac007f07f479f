"""Proposals: random candidates for a log, and what its models and its decider say of each."""

from collections.abc import Callable, Mapping
from random import Random

from candidates import Candidates
from operations_feed.decide import OperationsFeedDecider
from operations_feed_candidates import OperationsFeedCandidates
from plan_registry.decide import PlanRegistryDecider
from plan_registry_candidates import PlanRegistryCandidates
from survey_intake.decide import SurveyIntakeDecider
from survey_intake_candidates import SurveyIntakeCandidates
from wco_common.decider import Decider, Key, State
from wco_common.event import Event
from wco_events.event_type import PREFIX, SUFFIX, LogName
from wco_events.fault import Fault
from wco_events.registry import EVENT_TYPES, faults_of

_OF_LOG: Mapping[LogName, tuple[type[Decider], Callable[[Random, str], Candidates]]] = {
    "plan-registry": (PlanRegistryDecider, PlanRegistryCandidates),
    "survey-intake": (SurveyIntakeDecider, SurveyIntakeCandidates),
    "operations-feed": (OperationsFeedDecider, OperationsFeedCandidates),
}


class Proposals:
    """What may be posted to a log next, to its state as of what was recorded of it here."""

    def __init__(self, log: LogName, random: Random, source: str, prefix: str = "") -> None:
        """Names of things begin with `prefix`: what several propose who have one each does not meet."""
        decider, candidates = _OF_LOG[log]
        self._decider = decider()
        self._candidates = candidates(random, prefix)
        self._source = source
        self._states: dict[Key, State] = {}

    def next(self, event_id: str, today: int) -> tuple[Event, list[Fault]]:
        """Return an event as of a day (an ordinal), and why it would be refused: for nothing, mostly."""
        candidate = self._candidates.next(today)
        event_type = EVENT_TYPES[f"{PREFIX}{candidate.name}{SUFFIX}"]
        event = Event(
            event_type,
            {
                "specversion": "1.0",
                "id": event_id,
                "source": self._source,
                "type": event_type.type,
                "subject": candidate.subject,
                "datacontenttype": "application/json",
                "data": candidate.data,
            },
        )
        faults = faults_of(event_type, candidate.subject, candidate.data)
        return event, faults or self._decider.decide(event, self._concerned(event))

    def record(self, event: Event) -> None:
        """Take it that an event is recorded."""
        self._states |= self._decider.evolve(event, self._concerned(event))

    def _concerned(self, event: Event) -> dict[Key, State | None]:
        return {key: self._states.get(key) for key in self._decider.concerns(event)}
