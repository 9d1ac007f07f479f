"""The laws of lists: in whatever batches events come, the rows are the same; totals are what the rows add up to."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folding import decoded
from histories import History, histories
from listing import Listed
from wco_common.event import RecordedEvent
from wco_common.lists.table import Key, Row
from wco_embedded.logs import LOGS
from wco_events.event_type import LOG_NAMES, LogName
from wco_events.registry import EVENT_TYPES_BY_LOG


def cut(events: Sequence[RecordedEvent], random: Random) -> Iterator[Sequence[RecordedEvent]]:
    start = 0
    while start < len(events):
        end = start + random.randint(1, 9)
        yield events[start:end]
        start = end


def of_all(log: LogName, events: Sequence[RecordedEvent]) -> Listed:
    listed = Listed(LOGS[log].lists.tables)
    listed.add(events)
    return listed


@pytest.mark.parametrize("log", LOG_NAMES)
def test_every_event_type_of_a_log_makes_something_of_rows(log: LogName) -> None:
    given_rows = {name for derived in LOGS[log].lists.tables.derived for name in derived.gives}
    assert given_rows == {event_type.name for event_type in EVENT_TYPES_BY_LOG[log]}


@given(histories(), st.randoms(use_true_random=False))
def test_rows_are_the_same_in_whatever_batches_the_events_come(written: History, random: Random) -> None:
    for log, events in decoded(written).items():
        in_batches = Listed(LOGS[log].lists.tables)
        for batch in cut(events, random):
            in_batches.add(batch)
        assert in_batches.every() == of_all(log, events).every()


@given(histories())
def test_what_is_recorded_later_changes_no_row_of_before(written: History) -> None:
    for log, events in decoded(written).items():
        middle = len(events) // 2
        before, after = of_all(log, events[:middle]), of_all(log, events)
        for table in before.every():
            assert after.at(table, middle) == before.at(table, middle)


@given(histories(300))
def test_totals_are_what_the_rows_add_up_to_at_every_position(written: History) -> None:
    events = decoded(written)
    cases: list[tuple[LogName, str, Callable[[dict[Key, Row]], dict[str, Totals]]]] = [
        ("operations-feed", "seizure_report", reported),
        ("survey-intake", "submission", answered),
    ]
    for log, table, add_up in cases:
        listed = of_all(log, events[log])
        for position in range(len(events[log]) + 1):
            for total, expected in add_up(listed.at(table, position)).items():
                assert something(listed.at(total, position)) == expected


Totals = dict[Key, dict[str, Any]]


def something(rows: Mapping[Any, Row]) -> dict[Any, dict[str, Any]]:
    """What totals come to, without those of nothing, and in them without groups of nothing."""
    come_to = {
        key: {name: something(said) if isinstance(said, Mapping) else said for name, said in row.items()}
        for key, row in rows.items()
    }
    return {key: row for key, row in come_to.items() if any(row.values())}


def reported(reports: dict[Key, Row]) -> dict[str, Totals]:
    categories: Totals = defaultdict(Counter)
    quantities: Totals = defaultdict(Counter)
    members: Totals = defaultdict(Counter)
    for (operation, _), row in reports.items():
        if row["state"] == "current":
            key = operation, row["category"]
            for name, number in (("reports", 1), ("seizures", row["seizures"]), ("cases", row["cases"] or 0)):
                categories[key][name] += number
            members[operation, row["member"]]["reports"] += 1
            for quantity in row["quantities"]:
                whole, _, part = quantity["amount"].partition(".")
                quantities[*key, quantity["unit"]]["amount"] += int(whole) * 10**6 + int(part.ljust(6, "0"))
    totals = {"reported_category": categories, "reported_quantity": quantities, "reported_member": members}
    return {table: something(rows) for table, rows in totals.items()}


def answered(submissions: dict[Key, Row]) -> dict[str, Totals]:
    topics: dict[Key, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    members: dict[Key, list[str]] = defaultdict(list)
    for (survey, member, _), row in submissions.items():
        members[survey,].append(member)
        for topic, rating in row["ratings"].items():
            topics[survey,][topic].update(ratings=1, sum=rating)
    responses: Totals = {
        key: {"answered": len(set(those)), "submissions": len(those), "topics": topics[key]}
        for key, those in members.items()
    }
    return {"survey_response": something(responses)}
