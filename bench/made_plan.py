"""plan-registry as the bundles have it: the shipped plan, its Members, some hundred actions. Nothing fills it up."""

import json
from importlib import resources
from itertools import cycle
from random import Random
from typing import Any

from made_log import Happening, MadeLog, iso
from wco_events.iso import COUNTRIES

PLAN = "sp-2022-2025"
PERIODS = {"2022-23": 0, "2023-24": 366, "2024-25": 731}
"""Each period with the day on which its implementation plan is published."""

MEMBERS = [*sorted(COUNTRIES)[:183], "EUN", "XKX"]
"""As many as the organization has, but not those that it has."""

_REGIONS = ("AMS", "A/P", "EUR", "ESA", "MENA", "WCA")
_OBJECTIVES = ("SO1", "SO2", "SO3", "SO4", "SP1", "SP2", "SP3", "SP4", "SP5", "FA1", "FA2", "FA3", "ORG1", "ORG2")
_ACTIONS = 5


def catalogue() -> dict[str, Any]:
    """Return the plan that is shipped."""
    plan: dict[str, Any] = json.loads((resources.files("wco_data") / f"{PLAN}.json").read_bytes())
    return plan


class MadePlan(MadeLog):
    """The plan and its actions."""

    def __init__(self, random: Random) -> None:
        super().__init__(random)
        plan = catalogue()
        self._on(0, "plan.adopted", PLAN, plan)
        members = [{"iso3": iso3, "region": region} for iso3, region in zip(MEMBERS, cycle(_REGIONS), strict=False)]
        self._on(0, "members.listed", "members", {"effective_on": "2022-07-01", "members": members})
        for kpi in plan["kpis"]:
            if kpi["target"]["rule"] != "at_least":
                baseline = {"value": "60", "measured_on": "2022-06-30", "source": "The year before"}
                self._on(0, "baseline.set", kpi["id"], baseline)
        for period, day in PERIODS.items():
            self._period(period, day)

    def _on(self, day: int, name: str, subject: str, data: dict[str, Any]) -> None:
        self.morning[day].append(Happening(name, subject, data))

    def _period(self, period: str, day: int) -> None:
        actions = [
            {
                "id": f"{period}.{objective}.{number}",
                "objective": objective,
                "title": "A task",
                "due_on": iso(day + 300),
            }
            for objective in _OBJECTIVES
            for number in range(_ACTIONS)
        ]
        published = {"plan": PLAN, "period": period, "actions": actions[:-1]}
        self._on(day, "implementation-plan.published", period, published)
        added = actions[-1]
        self._on(day + 1, "action.added", added["id"], {"period": period} | {k: added[k] for k in added if k != "id"})
        for action in actions:
            self._course_of(action["id"], day)
        area = f"FA{4 + list(PERIODS).index(period)}"
        review = {"period": period, "decision": "introduced", "title": "A new area", "reviewed_on": iso(day + 355)}
        self._on(day + 355, "focus-area.reviewed", area, review)

    def _course_of(self, action: str, day: int) -> None:
        started, completed = day + self.random.randint(5, 60), day + self.random.randint(61, 330)
        self._on(started, "action.started", action, {"started_on": iso(started)})
        match self.random.randrange(20):
            case 0:
                self._on(completed, "action.withdrawn", action, {"reason": "Taken up elsewhere"})
                return
            case 1:
                later = {"due_on": iso(completed + 30), "reason": "It takes longer"}
                self._on(completed, "action.rescheduled", action, later)
                return
            case 2:
                self._on(completed, "action.completed", action, {"completed_on": iso(completed)})
                self._on(completed + 5, "action.reopened", action, {"reason": "Not quite"})
                completed += 20
        self._on(completed, "action.completed", action, {"completed_on": iso(completed), "evidence": "A report"})
