"""Experts and their accreditations: expiring, renewed, ended, corrected. All of it is synthetic."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from demonstration.chance import fraction, pick, pseudonym, shuffled, whole
from demonstration.entry import Entry, days, noted

Status = Literal["accredited", "recognised"]


@dataclass(frozen=True, slots=True)
class Accreditation:
    """An accreditation of an expert, who is known by a pseudonym; without `expires_on` it does not expire."""

    expert: str
    status: Status
    employer: Literal["wco", "administration", "other"]
    accredited_on: date
    expires_on: date | None

    def in_force(self, day: date) -> bool:
        """Say whether it is in force on a day."""
        return self.accredited_on <= day and (self.expires_on is None or day < self.expires_on)

    @property
    def said(self) -> dict[str, Any]:
        """What is recorded of it."""
        said: dict[str, Any] = {
            "status": self.status,
            "employer": self.employer,
            "areas": sorted({pick(_AREAS, "area", self.expert, number) for number in range(2)}),
            "accredited_on": self.accredited_on,
        }
        return said if self.expires_on is None else said | {"expires_on": self.expires_on}


_AREAS = ("valuation", "classification", "origin", "risk-management", "integrity", "green-customs", "data-analytics")

_COHORTS = (
    (date(2022, 2, 7), date(2022, 5, 27), 16, date(2022, 9, 19)),
    (date(2022, 9, 5), date(2023, 5, 26), 14, None),
    (date(2023, 9, 4), date(2024, 5, 24), 18, None),
    (date(2024, 9, 2), date(2025, 5, 23), 13, None),
)
"""First and last day of accreditation, how many experts, and the day of recording where it is one for all."""

_PLAN_ENDS = date(2025, 6, 30)

_RENEWED, _RENEWALS_TOLD_LATE = 0.75, 0.6
"""The share of accreditations that are renewed when they expire, and of these the share told only in late summer."""


def accreditations() -> list[Accreditation]:
    """Return the experts' first accreditations."""
    return [_accreditation(cohort, number) for cohort in range(len(_COHORTS)) for number in range(_COHORTS[cohort][2])]


def _accreditation(cohort: int, number: int) -> Accreditation:
    first_on, last_on, _, _ = _COHORTS[cohort]
    expert = pseudonym("synthetic-expert", cohort, number)
    on = first_on + days(whole(0, (last_on - first_on).days, "accredited", expert))
    years = 3 if cohort == 0 else pick((2, 3), "years", expert)
    expires_on = on.replace(year=on.year + years)
    status: Status = "accredited" if fraction("status", expert) < 0.72 else "recognised"
    return Accreditation(
        expert,
        status,
        pick(("administration", "administration", "administration", "other", "wco"), "employer", expert),
        on,
        None if status == "recognised" and fraction("for ever", expert) < 0.5 else expires_on,
    )


def expert_entries() -> Iterator[Entry]:
    """Return all that is told of the experts."""
    first = accreditations()
    told_together = [cohort[3] for cohort in _COHORTS for _ in range(cohort[2])]
    external = [
        each
        for each in first
        if each.status == "accredited" and each.employer != "wco" and each.accredited_on < _COHORTS[-1][0]
    ]
    misunderstood = shuffled(external, "misunderstood")[:3]
    for accreditation, on in zip(first, told_together, strict=True):
        told = replace(accreditation, employer="wco") if accreditation in misunderstood else accreditation
        at = noted(accreditation.accredited_on + days(whole(2, 30, "told", told.expert)), told.expert)
        yield _told("accredited", told, at if on is None else noted(on, "cohort"))
        if accreditation in misunderstood:
            reason = {"reason": "Paid by the WCO, but employed by an administration"}
            at = noted(accreditation.accredited_on + days(260), told.expert)
            yield _told("accreditation-corrected", accreditation, at, reason)
    yield from _renewals(first)
    yield from _endings([each for each in external if each not in misunderstood])


def _renewals(first: list[Accreditation]) -> Iterator[Entry]:
    for before in first:
        expired_on = before.expires_on
        if expired_on is None or expired_on > _PLAN_ENDS or fraction("renewed", before.expert) >= _RENEWED:
            continue
        renewed = replace(before, accredited_on=expired_on, expires_on=expired_on.replace(year=expired_on.year + 3))
        told_on = expired_on + days(whole(1, 20, "renewal", before.expert))
        if fraction("renewal told late", before.expert) < _RENEWALS_TOLD_LATE:
            told_on = date(2025, 8, 11) + days(whole(0, 30, "renewal", before.expert))
        yield _told("accredited", renewed, noted(told_on, "renewed", before.expert))


def _endings(candidates: list[Accreditation]) -> Iterator[Entry]:
    """Yield endings of accreditations before they expire; the first of them is then put on another day."""
    for number, each in enumerate(shuffled(candidates, "ending")[:3]):
        ended_on = each.accredited_on + days(200 + 60 * number)
        reasons = ("Left the administration", "Retired", "Asked for it")
        yield _ended(each, ended_on, ended_on + days(9), reasons[number])
        if number == 0:
            yield _ended(each, ended_on + days(31), ended_on + days(25), "Stays one month more")


def _told(how: str, told: Accreditation, at: int, more: dict[str, str] | None = None) -> Entry:
    return Entry(at, f"expert.{how}", told.expert, told.said | (more or {}))


def _ended(told: Accreditation, ended_on: date, on: date, reason: str) -> Entry:
    data = {"ended_on": ended_on, "reason": reason}
    return Entry(noted(on, "ended", told.expert), "expert.accreditation-ended", told.expert, data)
