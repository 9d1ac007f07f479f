"""What a page of one thing shows beside the list that is of it: its course, and tables of what is recorded of it."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from dashboard.event import Event
from dashboard.lists import LISTS, ListOf
from dashboard.operation_figures import tables as operation_tables
from dashboard.services import Services
from dashboard.shell import Shell
from dashboard.survey_response import regions, topics
from dashboard.table import Table
from dashboard.words import EVENTS
from wco_events.event_type import type_of

_MOST = "1000"
"""Rows asked for at once, as many as services give: there are fewer Members."""
_OF_MEMBERS = {"survey.submitted", "survey.withdrawn"}
"""Events on a survey that are no part of its own course."""
_SUBJECTS = {"activity": "assistance"}
"""What the types of events call a thing, where they do not call it as its list does."""
_PARTS = {"operation": "operation.html", "survey": "survey.html"}
"""Where the tables of a thing are shown, of those that have some."""


class Things:
    """Finds out what there is to show of a thing."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def beside(
        self, which: ListOf, shell: Shell, as_of: str, item: Mapping[str, Any]
    ) -> tuple[dict[str, Any], Sequence[Table[Any]]]:
        """Return what a page of a thing shows, by name, and its tables."""
        tables, course = await asyncio.gather(self.tables(which, shell, as_of, item), self._course(which, shell, item))
        part = _PARTS.get(which.item or "")
        # The first of its kinds begins a thing, and has happened.
        said = {"item": item, "course": course, "next": _kinds(which)[1:], "part": part, "titles": _titles(shell)}
        return said, tables

    async def _course(self, which: ListOf, shell: Shell, item: Mapping[str, Any]) -> Sequence[Event]:
        """Return what happened to a thing, where the list that is of it does not say so."""
        if which.rows == "course":
            return ()
        kinds = [kind for kind in _kinds(which) if kind not in _OF_MEMBERS]
        answers = await asyncio.gather(*(self._events(which.service, kind, item["id"]) for kind in kinds))
        shown = shell.plan.as_of.positions[which.service]
        events = (event for events in answers for event in events if int(event.sequence) <= shown)
        return sorted(events, key=lambda event: event.sequence)

    async def _events(self, log: str, kind: str, subject: str) -> list[Event]:
        events: list[Event] = []
        query: dict[str, str] | None = {"type": type_of(kind), "subject": subject, "limit": _MOST}
        while query is not None:
            page = await self._services.get(log, "v1/events", query, list[Event])
            events += page.told
            query = page.query_of_following
        return events

    async def tables(self, which: ListOf, shell: Shell, as_of: str, item: Mapping[str, Any]) -> Sequence[Table[Any]]:
        """Return the tables of a thing beside the list that is of it."""
        match which.item:
            case "operation":
                return operation_tables(item)
            case "survey":
                members, regional = await asyncio.gather(
                    self._rows("surveys/{id}", {"id": item["id"]}, {"as_of": as_of}),
                    self._rows("members", {}, {"as_of": as_of, "on": _day_of_regions(shell, item)}),
                )
                listed = {each["iso3"]: each["region"] for each in regional}
                return regions(members, listed, item["invited"] is not None), topics(item)
        return ()

    async def _rows(self, address: str, named: Mapping[str, str], query: Mapping[str, str]) -> list[Mapping[str, Any]]:
        which = LISTS[address]
        asked = {**query, "limit": _MOST}
        answer = await self._services.lasting(which.service, which.at(named), asked, dict[str, Any])
        rows: list[Mapping[str, Any]] = answer.told[which.rows]
        return rows


def _kinds(which: ListOf) -> Sequence[str]:
    """Return the types of events that are of a thing, without prefix and version."""
    return [kind for kind in EVENTS if kind.partition(".")[0] == _SUBJECTS.get(which.item or "", which.item)]


def _day_of_regions(shell: Shell, survey: Mapping[str, Any]) -> str:
    """Return the day whose list of Members says the regions: that of the KPIs by region (section 4 of the contract)."""
    period = shell.plan.period_of(date.fromisoformat(survey["closes_on"]))
    ends_on = next(each.ends_on for each in shell.plan.periods if each.id == period)
    return str(min(ends_on, shell.day))


def _titles(shell: Shell) -> Mapping[str, str]:
    areas = {area.id: area.title for area in shell.plan.focus_areas}
    return areas | {each.id: each.title for each in shell.plan.objectives}
