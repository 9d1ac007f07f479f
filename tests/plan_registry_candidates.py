"""Candidates for plan-registry: the catalogue adopted, then revisions, Members, actions and focus areas."""

import json
from copy import deepcopy
from importlib.resources import files
from random import Random
from typing import Any

from candidates import MEMBERS, Candidate, Candidates

PLAN = "sp-2022-2025"
CATALOGUE: dict[str, Any] = json.loads(files("wco_data").joinpath(f"{PLAN}.json").read_bytes())
PERIODS = ("2022-23", "2023-24", "2024-25", "2025-26")
REGIONS = ("AMS", "A/P", "EUR", "ESA", "MENA", "WCA")
NEW_FOCUS_AREAS = ("FA4", "FA5", "FA6")
OBJECTIVES = (*(objective["id"] for objective in CATALOGUE["objectives"]), *NEW_FOCUS_AREAS)
KPIS = tuple(kpi["id"] for kpi in CATALOGUE["kpis"])


class PlanRegistryCandidates(Candidates):
    """Makes candidates for plan-registry; the first is the adoption of the catalogue."""

    def __init__(self, random: Random, prefix: str = "") -> None:
        super().__init__(
            random,
            {
                self._revised: 1,
                self._listed: 3,
                self._baseline: 6,
                self._published: 5,
                self._added: 16,
                self._started: 12,
                self._completed: 24,
                self._reopened: 8,
                self._withdrawn: 3,
                self._rescheduled: 5,
                self._reviewed: 6,
            },
            prefix,
        )
        self._plan: dict[str, Any] | None = None
        self._actions: list[str] = []

    def next(self, today: int) -> Candidate:
        """Return a candidate for an event recorded on this day."""
        if self._plan is None:
            self._plan = CATALOGUE
            return Candidate("plan.adopted", PLAN, CATALOGUE)
        return super().next(today)

    def _revised(self) -> Candidate:
        self._plan = plan = deepcopy(self._plan or {})
        self.one(
            (self._retitle, self._change_target, self._change_instruments, self._add_objective, _add_kpi, _extend)
        )(plan)
        return Candidate("plan.revised", PLAN, {**plan, "reason": "The Council decided so"})

    def _retitle(self, plan: dict[str, Any]) -> None:
        plan["notice"] = "These figures are synthetic."
        self.one(plan["objectives"])["title"] = "Another title"

    def _change_target(self, plan: dict[str, Any]) -> None:
        kpi = self.one([kpi for kpi in plan["kpis"] if kpi["target"]["rule"] == "at_least"])
        kpi["target"]["value"] = self.one(("3", "50.5", "100"))

    def _change_instruments(self, plan: dict[str, Any]) -> None:
        instruments = plan["instruments"]
        instrument = self.one(instruments)
        if self.chance(0.3):
            instrument["objective"] = self.one(("SO1", "SO2", "SO3", "SO4"))
        elif self.chance(0.5) and len(instruments) > 1:
            instruments.remove(instrument)
        elif all(instrument["id"] != "extra-1" for instrument in instruments):
            instruments.append({"id": "extra-1", "objective": "SO2", "title": "One more"})

    def _add_objective(self, plan: dict[str, Any]) -> None:
        name, layer = self.one((*((area, "focus") for area in NEW_FOCUS_AREAS), ("ORG3", "improvement")))
        if all(objective["id"] != name for objective in plan["objectives"]):
            plan["objectives"].append({"id": name, "layer": layer, "title": "One more"})

    def _listed(self) -> Candidate:
        members = [{"iso3": member, "region": self.one(REGIONS)} for member in self.some(MEMBERS, 5, len(MEMBERS))]
        return Candidate("members.listed", "members", {"effective_on": self.day(-400, 400), "members": members})

    def _baseline(self) -> Candidate:
        value = f"{self.random.randint(0, 100)}{self.one(('', '.5', '.333333'))}"
        data = {"value": value, "measured_on": self.day(-400, 0), "source": "A survey"}
        return Candidate("baseline.set", self.one(KPIS), data)

    def _action(self) -> dict[str, Any]:
        self._actions.append(self.named("a", self._actions))
        return {
            "objective": self.one(OBJECTIVES),
            "title": "Do it",
            "due_on": self.day(0, 300),
            **self.maybe("desired_future", "Simple borders", 0.1),
            **self.maybe("risk", "It is late", 0.1),
        }

    def _published(self) -> Candidate:
        period = self.one(PERIODS)
        actions = [{**self._action(), "id": self._actions[-1]} for _ in range(self.random.randint(0, 12))]
        return Candidate("implementation-plan.published", period, {"plan": PLAN, "period": period, "actions": actions})

    def _added(self) -> Candidate:
        action = self._action()
        return Candidate("action.added", self._actions[-1], {**action, "period": self.one(PERIODS)})

    def _about_an_action(self, name: str, data: dict[str, Any]) -> Candidate:
        return Candidate(name, self.recent(self._actions), data) if self._actions else self._published()

    def _started(self) -> Candidate:
        return self._about_an_action("action.started", {"started_on": self.day(-60, 1)})

    def _completed(self) -> Candidate:
        data = {"completed_on": self.day(-30, 1), **self.maybe("evidence", "A report", 0.2)}
        return self._about_an_action("action.completed", data)

    def _reopened(self) -> Candidate:
        return self._about_an_action("action.reopened", {"reason": "Not done"})

    def _withdrawn(self) -> Candidate:
        return self._about_an_action("action.withdrawn", {"reason": "Given up"})

    def _rescheduled(self) -> Candidate:
        return self._about_an_action("action.rescheduled", {"due_on": self.day(0, 400), "reason": "Later"})

    def _reviewed(self) -> Candidate:
        data: dict[str, Any] = {"period": self.one(PERIODS), "reviewed_on": self.day(-30, 1)}
        decision = self.one(("continued", "replaced", "integrated", "introduced"))
        if decision == "introduced":
            area = self.one(NEW_FOCUS_AREAS)
            return Candidate("focus-area.reviewed", area, {**data, "decision": decision, "title": "A new area"})
        if decision != "continued":
            successor = (
                ("replaced_by", self.one(NEW_FOCUS_AREAS)) if decision == "replaced" else ("integrated_into", "SP1")
            )
            data |= self.maybe(*successor)
        area = self.one(("FA1", "FA2", "FA3", *NEW_FOCUS_AREAS))
        return Candidate("focus-area.reviewed", area, {**data, "decision": decision})


def _extend(plan: dict[str, Any]) -> None:
    plan["ends_on"] = "2026-06-30"
    if len(plan["periods"]) == len(CATALOGUE["periods"]):
        plan["periods"].append({"id": "2025-26", "starts_on": "2025-07-01", "ends_on": "2026-06-30"})


def _add_kpi(plan: dict[str, Any]) -> None:
    if all(kpi["id"] != "ORG1.completion" for kpi in plan["kpis"]):
        model = next(kpi for kpi in plan["kpis"] if kpi["id"] == "ORG.completion")
        measure = {**model["measure"], "objectives": ["ORG1"]}
        plan["kpis"].append({**model, "id": "ORG1.completion", "measure": measure})
