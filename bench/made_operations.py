"""operations-feed as the bundles have it: operations, partnerships, assistance and experts, as many as in life.

Seizure reports fill it up: a share of them `fresh`, the others corrections of one that came before.
"""

from random import Random
from typing import Any

from made_log import DAYS, Happening, MadeLog, iso
from made_plan import MEMBERS

_OPERATIONS = 60
_LASTS = 30
_ASSISTANCE = 1000
_EXPERTS = 300
_PARTNERSHIPS = 40
_RETRACTED = 0.01
_CATEGORIES = ("drugs", "tobacco", "waste", "ipr", "weapons")
_OBJECTIVES = ("SO1", "SO2", "SO3", "SO4", "SP1", "SP3", "FA1", "FA2", "ORG1")


class MadeOperations(MadeLog):
    """Operations and what is reported of them, and all else that the log holds."""

    def __init__(self, random: Random, fresh: float) -> None:
        super().__init__(random)
        self._fresh = fresh
        self._reported: list[list[str]] = [[] for _ in range(_OPERATIONS)]
        self._reports = 0
        self._starts = [number * (DAYS - _LASTS) // _OPERATIONS for number in range(_OPERATIONS)]
        for number, starts in enumerate(self._starts):
            self._operation(f"operation-{number}", starts)
        for number in range(_PARTNERSHIPS):
            self._partnership(f"partnership-{number}", random.randrange(DAYS - 200))
        for number in range(_EXPERTS):
            self._expert(f"expert-{number}", random.randrange(DAYS - 200))
        for number in range(_ASSISTANCE):
            self._assistance(f"activity-{number}", random.randrange(DAYS - 30))

    def _on(self, day: int, name: str, subject: str, data: dict[str, Any]) -> None:
        if day < DAYS:
            self.morning[day].append(Happening(name, subject, data))

    def _operation(self, name: str, starts: int) -> None:
        ends = starts + _LASTS
        operation = {
            "title": f"Operation {name}",
            "theme": self.random.choice(_CATEGORIES),
            "starts_on": iso(starts),
            "ends_on": iso(ends),
            "participants": self.random.sample(MEMBERS, 40),
        }
        self._on(starts, "operation.launched", name, operation)
        if self.random.random() < 0.2:
            self._on(starts + 5, "operation.revised", name, operation | {"reason": "One more takes part"})
        for stage, day in (("interim", ends + 30), ("final", ends + 90)):
            by_category = [{"category": category, "seizures": self.random.randrange(200)} for category in _CATEGORIES]
            data = {"stage": stage, "published_on": iso(day), "totals": {"seizures": 1200}, "by_category": by_category}
            self._on(day, "operation.report-published", name, data)
        if self.random.random() < 0.05:
            self._on(ends + 100, "operation.cancelled", name, {"reason": "Counted elsewhere"})

    def _partnership(self, name: str, day: int) -> None:
        objectives = self.random.sample(_OBJECTIVES, 2)
        registered = {"partner": "A partner", "partner_kind": "academia", "instrument": "mou", "since": iso(day)}
        self._on(day, "partnership.registered", name, registered | {"objectives": objectives})
        for turn, kind in enumerate(("reviewed", "upgraded", "reviewed"), start=1):
            then = day + 50 * turn
            step = {"step": f"step-{turn}", "on": iso(then), "objectives": objectives, "summary": "It goes on"}
            self._on(then, f"partnership.{kind}", name, step)
        match self.random.randrange(10):
            case 0:
                self._on(day + 160, "partnership.step-retracted", name, {"step": "step-3", "reason": "Not signed"})
            case 1:
                self._on(day + 170, "partnership.ended", name, {"on": iso(day + 170), "reason": "Expired"})

    def _expert(self, name: str, day: int) -> None:
        accreditation = {
            "status": self.random.choice(("accredited", "recognised")),
            "employer": self.random.choice(("wco", "administration", "other")),
            "areas": ["valuation"],
            "accredited_on": iso(day),
        }
        self._on(day, "expert.accredited", name, accreditation)
        match self.random.randrange(10):
            case 0:
                corrected = accreditation | {"expires_on": iso(day + 700), "reason": "For two years"}
                self._on(day + 10, "expert.accreditation-corrected", name, corrected)
            case 1:
                ended = {"ended_on": iso(day + 150), "reason": "Retired"}
                self._on(day + 150, "expert.accreditation-ended", name, ended)

    def _assistance(self, name: str, day: int) -> None:
        activity = {
            "title": "A workshop",
            "delivered_on": iso(day),
            "members": self.random.sample(MEMBERS, 3),
            "aligned_with": self.random.sample(_OBJECTIVES, self.random.randrange(3)),
            "delivered_by": self.random.choice(("accredited", "recognised", "other")),
            "cost": {"amount": f"{self.random.randrange(90_000)}.50", "currency": "EUR"},
        }
        self._on(day, "assistance.delivered", name, activity)
        match self.random.randrange(20):
            case 0 | 1:
                self._on(day + 10, "assistance.corrected", name, activity | {"reason": "One more country"})
            case 2:
                self._on(day + 10, "assistance.retracted", name, {"reason": "Put off"})

    def filling(self, day: int) -> Happening:
        """Return a seizure report, a correction of one, or now and then the retraction of one."""
        random = self.random
        # The operation that started last; the one before is still under way on some days.
        number = next(index for index in reversed(range(_OPERATIONS)) if self._starts[index] <= day)
        if number and self._starts[number - 1] + _LASTS > day and random.random() < 0.5:
            number -= 1
        reported, operation = self._reported[number], f"operation-{number}"
        fresh = not reported or random.random() < self._fresh
        if fresh:
            self._reports += 1
            report = f"report-{self._reports}"
            reported.append(report)
        else:
            report = reported[int(random.random() * len(reported))]
        where = {"operation": operation, "report": report}
        if not fresh and random.random() < _RETRACTED:
            reported.remove(report)
            return Happening("seizure.retracted", f"{operation}/{report}", where | {"reason": "Reported twice"})
        seizures = int(random.random() * 30)
        data = {
            **where,
            "member": MEMBERS[int(random.random() * len(MEMBERS))],
            "seized_on": iso(day),
            "category": _CATEGORIES[seizures % len(_CATEGORIES)],
            "seizures": seizures,
            "quantities": [{"amount": f"{seizures * 7}.5", "unit": "kg"}],
        }
        if fresh:
            return Happening("seizure.reported", f"{operation}/{report}", data)
        return Happening("seizure.corrected", f"{operation}/{report}", data | {"reason": "A recount"})
