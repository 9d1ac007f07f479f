"""Who has the demonstration running can post the example of every event type that `/types` shows, one after another."""

import json

import pytest

from plan_registry.plan import KEY
from scenario import Scenario, posted, recorded
from unit.demonstration.conftest import BUNDLE
from wco_common.bundle import log_file
from wco_embedded.logs import LOGS
from wco_events.event_type import LOG_NAMES, LogName
from wco_events.registry import EVENT_TYPES_BY_LOG


def contradicted(demonstration: Scenario, name: str) -> list[tuple[str, str]]:
    """Why an example is refused: it is the first of what a log takes once, or a plan smaller than the adopted one."""
    if name == "plan.adopted":
        return [("/subject", "plan sp-2022-2025 is adopted already, once a log")]
    if name == "implementation-plan.published":
        return [("/subject", "implementation plan 2022-23 exists already: it is published once a period")]
    if name == "plan.revised":
        plan, example = demonstration.states[KEY] or {}, posted(name).data
        return [
            (f"/data/{what}", f"{part} is missing: a revision drops none of the {what}")
            for what in ("objectives", "kpis")
            for part in plan[what]
            if part not in [kept["id"] for kept in example[what]]
        ]
    return []


@pytest.mark.parametrize("log", LOG_NAMES)
def test_the_examples_are_taken_where_the_demonstration_is_save_those_that_begin_a_log(log: LogName) -> None:
    lines = (BUNDLE / log_file(log)).read_bytes().splitlines()
    demonstration = Scenario(LOGS[log].decider(), (recorded(json.loads(line)) for line in lines))
    for event_type in EVENT_TYPES_BY_LOG[log]:
        demonstration.when(posted(event_type.name)).then_refused(*contradicted(demonstration, event_type.name))
