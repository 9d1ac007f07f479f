"""The three logs: the service of each, and its rules, by which an empty one is filled."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import operations_feed.app
import operations_feed.lists
import plan_registry.app
import plan_registry.lists
import survey_intake.app
import survey_intake.lists
from operations_feed.decide import OperationsFeedDecider
from plan_registry.decide import PlanRegistryDecider
from survey_intake.decide import SurveyIntakeDecider
from wco_common.cloudevents import Received
from wco_common.door import Door
from wco_common.lists.opened import Lists
from wco_common.log_service import LogService
from wco_common.restore import Admit
from wco_common.rules import RuleDecider
from wco_events.event_type import LogName
from wco_events.registry import EVENT_TYPES_BY_LOG


class LogParts(NamedTuple):
    """What there is of a log beside its database."""

    service: Callable[..., LogService]
    decider: Callable[[], RuleDecider]
    lists: Lists


LOGS: Mapping[LogName, LogParts] = {
    "plan-registry": LogParts(plan_registry.app.service, PlanRegistryDecider, plan_registry.lists.LISTS),
    "survey-intake": LogParts(survey_intake.app.service, SurveyIntakeDecider, survey_intake.lists.LISTS),
    "operations-feed": LogParts(operations_feed.app.service, OperationsFeedDecider, operations_feed.lists.LISTS),
}


def admitting(log: LogName) -> Admit:
    """Return what makes an event of attributes, as the door of a log does."""
    door = Door({event_type.type: event_type for event_type in EVENT_TYPES_BY_LOG[log]})
    return lambda attributes: door.admit([Received(attributes)])[0]
