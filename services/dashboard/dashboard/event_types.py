"""The types of events that the services take, as they say themselves."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from dashboard.field import Fixed
from dashboard.parts import Group
from dashboard.schema import field_of
from dashboard.services import Services
from wco_common.problem import NotFound, Problem, Unavailable
from wco_events.event_type import LOG_NAMES, name_of


class EventType(msgspec.Struct, frozen=True):
    """A type of events: what a service says of it."""

    type: str
    summary: str
    schema: dict[str, Any]
    example: dict[str, Any]

    @property
    def name(self) -> str:
        """The type as it is named among the project's own: `seizure.corrected`."""
        return name_of(self.type)

    def event(self) -> Group:
        """Return the fields of a whole event of the type. Raises Unavailable."""
        field = field_of(self.schema, self.schema, example=self.example)
        if not isinstance(field, Group) or not {"id", "source", "subject", "data"} <= field.fields.keys():
            raise Unavailable(f"what is said of {self.type} is no schema of an event")
        return field

    def texts(self) -> Iterator[str]:
        """Yield what it and its form say to a person, in English."""
        yield self.summary
        attributes = dict(self.event().fields)
        data = attributes.pop("data")
        shown = [each for each in attributes.values() if not isinstance(each, Fixed)]
        for field in [*shown, *(data.fields.values() if isinstance(data, Group) else ())]:
            yield from field.texts()


class _Types(msgspec.Struct, frozen=True):
    log: str
    types: list[EventType]


class EventTypes:
    """Asks the logs for their types."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._last: dict[str, Sequence[EventType]] = {}
        """What each log said last: what somebody has typed is not lost with a log that cannot be asked now."""

    async def by_log(self) -> Mapping[str, Sequence[EventType] | Problem]:
        """Return the types of each log, or why it does not say."""
        return dict(zip(LOG_NAMES, await asyncio.gather(*(self._of(log) for log in LOG_NAMES)), strict=True))

    async def named(self, name: str) -> tuple[str, EventType]:
        """Return the log that takes a type, and the type. Raises NotFound, or what a log does not say it for."""
        for log, last in list(self._last.items()):
            if _of_name(last, name) is not None:
                now = await self._of(log)
                # A log that has been replaced may take it no more, and another may.
                if found := _of_name(last if isinstance(now, Problem) else now, name):
                    return log, found
        told = await self.by_log()
        for log, types in told.items():
            if not isinstance(types, Problem) and (found := _of_name(types, name)):
                return log, found
        for types in told.values():
            if isinstance(types, Problem):
                raise types
        raise NotFound(f"there is no type of events {name!r}")

    async def _of(self, log: str) -> Sequence[EventType] | Problem:
        try:
            types = self._last[log] = (await self._services.get(log, "v1/types", {}, _Types)).told.types
        except Problem as problem:
            return problem
        return types


def _of_name(types: Sequence[EventType], name: str) -> EventType | None:
    return next((each for each in types if each.name == name), None)
