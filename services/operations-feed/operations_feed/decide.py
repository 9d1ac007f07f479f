"""What operations-feed refuses: the rule of each of its event types (outside contract, section 3)."""

from collections.abc import Mapping
from typing import ClassVar

from operations_feed import assistance, expert, operation, partnership, seizure
from wco_common.rules import Rule, RuleDecider


class OperationsFeedDecider(RuleDecider):
    """The decider of operations-feed. It does not know the plan, and takes any objective."""

    rules: ClassVar[Mapping[str, Rule]] = {
        "operation.launched": operation.LAUNCHED,
        "operation.revised": operation.REVISED,
        "operation.cancelled": operation.CANCELLED,
        "operation.report-published": operation.REPORT_PUBLISHED,
        "seizure.reported": seizure.REPORTED,
        "seizure.corrected": seizure.CORRECTED,
        "seizure.retracted": seizure.RETRACTED,
        "partnership.registered": partnership.REGISTERED,
        "partnership.reviewed": partnership.STEPPED,
        "partnership.upgraded": partnership.STEPPED,
        "partnership.step-retracted": partnership.STEP_RETRACTED,
        "partnership.ended": partnership.ENDED,
        "assistance.delivered": assistance.DELIVERED,
        "assistance.corrected": assistance.CORRECTED,
        "assistance.retracted": assistance.RETRACTED,
        "expert.accredited": expert.ACCREDITED,
        "expert.accreditation-corrected": expert.ACCREDITATION_CORRECTED,
        "expert.accreditation-ended": expert.ACCREDITATION_ENDED,
    }
