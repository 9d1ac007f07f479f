"""All that the log services find wrong with an event, as they say it: what events that are wrong in every way get."""

import json
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from random import Random
from typing import Any, cast

from proposals import Proposals
from scenario import posted
from wco_common.cloudevents import Received, read_events
from wco_common.decider import Key, State, later_than_tomorrow
from wco_common.door import MAX_EVENT, Door
from wco_common.event import Event
from wco_common.instant import parse_instant, utc_day
from wco_common.problem import Problem
from wco_common.sequencing import Record, Request, Sequencing
from wco_common.trace_context import NO_TRACE
from wco_embedded.logs import LOGS
from wco_events.event_type import LOG_NAMES, LogName
from wco_events.plan import EXAMPLE_PLAN
from wco_events.registry import EVENT_TYPES, EVENT_TYPES_BY_LOG, faults_of

OTHERWISE: tuple[Any, ...] = (
    *(None, True, -1, 1_000, 1.5, 2**60, "", "two words", "another", "a/b", [], {}, [1], "x" * 3_000),
    *("1999-01-01", "2023-06-15", "2030-01-01", "2030-01-31", "2023-02-30", "0.1234567", "5"),
    *("introduced", "replaced", "meeting", "annual", "implemented", "unknown", "unspecified"),
    *("at_least", "increase", "percent", "count", "ratings"),
)
"""What may stand in the place of anything."""

DOOR = Door(EVENT_TYPES)


def found() -> set[str]:
    """The details of all faults."""
    return {*_by_models(), *_by_the_door(), *_by_deciders(), *_by_deciders_of_random_events(), *_by_the_log()}


def _by_models() -> Iterator[str]:
    for event_type in EVENT_TYPES.values():
        subject, data = event_type.example["subject"], event_type.example["data"]
        for wrong in (each for each in OTHERWISE if isinstance(each, str)):
            yield from _details(faults_of(event_type, wrong, data))
            yield from _details(faults_of(event_type, wrong, {}))
        for spoilt in _spoilt(data):
            yield from _details(faults_of(event_type, subject, spoilt))
    for name, changes in _CONTRADICTIONS:
        event_type = EVENT_TYPES[f"org.wcoomd.{name}.v1"]
        yield from _details(faults_of(event_type, event_type.example["subject"], event_type.example["data"] | changes))


def _spoilt(value: Any) -> Iterator[Any]:
    """Yield a value with something else in one place, with one thing less, and with one more."""
    yield from OTHERWISE
    if isinstance(value, Mapping):
        yield {**value, "colour": "red"}
        for key, inner in value.items():
            yield {name: each for name, each in value.items() if name != key}
            yield from ({**value, key: spoilt} for spoilt in _spoilt(inner))
    if isinstance(value, list):
        yield [*value, *value]
        for index, inner in enumerate(value):
            yield from ([*value[:index], spoilt, *value[index + 1 :]] for spoilt in _spoilt(inner))


def _with_measure(**measure: Any) -> dict[str, Any]:
    """The data of the example's plan whose last KPI measures something else."""
    kpis = deepcopy(cast(Any, EXAMPLE_PLAN["kpis"]))
    kpis[1]["measure"] = measure
    return {"kpis": kpis}


_THE_PLAN_AS_A_PERIOD = {"id": "sp-2022-2025", "starts_on": "2022-07-01", "ends_on": "2025-06-30"}
_CONTRADICTIONS: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("plan.adopted", {"periods": [_THE_PLAN_AS_A_PERIOD]}),
    ("plan.adopted", _with_measure(facts="ratings", surveys="annual", topics=["SP1"], committees=["PTC"])),
    ("plan.adopted", _with_measure(facts="activities", weight="number", where={"aligned_with": ["#"]})),
    ("survey.opened", {"committee": "PTC"}),
)
"""What one thing alone in another's place does not come to."""


def _by_the_door() -> Iterator[str]:
    (event_type, *_) = EVENT_TYPES_BY_LOG["operations-feed"]
    example = dict(event_type.example)
    attributes = {name: value for name, value in example.items() if name not in {"type", "specversion", "data"}}
    words = (*OTHERWISE, 2**40, "a\x01b", "http://a b", "application/json; charset=latin-1")
    for name in (*attributes, "time", "dataschema", "extension"):
        for wrong in words:
            yield from _refused(json.dumps({**example, name: wrong}).encode())
    whole = json.dumps({name: value for name, value in example.items() if name != "data"})
    for inside in ('"a": 1, "a": 2', '"a": "\\ud800"', '"é": 1', '"a": ' + "[" * 100_000 + "]" * 100_000):
        yield from _refused((whole[:-1] + f', "data": {{{inside}}}}}').encode())
    yield from _refused(json.dumps({**example, "data": "x" * MAX_EVENT}).encode())
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    yield from _not_admitted(Received({**example, "data": deep}))


def _refused(body: bytes) -> Iterator[str]:
    try:
        (received,) = read_events("structured", [], body)
    except Problem as problem:
        yield from _details(problem.faults)
    else:
        yield from _not_admitted(received)


def _not_admitted(received: Received) -> Iterator[str]:
    try:
        DOOR.admit([received])
    except Problem as problem:
        yield from _details(problem.faults)


def _by_deciders() -> Iterator[str]:
    """Offer every example after every beginning of the little history that they make, and some that differ from it."""
    for log in LOG_NAMES:
        decider = LOGS[log].decider()
        offered = [*(posted(event_type.name) for event_type in EVENT_TYPES_BY_LOG[log]), *_DIFFERING[log]]
        for count in range(len(offered) + 1):
            states: dict[Key, State] = {}
            for event in offered[:count]:
                concerned = {key: states.get(key) for key in decider.concerns(event)}
                if not decider.decide(event, concerned):
                    states |= decider.evolve(event, concerned)
            for event in offered:
                concerned = {key: states.get(key) for key in decider.concerns(event)}
                yield from _details(decider.decide(event, concerned))
                yield from _details(later_than_tomorrow(event, utc_day(parse_instant("2000-01-01T00:00:00Z"))))


def _another_plan() -> dict[str, Any]:
    """The example's plan without its last objective, KPI and period, and with another end of the first period."""
    plan = deepcopy(cast(Any, EXAMPLE_PLAN))
    del plan["objectives"][2], plan["kpis"][1], plan["periods"][2]
    plan["periods"][0]["ends_on"], plan["periods"][1]["starts_on"] = "2023-07-31", "2023-08-01"
    return {**plan, "ends_on": plan["periods"][-1]["ends_on"]}


_DIFFERING: Mapping[LogName, Sequence[Event]] = {
    "plan-registry": (
        posted("plan.revised", "another"),
        posted("plan.revised", **_another_plan()),
        posted("baseline.set", "another"),
    ),
    "survey-intake": (
        posted("survey.submitted", member="FRA", respondent="r", ratings={"another": 1, "overall": 9}),
        posted("survey.submitted", instruments=[{"instrument": "another", "status": "unknown"}]),
        posted("survey.opened", "m", without=["instruments", "invited"], kind="meeting", committee="PTC"),
        posted("survey.submitted", "m"),
    ),
    "operations-feed": (),
}
"""Events that differ from the examples in what the record has to say of them."""


def _by_deciders_of_random_events() -> Iterator[str]:
    for log in LOG_NAMES:
        proposals = Proposals(log, Random(1), "urn:example:tests")
        for count in range(2_000):
            event, faults = proposals.next(f"e{count}", 738_000 + count // 4)
            yield from _details(faults)
            if not faults:
                proposals.record(event)


def _by_the_log() -> Iterator[str]:
    """Send another event under an id that was used."""
    decider, time = LOGS["operations-feed"].decider(), parse_instant("2030-01-01T00:00:00Z")
    sequencing = Sequencing("operations-feed", decider, Record(0, {}, {}, {}), time)
    try:
        for subject in ("one", "another"):
            event = posted("operation.launched", subject)
            sequencing.admit(Request.of([event], decider, False, None, dry_run=False, trace=NO_TRACE))
    except Problem as problem:
        yield from _details(problem.faults)


def _details(faults: Any) -> Iterator[str]:
    for fault in faults:
        yield fault.detail
