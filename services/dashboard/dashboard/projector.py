"""The questions that pages ask of kpi-projector (section 5 of the outside contract)."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from dashboard.answers import AsOf, Changes, Entry, Evidence, History, OneKpi, Place, Plan, Scorecard
from dashboard.pages import format_time
from dashboard.services import Answer, Services

T = TypeVar("T")

PROJECTOR = "kpi-projector"

_MOST = "1000"
"""Entries asked for at once: as many as the projector gives."""
_TICK = timedelta(microseconds=1)
"""Between a moment and the next."""


class Projector:
    """Asks the projector. `as_of` is a past moment, as the contract has it; all raise Problem."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def plan(self, as_of: str | None) -> Answer[Plan]:
        """Return the plan in force, now or as of a moment."""
        if as_of is None:
            return await self._services.get(PROJECTOR, "v1/plan", {}, Plan)
        return await self._ask("v1/plan", Plan, {"as_of": as_of})

    async def plan_after(self, place: Place) -> Answer[Plan]:
        """Return the plan in force once an event is in what is answered, also if that takes some seconds."""
        return await self._services.get(PROJECTOR, "v1/plan", {"after": f"{place.log}:{place.sequence}"}, Plan)

    async def scorecards(self, periods: Sequence[str], as_of: str) -> Mapping[str, Scorecard]:
        """Return the scorecards of several periods as of one moment."""
        questions = (self._ask("v1/scorecard", Scorecard, {"period": each, "as_of": as_of}) for each in periods)
        return {answer.told.period: answer.told for answer in await asyncio.gather(*questions)}

    async def kpi(self, kpi: str, period: str, as_of: str, by: str | None = None) -> OneKpi:
        """Return one KPI, also by a dimension."""
        query = {"period": period, "as_of": as_of} | ({} if by is None else {"by": by})
        return (await self._ask(f"v1/kpis/{kpi}", OneKpi, query)).told

    async def history(self, kpi: str, period: str, until: AsOf) -> AsyncIterator[Sequence[Entry]]:
        """Yield what a KPI was, and since when, up to a moment: oldest first, as much at a time as is answered."""
        query = {"period": period, "limit": _MOST}
        cursor: str | None = None
        while True:
            named = {} if cursor is None else {"cursor": cursor}
            answer = await self._services.get(PROJECTOR, f"v1/kpis/{kpi}/history", query | named, History)
            entries = answer.told.entries
            yield [entry for entry in entries if _is_within(entry, until)]
            cursor = answer.cursor
            if cursor is None or entries[-1].time > until.time:
                return

    async def evidence(self, kpi: str, period: str, as_of: str, limit: int, cursor: str | None) -> Answer[Evidence]:
        """Return a page of the events that a KPI rests on; a cursor names the moment itself."""
        at = {"as_of": as_of} if cursor is None else {"cursor": cursor}
        return await self._ask(f"v1/kpis/{kpi}/evidence", Evidence, {"period": period, "limit": str(limit)} | at)

    async def changes(self, period: str, since: str, until: str) -> Changes:
        """Return what differs between two moments."""
        return (await self._ask("v1/changes", Changes, {"period": period, "from": since, "to": until})).told

    async def touching(self, kpi: str, period: str, since: datetime, until: datetime) -> Collection[Place]:
        """Return the events recorded from one time to another that changed a KPI's facts; none if it is the same."""
        query = {"period": period, "from": format_time(since - _TICK), "to": format_time(until)}
        changes = (await self._services.get(PROJECTOR, "v1/changes", query, Changes)).told
        return {place for change in changes.kpis if change.id == kpi for place in change.events}

    async def _ask(self, path: str, shape: type[T], query: dict[str, str]) -> Answer[T]:
        return await self._services.lasting(PROJECTOR, path, query, shape)


def _is_within(entry: Entry, until: AsOf) -> bool:
    """Say whether what a KPI was from a time on was so by what a moment has of each log, which may be less than all."""
    logs = entry.positions if entry.cause is None else {entry.cause.log: entry.cause.sequence}
    return entry.time <= until.time and all(position <= until.positions[log] for log, position in logs.items())
