"""What a run looks at finds whatever is lost, doubled, changed or made up; and finds nothing where all is well."""

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest

from chaos.carried import CarriedLog
from chaos.findings import Findings
from chaos.ledger import Ledger, Place
from chaos.recorded import RecordedLog
from scenario import posted
from wco_common.event import Event
from wco_common.instant import format_instant
from wco_common.log import Head
from wco_common.mark import Mark
from wco_events.event_type import LogName

LOG: LogName = "operations-feed"
LOG_ID = UUID(int=1)
FIRST = 1_700_000_000_000_000
"""The recorded time of the first event; each later one is a second later."""


@dataclass
class Case:
    """A log that was posted to, and what is looked at."""

    findings: Findings = field(default_factory=Findings)
    events: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.findings)
        self.recorded = RecordedLog(LOG, self.ledger, self.findings)
        self.carried = CarriedLog(self.recorded, self.findings)

    def sent(self, name: str) -> Event:
        """Send an event."""
        event = posted("assistance.delivered", name)
        event = Event(event.event_type, {**event.attributes, "id": name, "datacontenttype": "application/json"})
        self.ledger.sends(LOG, [event])
        return event

    def acknowledge(self, event: Event, sequence: int, **otherwise: Any) -> None:
        """Have an event acknowledged."""
        self.ledger.acknowledges(LOG, [event], [answer(event, sequence) | otherwise])

    def post(self, *names: str) -> list[bytes]:
        """Send events that are recorded and acknowledged; return the lines of the log."""
        for name in names:
            event = self.sent(name)
            self.events.append(event)
            self.acknowledge(event, len(self.events))
        return [line(event, sequence) for sequence, event in enumerate(self.events, 1)]

    def found(self) -> str:
        """The one thing that was found."""
        (what,) = self.findings.all
        return what


def time_of(sequence: int) -> int:
    return FIRST + sequence * 1_000_000


def line(event: Event, sequence: int, version: int = 1) -> bytes:
    return event.recorded(sequence, time_of(sequence), version)


def answer(event: Event, sequence: int) -> dict[str, Any]:
    return {
        "log": LOG,
        "sequence": sequence,
        "recordedtime": format_instant(time_of(sequence)),
        "source": event.source,
        "id": event.id,
        "subject": event.subject,
        "subjectversion": 1,
        "duplicate": False,
    }


@dataclass
class Record:
    """A record of a topic, as aiokafka gives it."""

    offset: int
    value: bytes

    @property
    def key(self) -> bytes:
        return str(json.loads(self.value)["subject"]).encode()


def records(*lines: bytes) -> list[Record]:
    return [Record(offset, value) for offset, value in enumerate(lines)]


def mark(sequence: int, offset: int, closed: int | None = None) -> Mark:
    return Mark.of(LOG, LOG_ID, Head(sequence, time_of(sequence) if closed is None else closed), offset)


@pytest.fixture
def case() -> Case:
    return Case()


def test_nothing_is_found_where_all_is_well(case: Case) -> None:
    one, two = case.post("one", "two")
    case.recorded.read_on([one, two])
    *_, three = case.post("three")
    case.recorded.read_on([three])
    case.recorded.read_again([one, two, three])
    case.carried.read_on(records(one, two, one, two, three))
    case.carried.hold([mark(0, 0), mark(2, 2), mark(2, 4, time_of(3) - 1), mark(3, 5)])

    assert case.findings.all == []
    assert case.carried.repeats == 2
    assert case.ledger.counts["acknowledged"] == 3


def test_an_acknowledged_event_that_is_not_there_is_lost(case: Case) -> None:
    one = case.post("one", "two")[:1]
    case.recorded.read_on(one)

    (lost,) = case.findings.losses
    assert lost.endswith("was acknowledged at 2 and is nowhere")


def test_an_acknowledged_event_at_another_place_is_lost_from_its_own(case: Case) -> None:
    case.post("one", "two")
    one, two = case.events
    case.recorded.read_on([line(two, 1), line(one, 2)])

    assert len(case.findings.losses) == 2


def test_an_event_that_is_recorded_twice_is_doubled(case: Case) -> None:
    (one,) = case.post("one")
    case.recorded.read_on([one, line(case.events[0], 2, version=2)])

    assert len(case.findings.doubles) == 1


def test_a_hole_in_the_sequence_is_found(case: Case) -> None:
    case.post("one")
    case.ledger.doubts(LOG, [doubtful := case.sent("two")])
    case.recorded.read_on([line(case.events[0], 1), line(doubtful, 3)])

    assert "says that it is 0000000000000003" in case.found()


def test_a_time_that_falls_is_found(case: Case) -> None:
    case.ledger.doubts(LOG, events := [case.sent("one"), case.sent("two")])
    one, two = events
    case.recorded.read_on([one.recorded(1, time_of(2), 1), two.recorded(2, time_of(1), 1)])

    assert "before the one before it" in case.found()


def test_a_version_that_is_not_due_is_found(case: Case) -> None:
    case.ledger.doubts(LOG, [event := case.sent("one")])
    case.recorded.read_on([line(event, 1, version=2)])

    assert "has version 2, and 1 is due" in case.found()


def test_an_event_that_nobody_sent_is_found(case: Case) -> None:
    event = posted("assistance.delivered", "made-up")
    case.recorded.read_on([line(event, 1)])

    assert case.found().endswith("was sent by nobody")


def test_a_dry_run_that_is_recorded_is_found(case: Case) -> None:
    event = posted("assistance.delivered", "dry")
    case.ledger.dry.add((event.source, event.id))
    case.recorded.read_on([line(event, 1)])

    assert case.found().endswith("was sent by nobody but as a dry run")


def test_an_event_that_is_recorded_as_another_is_found(case: Case) -> None:
    (one,) = case.post("one")
    case.recorded.read_on([one.replace(b'"title":"', b'"title":"Not ')])

    assert "is another event than was sent" in case.found()


def test_an_event_that_is_not_in_its_canonical_form_is_found(case: Case) -> None:
    (one,) = case.post("one")
    case.recorded.read_on([one.replace(b'":"', b'": "', 1)])

    assert case.found().endswith("is not in its canonical form")


def test_an_event_that_was_refused_and_is_recorded_is_found(case: Case) -> None:
    event = case.sent("one")
    case.ledger.doubts(LOG, [event])
    case.ledger.refuses(LOG, [event])
    case.recorded.read_on([line(event, 1)])

    assert "every answer to it said that it is not" in case.found()


@pytest.mark.parametrize("is_recorded", [True, False])
def test_an_event_in_doubt_may_be_recorded_or_not(case: Case, is_recorded: bool) -> None:
    event = case.sent("one")
    case.ledger.doubts(LOG, [event])
    case.recorded.read_on([line(event, 1)] if is_recorded else [])

    assert case.findings.all == []
    assert case.ledger.in_doubt == 1


def test_an_event_that_was_in_doubt_is_a_duplicate_and_no_doubt_is_left(case: Case) -> None:
    event = case.sent("one")
    case.ledger.doubts(LOG, [event])
    case.acknowledge(event, 1, duplicate=True)
    case.acknowledge(event, 1, duplicate=True)

    assert case.findings.all == []
    assert (case.ledger.in_doubt, case.ledger.counts["sent again"]) == (0, 1)


def test_a_duplicate_that_was_never_sent_before_is_found(case: Case) -> None:
    case.acknowledge(case.sent("one"), 1, duplicate=True)

    assert "is a duplicate, and it was never sent before" in case.found()


def test_an_event_that_is_recorded_anew_is_doubled(case: Case) -> None:
    case.post("one")
    case.acknowledge(case.events[0], 1)

    assert len(case.findings.doubles) == 1


def test_a_duplicate_that_is_answered_otherwise_is_found(case: Case) -> None:
    case.post("one")
    case.acknowledge(case.events[0], 2, duplicate=True)

    assert "and has answered with" in case.found()


def test_two_events_that_get_one_sequence_are_found(case: Case) -> None:
    case.acknowledge(case.sent("one"), 1)
    case.acknowledge(case.sent("two"), 1)

    assert "and has given it to" in case.found()


def test_a_log_that_says_another_thing_later_is_found(case: Case) -> None:
    one, two = case.post("one", "two")
    case.recorded.read_on([one, two])
    case.recorded.read_again([one.replace(b"Z", b"z"), two])

    assert "has changed 1" in case.found()


def test_a_log_that_ends_earlier_than_it_did_has_lost_events(case: Case) -> None:
    one, two = case.post("one", "two")
    case.recorded.read_on([one, two])
    case.recorded.read_again([one])

    assert case.findings.losses == [f"{LOG} ends at 1, and had 2 events"]


@pytest.mark.parametrize("order", [(0, 2), (1,), (0, 2, 1)])
def test_an_event_that_comes_before_one_that_is_before_it_is_found(case: Case, order: tuple[int, ...]) -> None:
    lines = case.post("one", "two", "three")
    case.recorded.read_on(lines)
    case.carried.read_on(records(*(lines[number] for number in order)))

    assert len(case.findings.losses) == 1


def test_a_record_that_the_log_does_not_have_is_found(case: Case) -> None:
    (one,) = case.post("one")
    case.recorded.read_on([one])
    case.carried.read_on(records(one.replace(b"title", b"Title")))

    assert case.found().endswith("is not the one that the log has")


def test_a_mark_that_is_ahead_of_its_topic_is_found(case: Case) -> None:
    lines = case.post("one", "two")
    case.recorded.read_on(lines)
    case.carried.read_on(records(*lines))
    case.carried.hold([mark(2, 1)])

    assert "says that all is below 1, and it is not" in case.found()


def test_a_mark_that_closes_a_log_which_goes_on_is_found_once_it_has(case: Case) -> None:
    one = case.post("one")
    case.recorded.read_on(one)
    case.carried.read_on(records(*one))
    case.carried.hold([mark(1, 1, time_of(2))])
    assert case.findings.all == []

    case.recorded.read_on(case.post("two")[1:])
    case.carried.hold([])

    assert "closes the log, and the event after it is of" in case.found()


def test_a_mark_of_another_log_is_found(case: Case) -> None:
    case.carried.hold([mark(0, 0), Mark.of(LOG, UUID(int=2), Head(0, time_of(0)), 0)])

    assert case.found().endswith("is of another log")


def test_what_was_given_stays_where_it_was(case: Case) -> None:
    event = posted("assistance.delivered", "given")
    attributes = {**event.attributes, "datacontenttype": "application/json"}
    case.ledger.given(LOG, Event(event.event_type, attributes), Place(1, format_instant(time_of(1)), 1))
    case.recorded.read_on([])

    assert len(case.findings.losses) == 1
