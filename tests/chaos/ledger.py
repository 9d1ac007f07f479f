"""What was sent to the logs, and what they have answered: of each event all that is known of its fate."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from chaos.findings import Findings
from wco_common.event import Event
from wco_events.event_type import LOG_NAMES, LogName

EventKey = tuple[str, str]
"""(source, id): by which a log knows an event again."""


class Place(NamedTuple):
    """Where an event stands, as an answer says."""

    sequence: int
    recordedtime: str
    subjectversion: int


@dataclass(slots=True)
class Sent:
    """An event that was sent to be recorded. It is in doubt as long as no answer settles what became of it."""

    event: Event
    place: Place | None = None
    in_doubt: bool = False
    """Whether it was sent in a way that may have recorded it, and no place is known."""


class Ledger:
    """Of each log, the events that were sent to it. What answers contradict goes to the findings."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._sent: dict[LogName, dict[EventKey, Sent]] = {log: {} for log in LOG_NAMES}
        self.at: dict[LogName, dict[int, EventKey]] = {log: {} for log in LOG_NAMES}
        """Of each log, which event it has acknowledged at which sequence."""
        self.dry: set[EventKey] = set()
        """Those that were sent to be checked only."""
        self.counts: Counter[str] = Counter()

    def get(self, log: LogName, key: EventKey) -> Sent | None:
        """Return an event that was sent to a log, None if it never was."""
        return self._sent[log].get(key)

    @property
    def in_doubt(self) -> int:
        """How many events were given up without a clear answer."""
        return sum(sent.in_doubt for each in self._sent.values() for sent in each.values())

    def given(self, log: LogName, event: Event, place: Place) -> None:
        """Note an event that is there from the beginning."""
        self._sent[log][key_of(event)] = Sent(event, place)
        self.at[log][place.sequence] = key_of(event)

    def sends(self, log: LogName, events: Iterable[Event]) -> None:
        """Note that events are sent, for the first time or again. What becomes of them nobody knows yet."""
        for event in events:
            if key_of(event) not in self._sent[log]:
                self._sent[log][key_of(event)] = Sent(event)
                self.counts["posted"] += 1

    def doubts(self, log: LogName, events: Iterable[Event]) -> None:
        """Note that events may have been recorded by what was sent, and may not."""
        for event in events:
            sent = self._sent[log][key_of(event)]
            sent.in_doubt = sent.place is None

    def refuses(self, log: LogName, events: Sequence[Event]) -> None:
        """Note that events were refused, and so are not recorded by what was sent, also before."""
        self.counts["refused"] += len(events)
        for event in events:
            self._sent[log][key_of(event)].in_doubt = False

    def acknowledges(self, log: LogName, events: Sequence[Event], answers: Sequence[dict[str, Any]]) -> None:
        """Note where events are recorded, as an answer to all of them says."""
        if len(events) != len(answers):
            self._findings.wrong(f"{log} answers {len(answers)} for {len(events)} events")
            return
        for event, answer in zip(events, answers, strict=True):
            self._acknowledge(log, event, answer)

    def _acknowledge(self, log: LogName, event: Event, answer: dict[str, Any]) -> None:
        key, sent = key_of(event), self._sent[log][key_of(event)]
        place = Place(answer["sequence"], answer["recordedtime"], answer["subjectversion"])
        told = (answer["log"], answer["source"], answer["id"], answer["subject"])
        if told != (log, *key, event.subject):
            self._findings.wrong(f"{log} answers for {told} where {key} was sent")
        if sent.place is None:
            if answer["duplicate"] and not sent.in_doubt:
                self._findings.wrong(f"{log} says that {key} is a duplicate, and it was never sent before")
            if (other := self.at[log].setdefault(place.sequence, key)) != key:
                self._findings.wrong(f"{log} gives {place.sequence} to {key}, and has given it to {other}")
            self.counts["acknowledged"] += 1
            sent.place, sent.in_doubt = place, False
        elif sent.place != place:
            self._findings.wrong(f"{log} answers for {key} with {place}, and has answered with {sent.place}")
        elif not answer["duplicate"]:
            self._findings.doubled(f"{log} says that {key} is recorded anew, and has said so before")
        else:
            self.counts["sent again"] += 1


def key_of(event: Event) -> EventKey:
    return event.source, event.id
