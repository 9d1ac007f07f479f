"""What surrounds what a page shows: the plan that is spoken of, its periods, and the moment that is shown."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import msgspec

from dashboard.pages import entity_tag
from dashboard.projector import Plan, Projector
from dashboard.services import Services
from dashboard.view import View, is_day

ADOPTED = "org.wcoomd.plan.adopted.v1"


class _Recorded(msgspec.Struct, frozen=True):
    recordedtime: datetime


@dataclass(frozen=True)
class Shell:
    """What is known before a page is made: the plan as of the moment shown, the period, and how far time reaches."""

    plan: Plan
    period: str
    pinned: str
    """The moment as the address has it or, of now, the answer's own time: for ever the same answer."""
    etag: str
    since: date
    today: date

    @property
    def time(self) -> datetime:
        """The moment shown."""
        return self.plan.as_of.time

    @property
    def day(self) -> date:
        """The UTC day of the moment shown."""
        return self.time.astimezone(UTC).date()

    @property
    def citation(self) -> str:
        """The moment as it is cited: a time."""
        return format_time(self.time)


def format_time(moment: datetime) -> str:
    """Return a moment as the contract writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Shells:
    """Finds out what surrounds a page."""

    def __init__(self, services: Services, projector: Projector) -> None:
        self._services = services
        self._projector = projector

    async def around(self, view: View) -> Shell:
        """Return what surrounds a page. Raises Problem, PlanNotAdopted too."""
        today = datetime.now(UTC).date()
        # A day that is not over has no end to be seen from yet: it is now.
        as_of = None if view.as_of is None or view.as_of == today.isoformat() else view.as_of
        answer = await self._projector.plan(as_of)
        plan = answer.told
        return Shell(
            plan,
            view.period or plan.period_of(plan.as_of.time.date()),
            as_of or format_time(plan.as_of.time),
            entity_tag(answer.etag, today, view.language.code),
            await self._adopted_on(),
            today,
        )

    async def _adopted_on(self) -> date:
        """Return the day since which there is anything to see."""
        query = {"type": ADOPTED, "limit": "1"}
        (adopted,) = (await self._services.lasting("plan-registry", "v1/events", query, list[_Recorded])).told
        return adopted.recordedtime.astimezone(UTC).date()


def days(first: date, last: date) -> int:
    """Return how many days lie between two."""
    return (last - first) // timedelta(days=1)


__all__ = ["Shell", "Shells", "days", "format_time", "is_day"]
