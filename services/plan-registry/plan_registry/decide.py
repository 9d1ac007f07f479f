"""What plan-registry refuses: the rule of each of its event types (outside contract, section 3)."""

from collections.abc import Mapping
from typing import ClassVar

from plan_registry import action, baseline, focus_area, implementation_plan, plan
from wco_common.rules import Rule, RuleDecider


class PlanRegistryDecider(RuleDecider):
    """The decider of plan-registry. A list of Members contradicts nothing: the plan does not speak of them."""

    rules: ClassVar[Mapping[str, Rule]] = {
        "plan.adopted": plan.ADOPTED,
        "plan.revised": plan.REVISED,
        "members.listed": Rule(),
        "baseline.set": baseline.SET,
        "implementation-plan.published": implementation_plan.PUBLISHED,
        "action.added": implementation_plan.ADDED,
        "action.started": action.STARTED,
        "action.completed": action.COMPLETED,
        "action.reopened": action.REOPENED,
        "action.withdrawn": action.WITHDRAWN,
        "action.rescheduled": action.RESCHEDULED,
        "focus-area.reviewed": focus_area.REVIEWED,
    }
