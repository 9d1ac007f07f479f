"""Every restatement in a history is marked with its cause, however many events were recorded at once."""

import json
from typing import Any

import pytest

from system import System
from taken import of_csv

OPERATION = {"title": "An operation", "starts_on": "2022-10-01", "ends_on": "2022-10-31", "participants": []}
ELSEWHEN = {**OPERATION, "starts_on": "2023-10-01", "ends_on": "2023-10-31"}


@pytest.fixture
async def system(system: System) -> System:
    """A plan, three operations of a year, and one of the next."""
    await system.adopt()
    launched = [(f"op-{number}", OPERATION) for number in (1, 2, 3)]
    await at_once(system, *(("launched", *each) for each in [*launched, ("other", ELSEWHEN)]))
    return system


async def at_once(system: System, *events: tuple[str, str, dict[str, Any]]) -> None:
    """Record events of operations in one commit, each told by its kind, its operation and its data."""
    batch = [
        {
            "specversion": "1.0",
            "id": f"{kind}-{operation}-{number}-{json.dumps(data)}",
            "source": "urn:example:batches",
            "type": f"org.wcoomd.operation.{kind}.v1",
            "subject": operation,
            "data": data,
        }
        for number, (kind, operation, data) in enumerate(events)
    ]
    answer = await system.client.post(
        "/operations-feed/v1/events",
        content=json.dumps(batch),
        headers={"content-type": "application/cloudevents-batch+json"},
    )
    assert answer.status_code == 201, answer.text
    told = answer.json()["events"]
    assert len({each["recordedtime"] for each in told}) == 1
    await system.shown(f"operations-feed:{told[-1]['sequence']}")


def final(operation: str, seizures: int) -> tuple[str, str, dict[str, Any]]:
    """Return a final report."""
    data = {"stage": "final", "published_on": "2022-11-01", "totals": {"seizures": seizures}}
    return "report-published", operation, data


def revised(operation: str, of: dict[str, Any], **otherwise: str) -> tuple[str, str, dict[str, Any]]:
    """Return an operation that is said otherwise."""
    return "revised", operation, {**of, **otherwise, "reason": "It was wrong."}


async def restatements(system: System) -> list[tuple[str, str, str]]:
    """Return the figure, why it restates, and the sequence of the cause of each entry but the first."""
    answer = await system.client.get("/kpis/SP2.seizures/history.csv", params={"period": "2022-23"})
    assert answer.status_code == 200, answer.text
    return [(row["value"], row["restates"], row["cause_sequence"]) for row in of_csv(answer.content)[1:]]


async def test_what_was_stated_within_a_batch_is_stated_anew_afterwards(system: System) -> None:
    await at_once(system, final("op-1", 5), final("op-2", 7))
    await at_once(system, final("op-1", 6))
    assert await restatements(system) == [("12", "", "6"), ("13", "anew", "7")]


async def test_the_event_of_a_batch_that_restates_is_told_also_where_another_comes_last(system: System) -> None:
    await at_once(system, final("op-1", 5))
    await at_once(system, final("op-1", 6), final("op-2", 7))
    await at_once(system, revised("op-2", OPERATION, ends_on="2023-11-30"), final("op-3", 20))
    assert await restatements(system) == [("5", "", "5"), ("13", "anew", "6"), ("26", "corrected", "8")]
    page = await system.client.get("/kpis/SP2.seizures/history", params={"period": "2022-23"})
    assert page.text.count("events/operations-feed/8") == 2  # in the list of restatements, and in the table


async def test_what_corrects_something_else_in_the_same_batch_restates_nothing(system: System) -> None:
    await at_once(system, final("other", 5))
    await at_once(system, final("op-1", 6))
    await at_once(system, final("other", 8), revised("other", ELSEWHEN, title="Another"), final("op-2", 7))
    assert await restatements(system) == [("6", "", "6"), ("13", "", "9")]


async def test_restatements_are_told_where_the_figure_came_back_to_what_it_was(system: System) -> None:
    await at_once(system, final("op-1", 5))
    await at_once(system, final("op-1", 6), final("op-2", 7))
    await at_once(system, final("op-1", 0), final("op-2", 2), final("op-3", 3))
    assert await restatements(system) == [("5", "", "5"), ("13", "anew", "6"), ("5", "anew", "9")]
