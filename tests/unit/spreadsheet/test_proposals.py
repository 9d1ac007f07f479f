"""A row is held against what its source said last: nothing new, a first event, or a correction."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wco_common.spreadsheet.kind import KINDS
from wco_embedded.spreadsheet.batch import Batch, Told, batches
from wco_embedded.spreadsheet.mapping import Mapping
from wco_embedded.spreadsheet.proposal import CannotChange, Event, Recorded, propose, standing, tellings
from wco_embedded.spreadsheet.row import Draft

OURS = Mapping(source="urn:example:ours", row={})
(SEIZURES,) = KINDS["seizures"].steps
ADDED, STARTED, COMPLETED = KINDS["actions"].steps
(SUBMITTED,) = KINDS["answers"].steps


class Record:
    """The events of one thing, as they are recorded."""

    def __init__(self, step: Any, subject: str) -> None:
        self.step = step
        self.subject = subject
        self.events: list[Recorded] = []

    def add(self, name: str, source: str, id: str, subject: str = "", **data: Any) -> None:
        sequence = f"{len(self.events) + 1:016d}"
        event = Recorded(sequence, source, id, f"org.wcoomd.{name}.v1", subject or self.subject, data)
        self.events += [each for each in tellings(self.step, event) if each.subject == self.subject]

    def tell(self, **data: Any) -> Event | None:
        """What a row of ours adds; it is recorded."""
        draft = Draft(self.step, self.subject, data)
        event = propose(draft, standing(self.step, OURS.source, self.events), OURS)
        if event is not None:
            name = event["type"].removeprefix("org.wcoomd.").removesuffix(".v1")
            self.add(name, event["source"], event["id"], **event["data"])
        return event


def test_what_was_never_told_is_told_and_then_says_nothing_new() -> None:
    record = Record(SEIZURES, "op/a")
    first = record.tell(seizures=1)
    assert first is not None
    assert (first["type"], first["data"]) == ("org.wcoomd.seizure.reported.v1", {"seizures": 1})
    assert record.tell(seizures=1) is None


def test_a_changed_row_is_a_correction_with_a_reason() -> None:
    record = Record(SEIZURES, "op/a")
    record.tell(seizures=1, cases=1)
    second = record.tell(seizures=2)
    assert second is not None
    assert second["type"] == "org.wcoomd.seizure.corrected.v1"
    assert second["data"] == {"seizures": 2, "reason": "Changed by urn:example:ours"}


@given(st.lists(st.integers(0, 2), min_size=1, max_size=12))
def test_what_changes_to_and_fro_is_told_each_time_under_an_id_of_its_own(values: list[int]) -> None:
    record = Record(SEIZURES, "op/a")
    told = [record.tell(seizures=value) for value in values]
    changes = [True, *(before != after for before, after in pairwise(values))]
    assert [event is not None for event in told] == changes
    ids = [event["id"] for event in told if event is not None]
    assert len(set(ids)) == len(ids)


@given(st.lists(st.integers(0, 2), min_size=1, max_size=8))
def test_the_same_files_make_the_same_events(values: list[int]) -> None:
    histories = []
    for _ in range(2):
        record = Record(SEIZURES, "op/a")
        for value in values:
            record.tell(seizures=value)
        histories.append(record.events)
    assert histories[0] == histories[1]


def test_what_others_have_changed_since_stays_until_the_row_changes() -> None:
    record = Record(SEIZURES, "op/a")
    record.tell(seizures=1)
    record.add("seizure.corrected", "urn:example:theirs", "x", seizures=5, reason="A slip")
    assert record.tell(seizures=1) is None
    assert record.tell(seizures=6) is not None


def test_what_others_have_told_is_corrected_where_the_row_says_otherwise() -> None:
    record = Record(SEIZURES, "op/a")
    record.add("seizure.reported", "urn:example:theirs", "x", seizures=5)
    assert record.tell(seizures=5) is None
    second = record.tell(seizures=6)
    assert second is not None
    assert second["type"] == "org.wcoomd.seizure.corrected.v1"


def test_of_an_action_the_day_that_it_is_due_can_change_and_nothing_else() -> None:
    record = Record(ADDED, "a-1")
    record.tell(title="T", due_on="2023-01-31")
    moved = record.tell(title="T", due_on="2023-02-28")
    assert moved is not None
    assert moved["type"] == "org.wcoomd.action.rescheduled.v1"
    assert moved["data"] == {"due_on": "2023-02-28", "reason": "Changed by urn:example:ours"}
    assert record.tell(title="T", due_on="2023-02-28") is None
    with pytest.raises(
        CannotChange, match=r"title: recorded otherwise, and of action\.added only due_on can be changed"
    ):
        record.tell(title="U", due_on="2023-02-28")


def publish(record: Record) -> None:
    """Have others publish the plan that announces the action, among others."""
    actions = [
        {"id": "a-1", "objective": "SO1", "title": "T", "due_on": "2023-01-31", "risk": "R"},
        {"id": "a-2", "objective": "SO1", "title": "U", "due_on": "2023-01-31"},
    ]
    record.add("implementation-plan.published", "urn:example:theirs", "x", "2022-23", period="2022-23", actions=actions)


ANNOUNCED = {"period": "2022-23", "objective": "SO1", "title": "T", "due_on": "2023-01-31"}


@pytest.mark.parametrize("more", [{}, {"risk": "R"}])
def test_an_action_that_a_plan_has_announced_is_not_added_again(more: dict[str, str]) -> None:
    record = Record(ADDED, "a-1")
    publish(record)
    assert record.tell(**ANNOUNCED, **more) is None
    moved = record.tell(**ANNOUNCED | more | {"due_on": "2023-02-28"})
    assert moved is not None
    assert moved["type"] == "org.wcoomd.action.rescheduled.v1"
    assert record.tell(**ANNOUNCED | more | {"due_on": "2023-02-28"}) is None


def test_what_a_plan_has_said_of_an_action_cannot_be_told_otherwise() -> None:
    record = Record(ADDED, "a-1")
    publish(record)
    with pytest.raises(CannotChange, match=r"period, risk: recorded otherwise"):
        record.tell(**ANNOUNCED | {"period": "2023-24", "risk": "S"})


def test_an_action_that_no_plan_has_announced_is_added() -> None:
    record = Record(ADDED, "a-3")
    publish(record)
    added = record.tell(**ANNOUNCED)
    assert added is not None
    assert added["type"] == "org.wcoomd.action.added.v1"


def test_a_completion_without_its_evidence_leaves_it_as_it_is() -> None:
    record = Record(COMPLETED, "a-1")
    record.add("action.completed", "urn:example:theirs", "x", completed_on="2023-01-31", evidence="A report")
    assert record.tell(completed_on="2023-01-31") is None


def test_an_action_that_was_reopened_is_completed_again() -> None:
    record = Record(COMPLETED, "a-1")
    record.add("action.completed", "urn:example:theirs", "x", completed_on="2023-01-31")
    record.add("action.reopened", "urn:example:theirs", "y", reason="It was not")
    assert record.tell(completed_on="2023-02-28") is not None
    assert STARTED.optional


def test_a_changed_answer_is_submitted_again_whole() -> None:
    record = Record(SUBMITTED, "annual")
    record.tell(member="KEN", ratings={"overall": 3})
    again = record.tell(member="KEN", ratings={"overall": 4})
    assert again is not None
    assert again["type"] == "org.wcoomd.survey.submitted.v1"
    assert again["data"] == {"member": "KEN", "ratings": {"overall": 4}}
    assert SUBMITTED.key("annual", again["data"]) == ("survey.submitted", "annual", "KEN", "")


BEFORES: list[Event | None] = [None, {"id": "x"}, {"id": "y"}]


@given(st.lists(st.tuples(st.sampled_from(BEFORES), st.integers(1, 3)), max_size=30), st.integers(4, 12))
def test_batches_hold_every_row_once_whole_and_after_what_it_needs(
    rows: list[tuple[Event | None, int]], most: int
) -> None:
    told = [
        Told(line, before, [{"id": f"{line}-{number}"} for number in range(events)])
        for line, (before, events) in enumerate(rows)
    ]
    parts = list(batches(told, most))
    assert [row for part in parts for row in part.rows] == told
    for part in parts:
        assert 0 < len(part.events) <= most
        assert len({event["id"] for event in part.events}) == len(part.events)
        for index, event in enumerate(part.events):
            row = part.row_of(index)
            assert event in (part.before if row is None else row.events)
        assert all(row.before is None or row.before in part.before for row in part.rows)


def test_a_batch_of_nothing_is_none() -> None:
    assert Batch().events == []
