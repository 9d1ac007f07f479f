"""The three logs: the service of each, and its rules, by which an empty one is filled."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import operations_feed.app
import plan_registry.app
import survey_intake.app
from operations_feed.decide import OperationsFeedDecider
from plan_registry.decide import PlanRegistryDecider
from survey_intake.decide import SurveyIntakeDecider
from wco_common.log_service import LogService
from wco_common.rules import RuleDecider
from wco_common.settings import LogSettings
from wco_events.event_type import LogName


class LogParts(NamedTuple):
    """What there is of a log beside its database."""

    service: Callable[[LogSettings], LogService]
    decider: Callable[[], RuleDecider]


LOGS: Mapping[LogName, LogParts] = {
    "plan-registry": LogParts(plan_registry.app.service, PlanRegistryDecider),
    "survey-intake": LogParts(survey_intake.app.service, SurveyIntakeDecider),
    "operations-feed": LogParts(operations_feed.app.service, OperationsFeedDecider),
}
