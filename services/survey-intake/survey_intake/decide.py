"""What survey-intake refuses: the rule of each of its event types (outside contract, section 3)."""

from collections.abc import Mapping
from typing import ClassVar

from survey_intake import submission, survey
from wco_common.rules import Rule, RuleDecider


class SurveyIntakeDecider(RuleDecider):
    """The decider of survey-intake."""

    rules: ClassVar[Mapping[str, Rule]] = {
        "survey.opened": survey.OPENED,
        "survey.rescheduled": survey.RESCHEDULED,
        "survey.submitted": submission.SUBMITTED,
        "survey.withdrawn": submission.WITHDRAWN,
        "survey.closed": survey.CLOSED,
        "survey.reopened": survey.REOPENED,
        "survey.cancelled": survey.CANCELLED,
    }
