"""The examples that the services show, and the histories of the outside contract, are valid events."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from wco_events.event_type import EventType
from wco_events.plan import Plan
from wco_events.registry import EVENT_TYPES, faults_of

HISTORIES = Path(__file__).parents[2] / "examples"
CATALOGUE = Path(__file__).parents[3] / "data" / "wco_data" / "sp-2022-2025.json"


@pytest.mark.parametrize("event_type", EVENT_TYPES.values(), ids=lambda event_type: event_type.name)
def test_the_example_of_a_type_is_a_valid_event_of_it(event_type: EventType) -> None:
    example = json.loads(json.dumps(event_type.example))
    assert example.keys() == {"specversion", "id", "source", "type", "subject", "datacontenttype", "data"}
    assert EVENT_TYPES[example["type"]] is event_type
    assert faults_of(event_type, example["subject"], example["data"]) == []


def test_the_examples_of_all_types_are_different_events() -> None:
    assert len({(t.example["source"], t.example["id"]) for t in EVENT_TYPES.values()}) == len(EVENT_TYPES)


@pytest.mark.parametrize("event_type", EVENT_TYPES.values(), ids=lambda event_type: event_type.name)
def test_what_an_example_says_has_happened_lies_in_the_past(event_type: EventType) -> None:
    assert all(event_type.example["data"][field] < "2025-07-01" for field in event_type.happened)


@pytest.mark.parametrize("history", sorted(HISTORIES.glob("*/*.ndjson")), ids=lambda path: "-".join(path.parts[-2:]))
def test_every_event_of_a_recorded_history_is_valid(history: Path) -> None:
    events = list(recorded(history))
    assert events
    for event in events:
        event_type = EVENT_TYPES[event["type"]]
        assert event_type.log == history.stem
        assert faults_of(event_type, event["subject"], event["data"]) == []


def recorded(history: Path) -> Iterator[dict[str, Any]]:
    with history.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def test_the_catalogue_is_a_valid_plan() -> None:
    plan = json.loads(CATALOGUE.read_text(encoding="utf-8"))
    assert faults_of(EVENT_TYPES["org.wcoomd.plan.adopted.v1"], "sp-2022-2025", plan) == []
    assert list(Plan.model_validate(plan).contradictions()) == []
