"""Whole histories: the deciders take every event of the examples, and of the random histories."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from histories import FIRST, LAST, History, histories, history
from plan_registry_candidates import CATALOGUE
from scenario import Scenario, posted, recorded
from wco_common.canonical import canonical
from wco_common.event import Event, decode_recorded
from wco_common.instant import parse_instant
from wco_embedded.logs import LOGS
from wco_events.event_type import LOG_NAMES, LogName
from wco_events.registry import EVENT_TYPES, EVENT_TYPES_BY_LOG

EXAMPLES = Path(__file__).parents[2] / "examples"


def takes_all(log: LogName, events: Iterable[Event]) -> int:
    scenario, count = Scenario(LOGS[log].decider()), 0
    for event in events:
        scenario.when(event).then_recorded()
        count += 1
    return count


def lines(written: History, log: LogName) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written[log]]


@pytest.mark.parametrize("log", LOG_NAMES)
@pytest.mark.parametrize("example", ["a", "b", "c", "edges"])
def test_every_event_of_an_example_is_taken(example: str, log: LogName) -> None:
    text = (EXAMPLES / example / f"{log}.ndjson").read_text(encoding="utf-8")
    events = [recorded(json.loads(line)) for line in text.splitlines()]
    first = [posted("plan.adopted", **CATALOGUE)] if log == "plan-registry" else []
    assert takes_all(log, first + events) > 10


@pytest.mark.parametrize("log", LOG_NAMES)
def test_the_examples_of_a_logs_event_types_are_taken_in_their_order(log: LogName) -> None:
    examples = [posted(event_type.name) for event_type in EVENT_TYPES_BY_LOG[log]]
    assert takes_all(log, examples) == len(examples)


@pytest.mark.parametrize("log", LOG_NAMES)
def test_a_decider_has_a_rule_for_every_event_type_of_its_log(log: LogName) -> None:
    rules = LOGS[log].decider().rules
    assert rules.keys() == {event_type.name for event_type in EVENT_TYPES_BY_LOG[log]}


@given(histories())
@settings(max_examples=30, deadline=None)
def test_a_random_history_is_what_a_log_would_have_recorded(written: History) -> None:
    for log in LOG_NAMES:
        events = lines(written, log)
        assert takes_all(log, map(recorded, events)) == len(events)
        assert [event["sequence"] for event in events] == [f"{n:016d}" for n in range(1, len(events) + 1)]
        times = [event["recordedtime"] for event in events]
        assert times == sorted(times)
        assert all(FIRST <= parse_instant(time) <= LAST for time in times)
        versions: dict[tuple[str, str], int] = {}
        for event, line in zip(events, written[log], strict=True):
            subject = EVENT_TYPES[event["type"]].kind, event["subject"]
            versions[subject] = versions.get(subject, 0) + 1
            assert event["subjectversion"] == versions[subject]
            assert canonical(event) == line
            decode_recorded(line)


def test_the_same_seed_makes_the_same_history_and_another_one_another() -> None:
    assert history(7, 200) == history(7, 200)
    assert history(7, 200) != history(8, 200)


def test_a_history_is_as_long_as_it_was_asked_to_be() -> None:
    assert sum(map(len, history(1, 0).values())) == 1
    assert sum(map(len, history(1, 500).values())) == 501


def test_random_histories_hold_every_event_type_and_what_makes_them_hard() -> None:
    written = history(1, 4000)
    events = {log: lines(written, log) for log in LOG_NAMES}
    assert {event["type"] for log in LOG_NAMES for event in events[log]} == set(EVENT_TYPES)

    introduced = [event["data"]["decision"] for event in events["plan-registry"] if "decision" in event["data"]]
    assert set(introduced) == {"continued", "replaced", "integrated", "introduced"}
    assert len({event["recordedtime"] for event in events["survey-intake"]}) < len(events["survey-intake"])
    assert any("respondent" in event["data"] for event in events["survey-intake"])
    experts = [
        event["subject"] for event in events["operations-feed"] if event["type"].endswith("expert.accredited.v1")
    ]
    assert len(set(experts)) < len(experts)
