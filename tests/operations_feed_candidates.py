"""Candidates for operations-feed: operations with their reports, partnerships, activities, experts."""

from random import Random
from typing import Any

from candidates import MEMBERS, Candidate, Candidates

OBJECTIVES = ("SO1", "SO2", "SO3", "SO4", "SP1", "SP2", "SP3", "SP4", "SP5", "FA1", "FA4", "ORG1", "X1")
CATEGORIES = ("drugs", "tobacco", "waste", "ipr")
UNITS = ("kg", "pieces", "litres", "m3", "EUR")


class OperationsFeedCandidates(Candidates):
    """Makes candidates for operations-feed."""

    def __init__(self, random: Random, prefix: str = "") -> None:
        super().__init__(
            random,
            {
                self._launched: 5,
                self._revised: 3,
                self._cancelled: 1,
                self._report_published: 7,
                self._reported: 22,
                self._corrected: 6,
                self._retracted: 2,
                self._registered: 2,
                self._stepped: 8,
                self._step_retracted: 2,
                self._ended: 1,
                self._delivered: 18,
                self._activity_corrected: 5,
                self._activity_retracted: 2,
                self._accredited: 8,
                self._accreditation_corrected: 4,
                self._accreditation_ended: 4,
            },
            prefix,
        )
        self._operations: list[str] = []
        self._reports: list[tuple[str, str]] = []
        self._partnerships: list[str] = []
        self._steps: list[tuple[str, str]] = []
        self._activities: list[str] = []
        self._experts: list[str] = []

    def _operation(self) -> dict[str, Any]:
        return {
            "title": "An operation",
            **self.maybe("theme", self.one(CATEGORIES)),
            "starts_on": self.day(-120, -10),
            "ends_on": self.day(-10, 120),
            "participants": self.some(MEMBERS, 0, 12),
        }

    def _launched(self) -> Candidate:
        self._operations.append(self.named("o", self._operations))
        return Candidate("operation.launched", self._operations[-1], self._operation())

    def _about_an_operation(self, name: str, data: dict[str, Any]) -> Candidate:
        return Candidate(name, self.recent(self._operations), data) if self._operations else self._launched()

    def _revised(self) -> Candidate:
        return self._about_an_operation("operation.revised", {**self._operation(), "reason": "Extended"})

    def _cancelled(self) -> Candidate:
        return self._about_an_operation("operation.cancelled", {"reason": "Counted elsewhere"})

    def _quantities(self) -> list[dict[str, str]]:
        return [{"amount": self._amount(), "unit": unit} for unit in self.some(UNITS, 1, 3)]

    def _amount(self) -> str:
        return f"{self.random.randrange(10**6)}.{self.random.randrange(10**6):06d}"[: self.random.randint(8, 13)]

    def _figures(self, most: int) -> dict[str, Any]:
        figures: dict[str, Any] = self.maybe("seizures", self.random.randint(0, most), 0.8)
        figures |= self.maybe("cases", self.random.randint(0, 400))
        return figures | self.maybe("quantities", self._quantities(), 0.2)

    def _report_published(self) -> Candidate:
        totals = self._figures(300) | self.maybe("reporting_members", self.random.randint(0, 30))
        data = {
            "stage": self.one(("interim", "final")),
            "published_on": self.day(-3, 1),
            "totals": totals if self.chance(0.9) else {},
        }
        parts = [{"category": category, **self._figures(60)} for category in self.some(CATEGORIES)]
        return self._about_an_operation("operation.report-published", data | self.maybe("by_category", parts))

    def _seizures(self) -> dict[str, Any]:
        return {
            "member": self.one(MEMBERS),
            "seized_on": self.day(-60, 1),
            "category": self.one(CATEGORIES),
            "seizures": self.random.randint(0, 20),
            **self.maybe("cases", self.random.randint(0, 9)),
            **self.maybe("quantities", self._quantities(), 0.3),
            **self.maybe("hs_code", "2402.20", 0.2),
        }

    def _reported(self) -> Candidate:
        if not self._operations:
            return self._launched()
        self._reports.append((self.recent(self._operations), self.named("r", self._reports)))
        return self._report("seizure.reported", self._reports[-1], self._seizures())

    def _report(self, name: str, where: tuple[str, str], data: dict[str, Any]) -> Candidate:
        operation, report = where
        return Candidate(name, f"{operation}/{report}", {"operation": operation, "report": report, **data})

    def _corrected(self) -> Candidate:
        if not self._reports:
            return self._reported()
        where = self.recent(self._reports)
        return self._report("seizure.corrected", where, {**self._seizures(), "reason": "A recount"})

    def _retracted(self) -> Candidate:
        if not self._reports:
            return self._reported()
        return self._report("seizure.retracted", self.recent(self._reports), {"reason": "Reported twice"})

    def _registered(self) -> Candidate:
        self._partnerships.append(self.named("p", self._partnerships))
        data = {
            "partner": "A partner",
            "partner_kind": "international-organization",
            "instrument": "mou",
            "objectives": self.some(OBJECTIVES),
            "since": self.day(-2000, 0),
        }
        return Candidate("partnership.registered", self._partnerships[-1], data)

    def _stepped(self) -> Candidate:
        if not self._partnerships:
            return self._registered()
        partnership, step = self.recent(self._partnerships), self.named("s", self._steps)
        self._steps.append((partnership, step))
        data = {"step": step, "on": self.day(-200, 1), "objectives": self.some(OBJECTIVES), "summary": "Updated"}
        return Candidate(self.one(("partnership.reviewed", "partnership.upgraded")), partnership, data)

    def _step_retracted(self) -> Candidate:
        if not self._steps:
            return self._stepped()
        partnership, step = self.recent(self._steps)
        return Candidate("partnership.step-retracted", partnership, {"step": step, "reason": "Not signed"})

    def _ended(self) -> Candidate:
        if not self._partnerships:
            return self._registered()
        return Candidate(
            "partnership.ended", self.recent(self._partnerships), {"on": self.day(-50, 1), "reason": "Expired"}
        )

    def _activity(self) -> dict[str, Any]:
        return {
            "title": "An activity",
            "delivered_on": self.day(-90, 1),
            "members": self.some(MEMBERS, 1, 5),
            "aligned_with": self.some(OBJECTIVES, 0, 3),
            "delivered_by": self.one(("accredited", "recognised", "other")),
            **self.maybe("experts", self.some(self._experts)),
            **self.maybe("cost", {"amount": self._amount(), "currency": "EUR"}, 0.8),
        }

    def _delivered(self) -> Candidate:
        self._activities.append(self.named("c", self._activities))
        return Candidate("assistance.delivered", self._activities[-1], self._activity())

    def _about_an_activity(self, name: str, data: dict[str, Any]) -> Candidate:
        return Candidate(name, self.recent(self._activities), data) if self._activities else self._delivered()

    def _activity_corrected(self) -> Candidate:
        return self._about_an_activity("assistance.corrected", {**self._activity(), "reason": "A wrong figure"})

    def _activity_retracted(self) -> Candidate:
        return self._about_an_activity("assistance.retracted", {"reason": "It did not happen"})

    def _accreditation(self) -> dict[str, Any]:
        return {
            "status": self.one(("accredited", "accredited", "recognised")),
            "employer": self.one(("wco", "administration", "other")),
            "areas": self.some(OBJECTIVES),
            "accredited_on": self.day(-200, 60),
            **self.maybe("expires_on", self.day(60, 400), 0.6),
        }

    def _accredited(self) -> Candidate:
        if not self._experts or self.chance(0.5):
            self._experts.append(self.named("e", self._experts))
        return Candidate("expert.accredited", self.recent(self._experts), self._accreditation())

    def _accreditation_corrected(self) -> Candidate:
        if not self._experts:
            return self._accredited()
        data = {**self._accreditation(), "reason": "A wrong date"}
        return Candidate("expert.accreditation-corrected", self.recent(self._experts), data)

    def _accreditation_ended(self) -> Candidate:
        if not self._experts:
            return self._accredited()
        data = {"ended_on": self.day(-60, 120), "reason": "Retired"}
        return Candidate("expert.accreditation-ended", self.recent(self._experts), data)
