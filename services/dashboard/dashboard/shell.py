"""What surrounds what a page shows: the plan that is spoken of, its periods, and the moment that is shown."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import msgspec

from dashboard.answers import Plan
from dashboard.pages import entity_tag, format_time
from dashboard.projector import Projector
from dashboard.services import Services
from dashboard.view import View, utc_today
from wco_common.problem import Problem

ADOPTED = "org.wcoomd.plan.adopted.v1"


class _Recorded(msgspec.Struct, frozen=True):
    recordedtime: datetime


_LAST_TICK, _BETWEEN = 92, 12
"""Percent of the whole."""


@dataclass(frozen=True)
class Tick:
    """A day on the scale of the slider, and how far along it is, in percent."""

    day: date
    x: float


@dataclass(frozen=True)
class Shell:
    """What is known before a page is made: the plan as of the moment shown, the period, and how far time reaches."""

    plan: Plan
    period: str
    pinned: str
    """The moment as the address has it or, of now, the answer's own time: for ever the same answer."""
    etag: str
    adopted: datetime
    today: date

    @property
    def named(self) -> Mapping[str, str]:
        """What the address of a file names that is to have what is shown, also once more is recorded."""
        return {"period": self.period, "as_of": self.pinned}

    @property
    def since(self) -> date:
        """The day since which there is anything to see."""
        return self.adopted.astimezone(UTC).date()

    @property
    def time(self) -> datetime:
        """The moment shown."""
        return self.plan.as_of.time

    @property
    def day(self) -> date:
        """The UTC day of the moment shown."""
        return self.time.astimezone(UTC).date()

    @property
    def yesterday(self) -> date:
        """The last day that is over."""
        return self.today - timedelta(days=1)

    @property
    def reach(self) -> int:
        """How many days there are to look at, from the plan's adoption to today."""
        return days(self.since, self.today)

    @property
    def at(self) -> int:
        """Which of them is shown."""
        return min(max(days(self.since, self.day), 0), self.reach)

    @property
    def ticks(self) -> list[Tick]:
        """The beginnings of periods among them, and their end, with room for the words beneath."""
        found: list[Tick] = []
        for period in self.plan.periods:
            tick = Tick(period.starts_on, round(100 * days(self.since, period.starts_on) / max(self.reach, 1), 2))
            if 0 <= tick.x <= _LAST_TICK and (not found or tick.x - found[-1].x >= _BETWEEN):
                found.append(tick)
        return found

    @property
    def citation(self) -> str:
        """The moment as it is cited: a time."""
        return format_time(self.time)


class Shells:
    """Finds out what surrounds a page."""

    def __init__(self, services: Services, projector: Projector, notice_timeout: float) -> None:
        self._services = services
        self._projector = projector
        self._notice_timeout = notice_timeout
        self._notice: str | None = None

    async def around(self, view: View) -> Shell:
        """Return what surrounds a page. Raises Problem, PlanNotAdopted too."""
        today = utc_today()
        answer = await self._projector.plan(view.as_of)
        plan = answer.told
        self._notice = plan.notice
        return Shell(
            plan,
            view.period or plan.period_of(plan.as_of.time.date()),
            view.as_of or format_time(plan.as_of.time),
            entity_tag(answer.etag, today, view.language.code),
            await self._adopted(),
            today,
        )

    async def notice(self) -> str | None:
        """Return what the plan says of all that is shown; what it said last where it does not answer soon."""
        with suppress(Problem, TimeoutError):
            async with asyncio.timeout(self._notice_timeout):
                self._notice = (await self._projector.plan(None)).told.notice
        return self._notice

    async def _adopted(self) -> datetime:
        """Return when the plan was adopted: before that there is nothing to see."""
        query = {"type": ADOPTED, "limit": "1"}
        (adopted,) = (await self._services.lasting("plan-registry", "v1/events", query, list[_Recorded])).told
        return adopted.recordedtime


def days(first: date, last: date) -> int:
    """Return how many days lie between two."""
    return (last - first) // timedelta(days=1)
