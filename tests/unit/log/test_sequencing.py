"""What a commit adds does not depend on which requests happen to share it."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from accounts import LOG, Accounts, opened, paid
from wco_common.event import Event, Receipt
from wco_common.instant import parse_instant
from wco_common.problem import Problem
from wco_common.sequencing import Entry, Record, Request, Sequencing
from wco_common.trace_context import NO_TRACE

NOON = parse_instant("2024-06-26T12:00:00Z")
DECIDER = Accounts()


@st.composite
def _events(draw: st.DrawFn) -> Event:
    account, id_ = draw(st.sampled_from("ab")), draw(st.sampled_from("123456"))
    if draw(st.booleans()):
        return opened(account, id_)
    return paid(
        account,
        id_,
        amount=draw(st.integers(-2, 2)),
        to=draw(st.sampled_from(["a", "b", None])),
        paid_on=draw(st.sampled_from(["2024-06-27", "2024-06-27", "2024-06-27", "2024-06-28"])),
    )


@st.composite
def _requests(draw: st.DrawFn) -> Request:
    events = draw(st.lists(_events(), min_size=1, max_size=3))
    return Request.of(
        events,
        DECIDER,
        len(events) > 1,
        draw(st.none() | st.integers(0, 3)) if len(events) == 1 else None,
        dry_run=draw(st.integers(0, 4)) == 0,
        trace=NO_TRACE,
    )


Answer = list[Receipt] | tuple[type[Problem], Any]


def _answers(sequencing: Sequencing, requests: list[Request]) -> list[Answer]:
    answers: list[Answer] = []
    for request in requests:
        try:
            # Times tell commits apart; everything else must not.
            answers.append([replace(receipt, recordedtime=0) for receipt in sequencing.admit(request)])
        except Problem as problem:
            answers.append((type(problem), problem.faults))
    return answers


def _together(requests: list[Request]) -> tuple[list[Answer], list[Entry], Record]:
    record = Record(0, {}, {}, {})
    sequencing = Sequencing(LOG, DECIDER, record, NOON)
    return (
        _answers(sequencing, requests),
        sequencing.added,
        Record(
            record.sequence,
            {},
            {subject: entry.subjectversion for subject, entry in sequencing.versions.items()},
            sequencing.states,
        ),
    )


def _one_by_one(requests: list[Request]) -> tuple[list[Answer], list[Entry], Record]:
    """Each in a commit of its own, which knows of the others only what they have written."""
    answers: list[Answer] = []
    written: list[Entry] = []
    versions: dict[tuple[str, str], int] = {}
    states: dict[tuple[str, str], Any] = {}
    for number, request in enumerate(requests):
        record = Record(len(written), {entry.key: entry for entry in written}, dict(versions), dict(states))
        sequencing = Sequencing(LOG, DECIDER, record, NOON + number)
        answers += _answers(sequencing, [request])
        written += sequencing.added
        versions |= {subject: entry.subjectversion for subject, entry in sequencing.versions.items()}
        states |= sequencing.states
    return answers, written, Record(len(written), {}, versions, states)


@given(st.lists(_requests(), max_size=12))
def test_requests_that_share_a_commit_are_answered_as_if_each_had_its_own(requests: list[Request]) -> None:
    together, added, after = _together(requests)
    one_by_one, written, after_all = _one_by_one(requests)
    assert together == one_by_one
    assert after == after_all
    assert [entry[:1] + entry[2:-1] for entry in added] == [entry[:1] + entry[2:-1] for entry in written]


@given(st.lists(_requests(), max_size=12))
def test_sequences_and_versions_have_no_gaps_and_balances_are_what_was_recorded(requests: list[Request]) -> None:
    _, added, after = _together(requests)
    assert [entry.sequence for entry in added] == list(range(1, len(added) + 1))
    for account in "ab":
        versions = [entry.subjectversion for entry in added if entry.subject == account]
        assert versions == list(range(1, len(versions) + 1))
    balances: dict[str, int] = {}
    for entry in added:
        told = json.loads(entry.body)
        amount, to = told["data"].get("amount", 0), told["data"].get("to")
        balances[entry.subject] = balances.get(entry.subject, 0) + amount
        if to not in {None, entry.subject}:
            balances[to] -= amount
    assert {account: state["balance"] for (_, account), state in after.states.items()} == balances


@given(st.lists(_requests(), max_size=8))
def test_sent_again_all_that_was_recorded_is_a_duplicate_with_the_same_receipt(requests: list[Request]) -> None:
    record = Record(0, {}, {}, {})
    sequencing = Sequencing(LOG, DECIDER, record, NOON)
    recorded: list[tuple[Request, list[Receipt]]] = []
    for request in requests:
        try:
            receipts = sequencing.admit(request)
        except Problem:
            continue
        if not request.dry_run:
            recorded.append((request, receipts))
    count = len(sequencing.added)
    for request, receipts in recorded:
        assert sequencing.admit(request) == [replace(receipt, duplicate=True) for receipt in receipts]
    assert len(sequencing.added) == count
